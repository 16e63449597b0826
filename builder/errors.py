"""The one error that a build ends with: lines for a person, each naming the file and the key."""


class BuildError(Exception):
    """Bad input. `lines` say what is wrong, one line for each fault, without a line break."""

    def __init__(self, *lines: str) -> None:
        """Keep the lines in the order in which a person would mend them."""
        self.lines = tuple(map(_in_one_line, lines))
        super().__init__("\n".join(self.lines))


def _in_one_line(text: str) -> str:
    """A text in which what came from a file can break no line and steer no terminal."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )
