"""Consent banners from npm, each wired as its own documentation says: see docs/banners.md."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.site import Site
from tests.support.tag import Tag
from tests.tools.install import install

GRANT, DENY = "azalead('optin')", "azalead('optout')"


def stub_of(tag: Tag) -> str:
    """The code of the snippet's script."""
    found = re.search(r"<script>(.*)</script>", tag.snippet)
    assert found
    return found[1]


def insert(code: str) -> str:
    """JavaScript that puts a script with this code into the page."""
    text = json.dumps(code).replace("<", "\\u003c")
    return (
        f"const script = document.createElement('script'); script.text = {text};"
        "document.head.append(script);"
    )


def _klaro(code: str, snippet: str) -> str:
    held = (
        '<script type="text/plain" data-type="application/javascript" data-name="azalead">'
        f"{code}</script>"
        if code
        else ""
    )
    told = f"callback: (consent) => consent ? {GRANT} : {DENY}," if snippet else ""
    return f"""{snippet}<script>
      var klaroConfig = {{ mustConsent: false, acceptAll: true, lang: "en",
        translations: {{ en: {{ privacyPolicyUrl: "/left",
          purposes: {{ analytics: "Analytics" }} }} }},
        services: [{{ name: "azalead", title: "Azalead", purposes: ["analytics"],
          cookies: ["azalead_id"], {told} }}] }};
      </script><script defer src="/banner.js"></script>{held}"""


def _orejime(code: str, snippet: str) -> str:
    held = f'<template data-purpose="azalead"><script>{code}</script></template>' if code else ""
    told = (
        f"""<script>addEventListener("load", () => {{
          const {{ manager }} = orejime;
          const tell = () => manager.getConsent("azalead") ? {GRANT} : {DENY};
          if (!manager.isDirty()) tell();
          manager.on("update", () => setTimeout(tell));
        }})</script>"""
        if snippet
        else ""
    )
    return f"""{snippet}<script>
      window.orejimeConfig = {{ privacyPolicyUrl: "/left",
        purposes: [{{ id: "azalead", title: "Azalead", cookies: ["azalead_id"] }}] }};
      </script>{held}<script defer src="/banner.js"></script>{told}"""


def _vanilla(code: str, snippet: str) -> str:
    held = f'<script type="text/plain" data-category="analytics">{code}</script>' if code else ""
    tell = f"() => CookieConsent.acceptedCategory('analytics') ? {GRANT} : {DENY}"
    told = f"onConsent: {tell}, onChange: {tell}," if snippet else ""
    return f"""{snippet}{held}<script src="/banner.js"></script><script>
      addEventListener("DOMContentLoaded", () => CookieConsent.run({{ hideFromBots: false, {told}
        categories: {{ necessary: {{ enabled: true, readOnly: true }},
          analytics: {{ autoClear: {{ cookies: [{{ name: "azalead_id" }}] }} }} }},
        language: {{ default: "en", translations: {{ en: {{
          consentModal: {{ title: "Cookies", acceptAllBtn: "Accept",
            acceptNecessaryBtn: "Reject" }},
          preferencesModal: {{ sections: [] }} }} }} }} }}));
      </script>"""


def _osano(code: str, snippet: str) -> str:
    accept = GRANT if snippet else f"(() => {{ {insert(code)} }})()"
    deny = DENY if snippet else f"window.azalead && {DENY}"
    return f"""{snippet}<script src="/banner.js"></script><script>
      addEventListener("DOMContentLoaded", () => {{
        const tell = (status) => status === "allow" ? {accept} : status === "deny" && ({deny});
        cookieconsent.initialise({{ type: "opt-in", palette: {{ popup: {{ background: "#000" }} }},
          onInitialise: tell, onStatusChange: tell }}, (popup) => {{ window.popup = popup; }});
      }});
      </script>"""


def _tarteaucitron(code: str, snippet: str) -> str:
    accept = GRANT if snippet else insert(code)
    deny = DENY if snippet else f"if (window.azalead) {DENY}"
    return f"""{snippet}<script src="/banner.js"></script><script>
      var tarteaucitronForceLanguage = "en", tarteaucitronCustomText = {{}};
      tarteaucitron.init({{ privacyUrl: "", orientation: "bottom", useExternalCss: true,
        useExternalJs: false, highPrivacy: true, hashtag: "#tac", cookieName: "tac" }});
      tarteaucitron.services.azalead = {{ key: "azalead", type: "analytic", name: "Azalead",
        uri: "/left", needConsent: true, cookies: ["azalead_id"],
        js() {{ {accept} }}, fallback() {{ {deny} }} }};
      (tarteaucitron.job = tarteaucitron.job || []).push("azalead");
      </script>"""


@dataclass(frozen=True)
class Banner:
    """A banner, and how a visitor's choice is made in it."""

    script: str
    """Its script, within node_modules."""
    head: Callable[[str, str], str]
    """HTML for the held-back code, or for the snippet that is always there; the other is empty."""
    ready: str
    accept: str
    deny: str
    more: tuple[str, ...] = ()
    """Scripts that belong to it."""


BANNERS = {
    "klaro": Banner(
        "klaro/dist/klaro.js",
        _klaro,
        "window.klaro && !!klaro.getManager()",
        "(() => { const m = klaro.getManager(); m.changeAll(true); m.saveAndApplyConsents(); })()",
        "(() => { const m = klaro.getManager(); m.changeAll(false); m.saveAndApplyConsents(); })()",
    ),
    "orejime": Banner(
        "orejime/dist/orejime-standard-en.js",
        _orejime,
        "!!(window.orejime && orejime.manager)",
        "orejime.manager.acceptAll()",
        "orejime.manager.declineAll()",
    ),
    "vanilla-cookieconsent": Banner(
        "vanilla-cookieconsent/dist/cookieconsent.umd.js",
        _vanilla,
        "!!(window.CookieConsent && document.querySelector('#cc-main'))",
        "CookieConsent.acceptCategory('all')",
        "CookieConsent.acceptCategory([])",
    ),
    "osano": Banner(
        "cookieconsent/build/cookieconsent.min.js",
        _osano,
        "!!window.popup",
        "popup.setStatus('allow')",
        "popup.setStatus('deny')",
    ),
    "tarteaucitron": Banner(
        "tarteaucitronjs/tarteaucitron.js",
        _tarteaucitron,
        "!!document.querySelector('#tarteaucitronRoot #azaleadLine')",
        "tarteaucitron.userInterface.respond(document.getElementById('azaleadAllowed'), true)",
        "tarteaucitron.userInterface.respond(document.getElementById('azaleadDenied'), false)",
        ("tarteaucitronjs/lang/tarteaucitron.en.js", "tarteaucitronjs/tarteaucitron.services.js"),
    ),
}


def serve(site: Site, tag: Tag, name: str, *, is_held_back: bool, titles: str) -> None:
    """Serve pages with a banner: one at `/a` for a title "A", and so on."""
    banner = BANNERS[name]
    modules = install()
    script = "\n;".join(
        (modules / file).read_text(encoding="utf-8") for file in (banner.script, *banner.more)
    )
    site.server.serve(site.host, "/banner.js", script, "text/javascript")
    head = banner.head(stub_of(tag), "") if is_held_back else banner.head("", tag.snippet)
    for title in titles:
        site.page(f"/{title.lower()}", title=title, tag=tag, snippet=head)
