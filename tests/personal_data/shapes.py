"""Secrets of any shape, length and alphabet, anywhere in an address or a text; always the same."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from tests.personal_data.random_tokens import BASE32, BASE62, BASE64URL, DIGITS, HEX, LOWER, UPPER

CONSONANTS = "bcdfghjkmnpqrstvwxyz"
ALPHABETS = {
    "lower case": LOWER,
    "capitals": UPPER,
    "both cases": LOWER + UPPER,
    "lower case and digits": LOWER + DIGITS,
    "capitals and digits": UPPER + DIGITS,
    "letters and digits": BASE62,
    "hex": HEX,
    "base32": BASE32,
    "base58": "".join(sign for sign in BASE62 if sign not in "0OIl"),
    "base64url": BASE64URL,
    "unmistakable": CONSONANTS + DIGITS[2:],
}
PLACES = (
    "/a/{}",
    "/orders/{}/lines",
    "/docs/{}.pdf",
    "/app/view;id={}",
    "/p?utm_content={}",
    "/p?utm_term=summer-{}",
    "/list/{}?utm_source=mail",
    "/de/konto/{}",
    "Request {} received",
    "Vorgang {} | Portal",
    "[{}] Home",
    "id: {}",
    "{}",
    "https://portal.example/x/{}",
)
WORDS = (
    *("reset", "password-reset", "verify", "verify-email", "invite", "invitation", "invite/accept"),
    *("token", "code", "activation-code", "confirm", "confirmation", "session", "apikey", "otp"),
    *("kod", "codigo", "verificar", "conferma", "confirmer", "invitar", "resetuj", "pin", "sid"),
    *("verifica", "sessione", "passwort", "auth", "magic-link", "unsubscribe", "key", "passcode"),
)
AFTER_WORD = (
    "/{word}/{}",
    "/{word}/{}/next",
    "/account/{word}-{}",
    "/p?utm_content={word}={}",
    "/p?utm_content={word}%3D{}",
    "/p/{word}:{}",
    "{word}={}",
    "{title}: {}",
    "Your {word} is {}",
    "{title} {} | Example",
)
SHORT = {
    "lower case": LOWER,
    "digits": DIGITS,
    "lower case and digits": LOWER + DIGITS,
    "capitals": UPPER,
    "capitals and digits": UPPER + DIGITS,
}
NUMBER_PLACES = (
    "/pay/{}",
    "/pay/{}/done",
    "/p?utm_x={}",
    "Paid with {}",
    "No. {}, thank you",
    "({})",
    "{}",
)
CARDS = {  # how they begin, and how their digits are grouped
    "13": ("4", ((4, 3, 3, 3), (4, 4, 5))),  # without groups an article's number (EAN-13)
    "14": ("36 38 300 305", ((14,), (4, 6, 4), (4, 4, 4, 2))),
    "15": ("34 37", ((15,), (4, 6, 5), (4, 4, 4, 3), (3, 4, 4, 4), (5, 5, 5))),
    "16": ("4 51 55 22 27 35 60 65", ((16,), (4, 4, 4, 4), (8, 8), (6, 10), (4, 6, 6), (4, 12))),
    "18": ("62 50", ((18,), (6, 6, 6), (4, 4, 4, 6))),
    "19": ("62 63 4", ((19,), (6, 13), (4, 4, 4, 4, 3))),
}
IBANS = {  # letters are the bank's, N digits, X either
    "DE": "N" * 18, "AT": "N" * 16, "NL": "LLLL" + "N" * 10, "GB": "LLLL" + "N" * 14,
    "FR": "N" * 20 + "LNN", "ES": "N" * 20, "IT": "L" + "N" * 22, "BE": "N" * 12,
    "NO": "N" * 11, "CH": "N" * 17, "IE": "LLLL" + "N" * 14, "PL": "N" * 24,
    "MT": "LLLL" + "N" * 5 + "X" * 18,
}  # fmt: skip
TELEPHONES = (
    "+NN NNN NNNNNNN", "+NNNNNNNNNNNN", "+NN (N)NN NNNNNNN", "+NN-NNN-NNN-NNNN",
    "00NN NNN NNNNNNN", "+N (NNN) NNN-NNNN", "+NN.NN.NN.NN.NN.NN", "+NN/NNN/NNNNNNN",
    "+NN NNN/NNNNNN", "00NNNNNNNNNNNN", "tel:+NN-NN-NNN-NNNN", "tel:NNNNNNNNNN",
    "+NNN N NNN NN NN", "+NN NN-NNN NN NN", "00NN/NN/NNNNNNN", "+NN NNNN NNNN",
    "+NNN NNN NNN NNN",
)  # fmt: skip

LOCALS = (
    "jo",
    "maria.lopez",
    "t_hall",
    "k-berg",
    "anna99",
    "x.y.z",
    "m.o+tag",
    "Petra.Kurz",
    "svensson",
)
DOMAINS = (
    "mehl.test",
    "web.test",
    "firma-nord.test",
    "uni.ac.at",
    "sub.hst.test",
    "gmx.net",
)
SIGNS = (
    "@", "\uff20", "\ufe6b", "(at)", "[at]", "{at}", " (at) ", " [at] ", " at ", "=40",
    "&#64;", "&#x40;", "&#0064;", "&commat;", "%u0040", "\\u0040", "\\x40", " @ ", "@ ", " @",
    "<at>", "(AT)", "|at|", "*at*", "&amp;#64;", "(@)", "[@]",
)  # fmt: skip
DOTS = (".", ".", " (dot) ", "[dot]", " dot ")


@dataclass(frozen=True)
class Placed:
    """A secret, and a text that has it in it."""

    secret: str
    text: str


Shapes = dict[str, list[Placed]]
UNSEEN = 20261130
"""Of the strings of the published figures; others served to tune the patterns."""


def tokens(count: int, seed: int = UNSEEN) -> Shapes:
    """By shape, so many tokens of 8 to 40 signs without any word that says so."""
    random = Random(seed)  # noqa: S311 - the same on every run
    return {
        name: [_put(random, PLACES, token) for token in _some(make, random, count)]
        for name, make in _TOKENS.items()
    }


def short(count: int, seed: int = UNSEEN) -> Shapes:
    """By alphabet, so many of 6 to 8 signs after a word that says so."""
    random = Random(seed)  # noqa: S311 - the same on every run
    found = {}
    for name, alphabet in SHORT.items():
        values = ["".join(random.choices(alphabet, k=random.randint(6, 8))) for _ in range(count)]
        found[name] = [_put(random, AFTER_WORD, value) for value in values]
    return found


def numbers(count: int, seed: int = UNSEEN) -> Shapes:
    """By kind, so many cards, accounts and telephones in every grouping."""
    random = Random(seed)  # noqa: S311 - the same on every run
    return {
        name: [_put(random, NUMBER_PLACES, number) for number in _some(make, random, count)]
        for name, make in {"payment card": _card, "IBAN": _iban, "telephone": _telephone}.items()
    }


def disguised(count: int, seed: int = UNSEEN) -> Shapes:
    """By what stands for the "@", so many e-mail addresses."""
    random = Random(seed)  # noqa: S311 - the same on every run
    return {sign: [_disguised(sign, random) for _ in range(count)] for sign in SIGNS}


def _disguised(sign: str, random: Random) -> Placed:
    dot = random.choice(DOTS) if "at" in sign.lower() else "."
    address = random.choice(LOCALS) + sign + random.choice(DOMAINS).replace(".", dot)
    place, written = random.choice(PLACES), address
    for _ in range(random.randint(1, 2) if place.startswith(("/", "https:")) else 0):
        written = quote(written, safe="")
    return Placed(address, place.format(written))


def _some(make: Callable[[Random], str], random: Random, count: int) -> Iterator[str]:
    return (make(random) for _ in range(count))


def _put(random: Random, places: tuple[str, ...], secret: str) -> Placed:
    place, word = random.choice(places), random.choice(WORDS)
    is_address = place.startswith(("/", "https:"))
    written = secret
    if is_address:
        times = random.choice([0, 1, 1, 1, 2]) if not secret.isalnum() else 0
        for _ in range(times):
            written = quote(written, safe="")
        if not times:
            written = secret.replace(" ", "%20").replace("?", "%3F")
    title = word.replace("-", " ").replace("/", " ").capitalize()
    return Placed(secret, place.format(written, word=word, title=title))


def _of(alphabet: str, shortest: int, longest: int) -> Callable[[Random], str]:
    return lambda random: "".join(random.choices(alphabet, k=random.randint(shortest, longest)))


def _groups(alphabet: str, separators: str) -> Callable[[Random], str]:
    def make(random: Random) -> str:
        size = random.randint(4, 8)
        groups = [
            "".join(random.choices(alphabet, k=size))
            for _ in range(random.randint(3 if size < 6 else 2, 5))
        ]
        return random.choice(separators).join(groups)

    return make


def _base64(random: Random) -> str:
    length = random.choice([16, 20, 24, 32, 40])
    text = "".join(random.choices(BASE62 + "+/", k=length))
    place = random.randint(2, length - 3)
    return text[:place] + "/" + text[place + 1 :]


_TOKENS: dict[str, Callable[[Random], str]] = {
    "lower case, 12 to 40": _of(LOWER, 12, 40),
    "capitals, 12 to 40": _of(UPPER, 12, 40),
    "both cases, 10": _of(LOWER + UPPER, 10, 10),
    "both cases, 11 to 40": _of(LOWER + UPPER, 11, 40),
    "lower case and digits, 8 to 9": _of(LOWER + DIGITS, 8, 9),
    "lower case and digits, 10": _of(LOWER + DIGITS, 10, 10),
    "lower case and digits, 11 to 40": _of(LOWER + DIGITS, 11, 40),
    "capitals and digits, 10 to 40": _of(UPPER + DIGITS, 10, 40),
    "letters and digits, 8 to 9": _of(BASE62, 8, 9),
    "letters and digits, 10": _of(BASE62, 10, 10),
    "letters and digits, 11 to 40": _of(BASE62, 11, 40),
    "hex, 12 to 40": _of(HEX, 12, 40),
    "base32, 12 to 40": _of(BASE32, 12, 40),
    "base64url, 10 to 40": _of(BASE64URL, 10, 40),
    "base64 with a slash": _base64,
    "digits, 14": lambda random: random.choice("13456789") + _of(DIGITS, 13, 13)(random),
    "digits, 15 to 40": lambda random: random.choice("13456789") + _of(DIGITS, 14, 39)(random),
    "unmistakable, 10 to 24": _of(ALPHABETS["unmistakable"], 10, 24),
    **{
        f"groups of {name}": _groups(ALPHABETS[name], "-._~:")
        for name in ("lower case and digits", "capitals and digits", "letters and digits", "base32")
    },
    "groups of hex": _groups(HEX, "-._:"),
    "groups of lower case": _groups(LOWER, "-._"),
    "groups of capitals": _groups(UPPER, "-."),
}


def _card(random: Random) -> str:
    starts, groupings = CARDS[random.choice(list(CARDS))]
    sizes = random.choice(groupings)
    digits = random.choice(starts.split())
    digits += "".join(random.choices(DIGITS, k=sum(sizes) - len(digits) - 1))
    digits += _check_digit(digits)
    return _grouped(digits, sizes, random.choice(" -.") if len(sizes) > 1 else "")


def _check_digit(digits: str) -> str:
    doubled = [
        int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(digits[::-1])
    ]
    return str(-sum(digit - 9 * (digit > 9) for digit in doubled) % 10)


def _iban(random: Random) -> str:
    country = random.choice(list(IBANS))
    account = _filled(IBANS[country], random)
    moved = "".join(str(int(sign, 36)) for sign in f"{account}{country}00")
    text = f"{country}{98 - int(moved) % 97:02}{account}"
    return _grouped(text, (4,) * (len(text) // 4 + 1), random.choice(["", " ", "-", ""]))


def _telephone(random: Random) -> str:
    number = _filled(random.choice(TELEPHONES), random)
    return number if number.startswith("00") else number.replace("+0", "+4")


def _filled(form: str, random: Random) -> str:
    of = {"N": "123456789", "L": UPPER, "X": UPPER + DIGITS}
    return "".join(random.choice(of[sign]) if sign in of else sign for sign in form)


def _grouped(text: str, sizes: tuple[int, ...], separator: str) -> str:
    groups, start = [], 0
    for size in sizes:
        groups.append(text[start : start + size])
        start += size
    return separator.join(filter(None, groups))
