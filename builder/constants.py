"""The configuration as constants: what `CONFIG.measure.routes` stands for in the sources.

The bundler puts each in the place of its name, so code that hangs on a constant that is false
is dropped from the bundle.
"""

import re

from builder.configuration import Configuration

Constants = dict[str, object]
"""Values that JSON can tell."""
PROTOCOL_VERSION = 1


def constants(configuration: Configuration) -> Constants:
    """Every constant by its dotted name, without the leading `CONFIG.`."""
    tag, measure, privacy = configuration.tag, configuration.measure, configuration.privacy
    adchoices = configuration.adchoices
    return {
        "version": PROTOCOL_VERSION,
        "debug": tag.debug,
        "brand": tag.brand,
        "site": tag.site,
        "collector": tag.collector,
        "assets": tag.assets,
        "script": f"{tag.assets}/{tag.file_name}.js",
        "integrity": "",
        "visitor.cookie_days": configuration.visitor.cookie_days,
        "visitor.set_by": configuration.visitor.set_by,
        "visitor.same_site": "lax",
        "measure.routes": measure.routes,
        "measure.hash_routes": measure.hash_routes,
        "measure.clicks": measure.clicks,
        "measure.scroll": measure.scroll,
        "measure.keep_params": pattern(measure.keep_params),
        "measure.campaign": parameter_pattern(measure.campaign if measure.keep_params else []),
        "measure.views": measure.views,
        "sync": [partner.model_dump() for partner in configuration.sync] or False,
        "privacy.dnt": privacy.dnt,
        "privacy.gpc": privacy.gpc,
        "privacy.consent": bool(privacy.consent),
        "privacy.consent_tcf": "tcf" in privacy.consent,
        "privacy.consent_gpp": "gpp" in privacy.consent,
        "privacy.consent_usp": "usp" in privacy.consent,
        "privacy.vendor": privacy.vendor,
        "adchoices.signal": adchoices is not None and adchoices.signal,
        "adchoices.participant": adchoices.participant if adchoices else 0,
    }


def pattern(names: list[str]) -> str:
    """The source of one JavaScript regular expression for names in which * stands for anything.

    `["utm_*", "ref"]` gives `^(?:utm_|ref$)`; no names give "", which is false in JavaScript.
    """
    alternatives = [_escaped(name).replace("*", ".*") + "$" for name in names]
    either = "|".join(each.removesuffix(".*$") for each in alternatives)
    return f"^(?:{either})" if len(names) > 1 else f"^{either}" if names else ""


def parameter_pattern(names: list[str]) -> str:
    """The same for whole parameters, each a name with "=" and a value, and for nothing else.

    `["utm_*", "ref"]` gives `^(?:utm_[^=/]*|ref)(?:=|$)`.
    """
    alternatives = "|".join(_escaped(name).replace("*", "[^=/]*") for name in names)
    return f"^(?:{alternatives})(?:=|$)" if names else ""


def _escaped(name: str) -> str:
    return re.sub(r"[.$\[\]]", r"\\\g<0>", name)
