"""A file of dist/ with all that is known of its bytes: sizes, hashed twin, integrity."""

import base64
import hashlib
import zlib
from dataclasses import dataclass
from functools import cached_property, lru_cache

import brotli  # type: ignore[import-untyped] # it brings no types

_HASH_LENGTH = 10
_GZIP_WINDOW = 31  # 32 KiB, with a gzip header that holds neither a name nor a time
_SCRIPT_ENDINGS = (".js", ".mjs")
_SMALLEST = 11
_ON_THE_FLY = 5  # what servers compress with when they have no .br beside the file


@dataclass(frozen=True)
class Sizes:
    """Bytes as they are and as they travel."""

    raw: int
    gzip: int
    brotli: int


@dataclass(frozen=True)
class File:
    """A file by its name in dist/. Scripts are also there under a hashed name and compressed."""

    name: str
    content: bytes

    @property
    def is_script(self) -> bool:
        """Whether a page loads it, so that it has a twin and compressed forms."""
        return self.name.endswith(_SCRIPT_ENDINGS)

    @cached_property
    def hashed_name(self) -> str | None:
        """The name under which these very bytes can be cached for ever, or None."""
        if not self.is_script:
            return None
        stem, _, ending = self.name.rpartition(".")
        return f"{stem}.{hashlib.sha256(self.content).hexdigest()[:_HASH_LENGTH]}.{ending}"

    @cached_property
    def integrity(self) -> str:
        """The value of an `integrity` attribute: `sha384-` and the base64 digest."""
        return integrity("sha384", self.content)

    @cached_property
    def gzipped(self) -> bytes:
        """The content as `Content-Encoding: gzip`, at its smallest."""
        return _gzip(self.content)

    @cached_property
    def brotlied(self) -> bytes:
        """The content as `Content-Encoding: br`: at its smallest where it is written to dist/."""
        return _brotli(self.content, _SMALLEST if self.is_script else _ON_THE_FLY)

    @cached_property
    def sizes(self) -> Sizes:
        """How many bytes it takes, plain and compressed."""
        return Sizes(len(self.content), len(self.gzipped), len(self.brotlied))

    def published(self) -> dict[str, bytes]:
        """Every file to write for it, by name: itself, its twin, and both compressed."""
        names = [self.name, self.hashed_name] if self.hashed_name else [self.name]
        written = dict.fromkeys(names, self.content)
        if self.is_script:
            written |= {f"{name}.gz": self.gzipped for name in names}
            written |= {f"{name}.br": self.brotlied for name in names}
        return written


@lru_cache  # a watch does not compress again what a save has left as it was
def _gzip(content: bytes) -> bytes:
    compressor = zlib.compressobj(9, wbits=_GZIP_WINDOW)
    return compressor.compress(content) + compressor.flush()


@lru_cache
def _brotli(content: bytes, quality: int) -> bytes:
    compressed: bytes = brotli.compress(content, mode=brotli.MODE_TEXT, quality=quality)
    return compressed


def integrity(algorithm: str, content: bytes) -> str:
    """A digest as Subresource Integrity and Content Security Policy write it."""
    digest = hashlib.new(algorithm, content).digest()
    return f"{algorithm}-{base64.b64encode(digest).decode()}"
