"""What proves the tag, its build and its fixture server."""
