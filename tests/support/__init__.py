"""The machinery behind the suite's fixtures."""
