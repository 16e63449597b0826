"""The leave matrix: what arrives of a visit, however it ends, in every engine."""
