"""How large a file may be as it travels. Every budget of the tag stands here."""

from dataclasses import dataclass
from typing import Literal

from builder.files import File


@dataclass(frozen=True)
class Budget:
    """A limit in bytes for one encoding of a file."""

    encoding: Literal["gzip", "brotli"]
    limit: int

    def keeps(self, file: File) -> bool:
        """Whether the file, so encoded, is within the limit."""
        return self.used_by(file) <= self.limit

    def used_by(self, file: File) -> int:
        """Bytes of the file in this budget's encoding."""
        return file.sizes.gzip if self.encoding == "gzip" else file.sizes.brotli


SITE = Budget("brotli", 3000)  # less than the smallest tag that people use today, with engaged time
STUB = Budget("gzip", 600)  # it stands in every page of the client, before anything is cached
