"""Random tokens of every well-known form, the same on every run, wherever a site may have them."""

import base64
import json
import string
import uuid
from collections.abc import Callable, Iterator
from random import Random
from urllib.parse import quote

LOWER, UPPER, DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
HEX = "0123456789abcdef"
BASE32, BASE62 = UPPER + "234567", LOWER + UPPER + DIGITS
BASE64URL = BASE62 + "-_"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

Maker = Callable[[Random], str]


def of(alphabet: str, length: int, before: str = "") -> Maker:
    """Makes tokens of some length of an alphabet, with a prefix."""
    return lambda random: before + "".join(random.choices(alphabet, k=length))


def joined(separator: str, *makers: Maker) -> Maker:
    """Makes tokens in groups."""
    return lambda random: separator.join(maker(random) for maker in makers)


def _uuid(version: int) -> Maker:
    return lambda random: str(uuid.UUID(int=random.getrandbits(128), version=version))


def _jwt(random: Random) -> str:
    claims = json.dumps({"sub": of(DIGITS, 10)(random), "name": of(LOWER, 8)(random)}).encode()
    payload = base64.urlsafe_b64encode(claims).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{payload}.{of(BASE64URL, 43)(random)}"


WELL_KNOWN: dict[str, Maker] = {
    "UUID, random": _uuid(4),
    "UUID, of a time": _uuid(1),
    "UUID in braces": lambda random: f"{{{_uuid(4)(random)}}}",
    "UUID without dashes": of(HEX, 32),
    "ULID": of(CROCKFORD, 24, "01"),
    "hex, 16": of(HEX, 16),
    "hex, 24 (ObjectId)": of(HEX, 23, "6"),
    "hex, 32 (MD5)": of(HEX, 32),
    "hex, 40 (SHA-1)": of(HEX, 40),
    "hex, 64, capitals (SHA-256)": of(HEX.upper(), 64),
    "hex, 128 (SHA-512)": of(HEX, 128),
    "base32, 16": of(BASE32, 16),
    "base32, 26": of(BASE32, 26),
    "base32, 32": of(BASE32, 32),
    "base64url, 22": of(BASE64URL, 22),
    "base64url, 43": of(BASE64URL, 43),
    "base64, padded": lambda random: base64.b64encode(of(BASE62, 22)(random).encode()).decode(),
    "JWT": _jwt,
    "nanoid": of(BASE64URL, 21),
    "KSUID": of(BASE62, 26, "2"),
    "cuid": of(LOWER + DIGITS, 24, "c"),
    "snowflake": of(DIGITS, 17, "1"),
    "a key of Stripe's": of(BASE62, 24, "sk_live_"),
    "a session of Stripe's": of(BASE62, 58, "cs_test_"),
    "a key of AWS": of(BASE32, 16, "AKIA"),
    "a token of GitHub's": of(BASE62, 36, "ghp_"),
}
"""Of 1,000 of each, one at most may leave."""

OTHER_SHAPES: dict[str, Maker] = {
    "letters, one case, 20": of(LOWER, 20),
    "letters, 16": of(LOWER + UPPER, 16),
    "capitals, 20": of(UPPER, 20),
    "base36, 12": of(LOWER + DIGITS, 12),
    "base62, 12": of(BASE62, 12),
    "digits, 16": of(DIGITS, 15, "9"),
    "groups with dashes": joined("-", *[of(UPPER + DIGITS, 5)] * 4),
    "groups of four": joined("-", *[of(UPPER + DIGITS, 4)] * 4),
    "groups with dots": joined(".", *[of(HEX, 8)] * 3),
    "groups with tildes": joined("~", *[of(BASE62, 8)] * 2),
    "groups with colons": joined(":", *[of(BASE62, 10)] * 2),
}
"""Of each, nine in ten at least are to be caught."""

AFTER_WORD: dict[str, Maker] = {
    "base62, 8": of(BASE62, 8),
    "base36, 8": of(LOWER + DIGITS, 8),
    "capitals and digits, 8": of(UPPER + DIGITS, 8),
    "digits, 6": of("3456789", 6),
    "letters of both cases, 10": of(LOWER + UPPER, 10),
}
"""The same, after a word that says so."""

WORDS = ["reset", "verify", "invite", "token", "session", "magic", "confirm", "unsubscribe"]
WORDS += ["download", "share", "key", "code"]

Place = Callable[[str], str]
PLACES: tuple[Place, ...] = (
    lambda token: f"/x/{quote(token)}",
    lambda token: f"/x/{quote(token)}/y",
    lambda token: f"/x?utm_content={quote(token)}",
    lambda token: f"/x?utm_content={quote(quote(token, safe=''), safe='')}",
    lambda token: f"/x#/route/{quote(token)}",
    lambda token: f"/x;id={quote(token)}",
    lambda token: f"/files/{quote(token)}.pdf",
    lambda token: f"/files/report_{quote(token)}_v2.pdf",
    lambda token: f"Ticket {token} is open",
    lambda token: f"({token})",
    lambda token: f"urn:x:{token}",
    lambda token: token,
)
AFTER_PLACES: tuple[Callable[[str, str], str], ...] = (
    lambda word, token: f"/{word}/{token}",
    lambda word, token: f"/{word}/{token}/next",
    lambda word, token: f"/{word}-email/{token}",
    lambda word, token: f"/x?utm_content={word}-{token}",
    lambda word, token: f"/x?utm_content={word}%3D{token}",
    lambda word, token: f"Your {word}: {token}",
)


def placed(maker: Maker, count: int) -> Iterator[tuple[str, str]]:
    """Tokens, and each somewhere in an address or a text."""
    random = Random(20261130)  # noqa: S311 - the same on every run
    for _ in range(count):
        token = maker(random)
        yield token, random.choice(PLACES)(token)


def placed_after_words(maker: Maker, count: int) -> Iterator[tuple[str, str]]:
    """Tokens, and each after a word somewhere in an address or a text."""
    random = Random(20261130)  # noqa: S311 - the same on every run
    for _ in range(count):
        token = maker(random)
        yield token, random.choice(AFTER_PLACES)(random.choice(WORDS), token)
