"""Other people's software that stands beside the tag: pinned, installed on demand."""
