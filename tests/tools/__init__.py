"""Other people's software that stands beside the tag: installed on demand, pinned, only for tests."""
