"""Consent banners from npm, each wired as its own documentation says: see docs/banners.md."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.support.site import Site
from tests.support.tag import Tag
from tests.tools.install import install

TELL = """<script>
  function tell(accepted) {
    if (window.azalead) azalead(accepted ? "optin" : "optout");
  }
</script>"""
"""What each banner calls when its visitor has chosen. Held back, nobody may be there to hear it."""


@dataclass(frozen=True)
class Wiring:
    """What a banner's HTML is made of."""

    code: str
    """The snippet's code, where the banner holds it back; else nothing."""
    cookie: str
    """JavaScript for the name by which the banner clears our cookie."""
    domain: str
    """Where our cookies are."""
    is_telling: bool = True
    """Whether the banner's callbacks tell the tag what was chosen."""

    def when_held(self, html: str) -> str:
        """`html` where the banner holds the snippet back, else nothing."""
        return html if self.code else ""

    def told(self, code: str) -> str:
        """`code` that tells the tag, or nothing."""
        return code if self.is_telling else ""


def stub_of(tag: Tag) -> str:
    """The code of the snippet's script."""
    found = re.search(r"<script>(.*)</script>", tag.snippet)
    assert found
    return found[1]


def insert(code: str) -> str:
    """JavaScript that puts a script with this code into the page, if there is any."""
    text = json.dumps(code).replace("<", "\\u003c")
    return (
        "{ const script = document.createElement('script');"
        f" script.text = {text}; document.head.append(script); }}"
    )


def _klaro(wiring: Wiring) -> str:
    held = wiring.when_held(
        '<script type="text/plain" data-type="application/javascript" data-name="azalead">'
        f"{wiring.code}</script>"
    )
    # Klaro calls this with each page as well: a refusal may be said again, a consent not.
    refused = wiring.told("callback: (accepted) => { if (!accepted) tell(false); },")
    # It says so before it runs what it has held back.
    chosen = wiring.told(
        """<script>addEventListener("DOMContentLoaded", () => klaro.getManager().watch({
          update: (manager, name) => {
            if (name === "saveConsents") setTimeout(() => tell(manager.getConsent("azalead")));
          } }));</script>"""
    )
    return f"""<script>
      var klaroConfig = {{ mustConsent: false, acceptAll: true, lang: "en",
        translations: {{ en: {{ privacyPolicyUrl: "/left",
          purposes: {{ analytics: "Analytics" }} }} }},
        services: [{{ name: "azalead", title: "Azalead", purposes: ["analytics"], {refused}
          cookies: [[{wiring.cookie}, "/", "{wiring.domain}"]] }}] }};
      </script><script defer src="/banner/klaro.js"></script>{held}{chosen}"""


def _orejime(wiring: Wiring) -> str:
    held = wiring.when_held(
        f'<template data-purpose="azalead"><script>{wiring.code}</script></template>'
    )
    # It says so before it runs what it has held back.
    told = wiring.told(
        """<script>addEventListener("DOMContentLoaded", () => {
          const { manager } = orejime;
          manager.on("update", () => setTimeout(() => tell(manager.getConsent("azalead"))));
          manager.on("clear", () => tell(false));
        })</script>"""
    )
    return f"""<script>
      window.orejimeConfig = {{ privacyPolicyUrl: "/left", purposes: [{{ id: "azalead",
        title: "Azalead", cookies: [[{wiring.cookie}, "/", "{wiring.domain}"]] }}] }};
      </script>{held}<script defer src="/banner/orejime-standard-en.js"></script>{told}"""


def _vanilla(wiring: Wiring) -> str:
    held = wiring.when_held(
        f'<script type="text/plain" data-category="analytics">{wiring.code}</script>'
    )
    told = wiring.told(
        """onFirstConsent: () => tell(CookieConsent.acceptedCategory("analytics")),
           onChange: () => tell(CookieConsent.acceptedCategory("analytics")),"""
    )
    return f"""{held}<script src="/banner/cookieconsent.umd.js"></script><script>
      addEventListener("DOMContentLoaded", () => CookieConsent.run({{
        hideFromBots: false, // which drivers' browsers say they are
        {told}
        categories: {{ necessary: {{ enabled: true, readOnly: true }}, analytics: {{ autoClear: {{
          cookies: [{{ name: {wiring.cookie}, domain: "{wiring.domain}" }}] }} }} }},
        language: {{ default: "en", translations: {{ en: {{
          consentModal: {{ title: "Cookies", acceptAllBtn: "Accept",
            acceptNecessaryBtn: "Reject" }},
          preferencesModal: {{ sections: [] }} }} }} }} }}));
      </script>"""


def _osano(wiring: Wiring) -> str:
    run = wiring.when_held(f'if (status === "allow") {insert(wiring.code)}')
    told = wiring.told('tell(status === "allow");')
    revoked = wiring.told("onRevokeChoice: () => tell(false),")
    return f"""<script src="/banner/cookieconsent.min.js"></script><script>
      addEventListener("DOMContentLoaded", () => cookieconsent.initialise({{
        type: "opt-in", palette: {{ popup: {{ background: "#000" }} }},
        onInitialise: (status) => {{ {run} }},
        onStatusChange: (status) => {{ {run} {told} }}, {revoked}
      }}, (popup) => {{ window.popup = popup; }}));
      </script>"""


def _tarteaucitron(wiring: Wiring) -> str:
    run = wiring.when_held(insert(wiring.code))
    told = wiring.told(
        """document.addEventListener("azalead_allowed", () => tell(true));
           document.addEventListener("azalead_disallowed", () => tell(false));"""
    )
    return f"""<script src="/banner/tarteaucitron.js"></script><script>
      var tarteaucitronForceLanguage = "en";
      tarteaucitron.init({{ privacyUrl: "", orientation: "bottom", highPrivacy: true,
        hashtag: "#tarteaucitron", cookieName: "tarteaucitron" }});
      tarteaucitron.services.azalead = {{ key: "azalead", type: "analytic", name: "Azalead",
        uri: "/left", needConsent: true, cookies: [{wiring.cookie}],
        js() {{ {run} }}, fallback() {{}} }};
      (tarteaucitron.job = tarteaucitron.job || []).push("azalead"); {told}
      </script>"""


@dataclass(frozen=True)
class Banner:
    """A banner, and how a visitor's choice is made in it."""

    folder: str
    """Where its files are, within node_modules."""
    head: Callable[[Wiring], str]
    accepted: str
    """A regular expression for the page's cookies when its visitor has accepted."""
    ready: str
    accept: str
    deny: str
    reset: str
    """Has the banner ask as if it had never asked; tarteaucitron has no way but its cookie."""


BANNERS = {
    "klaro": Banner(
        "klaro/dist",
        _klaro,
        "klaro=[^;]*azalead%22%3Atrue",
        "window.klaro && !!klaro.getManager()",
        "const m = klaro.getManager(); m.changeAll(true); m.saveAndApplyConsents();",
        "const m = klaro.getManager(); m.changeAll(false); m.saveAndApplyConsents();",
        "klaro.getManager().resetConsents()",
    ),
    "orejime": Banner(
        "orejime/dist",
        _orejime,
        "eu-consent=[^;]*azalead%22:true",
        "!!(window.orejime && orejime.manager)",
        "orejime.manager.acceptAll()",
        "orejime.manager.declineAll()",
        "orejime.manager.clearConsents()",
    ),
    "vanilla-cookieconsent": Banner(
        "vanilla-cookieconsent/dist",
        _vanilla,
        "cc_cookie=[^;]*analytics[^;]*revision",
        "CookieConsent.validConsent() || !!document.querySelector('#cc-main')",
        "CookieConsent.acceptCategory('all')",
        "CookieConsent.acceptCategory([])",
        "CookieConsent.reset(true)",
    ),
    "osano": Banner(
        "cookieconsent/build",
        _osano,
        "cookieconsent_status=allow",
        "!!window.popup",
        "popup.setStatus('allow')",
        "popup.setStatus('deny')",
        "popup.revokeChoice()",
    ),
    "tarteaucitron": Banner(
        "tarteaucitronjs",
        _tarteaucitron,
        "tarteaucitron=[^;]*!azalead=true",
        "!!document.querySelector('#azaleadAllowed')",
        "tarteaucitron.userInterface.respond(document.getElementById('azaleadAllowed'), true)",
        "tarteaucitron.userInterface.respond(document.getElementById('azaleadDenied'), false)",
        "document.cookie = 'tarteaucitron=;path=/;max-age=0'",
    ),
}


def serve(  # noqa: PLR0913 - a page with a banner has that many parts
    site: Site,
    tag: Tag,
    name: str,
    *,
    is_held_back: bool,
    titles: str,
    cookie: str = '"azalead_id"',
    is_telling: bool = True,
) -> None:
    """Serve pages with a banner: one at `/a` for a title "A", and so on."""
    banner = BANNERS[name]
    site.server.serve_folder(site.host, "/banner", install() / Path(banner.folder))
    wiring = Wiring(
        code=stub_of(tag) if is_held_back else "",
        cookie=cookie,
        domain=site.domain,
        is_telling=is_telling,
    )
    first = (
        f"{tag.snippet}<script>if (!/{banner.accepted}/.test(document.cookie)) azalead('optout')"
        "</script>"
    )
    head = ("" if is_held_back else first) + TELL + banner.head(wiring)
    for title in titles:
        site.page(f"/{title.lower()}", title=title, tag=tag, snippet=head)
