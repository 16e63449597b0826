"""Collectors for the tests of `conformance`: the reference, and some that are broken."""
