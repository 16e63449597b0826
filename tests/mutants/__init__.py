"""Tags that are broken on purpose, and the tests that must notice: the suite's own test."""
