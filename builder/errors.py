"""The one error that a build ends with: lines for a person, each naming the file and the key."""


class BuildError(Exception):
    """Bad input. `lines` say what is wrong, one line for each fault, without a line break."""

    def __init__(self, *lines: str) -> None:
        """Keep the lines in the order in which a person would mend them."""
        super().__init__("\n".join(lines))
        self.lines = lines
