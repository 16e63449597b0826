"""How large a file may be as it travels. Every budget of the tag stands here."""

import json
from dataclasses import dataclass
from typing import Literal

from builder.configuration import AdChoices, Configuration, Language
from builder.constants import secret_words
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


SITE_LIMIT = 6200  # as tag.toml has it
AD_LIMIT = 6300  # the icon, the panel that it opens, and their words in one language
LANGUAGE = 180  # each further language of the icon and its panel
STUB_LIMIT = 1075  # it stands in every page of the client, before anything is cached
# Features that tag.toml leaves off.
HASH_ROUTES, RESPECT, SYNC, DEBUG, ADCHOICES_SIGNAL = 45, 20, 230, 25, 245
STUB_RESPECT = 30
REDACT = 190  # without the paths themselves
CONSENT = 580  # what the consent APIs share
EACH_CONSENT = {"tcf": 230, "gpp": 680, "usp": 60}

# Names and addresses as tag.toml has them. More characters are the client's own; and of as many
# others some compress worse, by up to 14 bytes in 60 tags.
WORDS = (
    "azalead",
    "demo",
    "https://collector.localhost:8443",
    "https://cdn.localhost:8443",
    "utm_*",
    "utm_*",
)
OTHER_WORDS = 20


def site_budget(configuration: Configuration) -> Budget:
    """What the tag of a configuration may weigh."""
    measure, privacy = configuration.measure, configuration.privacy
    features = HASH_ROUTES * measure.hash_routes + RESPECT * (privacy.dnt == "respect")
    features += DEBUG * configuration.tag.debug
    if privacy.redact:
        features += REDACT + len("".join(privacy.redact))
    if configuration.adchoices:
        features += _further_words(configuration.adchoices.languages)
    if privacy.consent:
        features += CONSENT + sum(EACH_CONSENT[api] for api in set(privacy.consent))
    if configuration.sync:
        partners = json.dumps([partner.model_dump() for partner in configuration.sync])
        features += SYNC + len(partners) // 2
    if configuration.adchoices and configuration.adchoices.signal:
        features += ADCHOICES_SIGNAL
    return Budget("brotli", SITE_LIMIT + features + _own_words(configuration))


def stub_budget(configuration: Configuration) -> Budget:
    """What the stub of a configuration may weigh."""
    features = STUB_RESPECT * (configuration.privacy.dnt == "respect")
    return Budget("gzip", STUB_LIMIT + features + _own_words(configuration))


def ad_budget(configuration: Configuration, adchoices: AdChoices, icon: object) -> Budget:
    """What the tag beside an ad may weigh; the client's own artwork comes on top."""
    further = LANGUAGE * (len(adchoices.languages) - 1)
    artwork = len(json.dumps(icon)) if adchoices.icon else 0
    address = max(0, len(adchoices.choices) - len("".join(WORDS)))
    return Budget("brotli", AD_LIMIT + further + artwork + address + _own_words(configuration))


def _further_words(languages: list[Language]) -> int:
    """What the words before a secret weigh that are not English; other scripts are escaped."""
    asked, english = (len(json.dumps(secret_words(each))) for each in (languages, []))
    return (asked - english) // 2


def _own_words(configuration: Configuration) -> int:
    tag, measure = configuration.tag, configuration.measure
    names = (*measure.keep_params, *measure.campaign)
    words = (tag.brand, tag.site, tag.collector, tag.assets, *names)
    further = len("".join(words)) - len("".join(WORDS))
    return 0 if words == WORDS else OTHER_WORDS + max(0, further)
