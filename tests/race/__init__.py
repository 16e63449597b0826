"""The race: what each tag costs a page, and what it delivers of a visit, on the same pages."""
