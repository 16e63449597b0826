"""Examples of what stands on the other side of the tag."""
