"""Software from npm that pages with ads use, pinned, and installed by the tests that need it."""
