"""The visitor itself: a test that uses one can rely on this, in every engine."""

import pytest

from fixtures.server import FixtureServer
from tests.browsers.discovery import Engine
from tests.browsers.leaving import back, leave
from tests.browsers.visitor import CannotDoError, Problem, Visitor, VisitorTimeoutError
from tests.support.site import Site

BUTTON = """<button onclick="window.seen = event.isTrusted">Press</button><input>
<script>
  window.moves = window.turns = window.keys = 0;
  addEventListener("pointermove", (event) => { window.moves += event.isTrusted; });
  addEventListener("wheel", (event) => { window.turns += event.isTrusted; });
  addEventListener("keydown", (event) => { window.keys += event.isTrusted; });
  addEventListener("pageshow", (event) => { window.persisted = event.persisted; });
</script>"""


def test_a_click_is_a_real_click(visitor: Visitor, site: Site) -> None:
    """The page sees a trusted event."""
    visitor.open(site.page("/", body=BUTTON))
    visitor.click("button")
    assert visitor.evaluate("window.seen") is True


def test_keys_pointer_and_wheel_are_real(visitor: Visitor, site: Site) -> None:
    """The page sees trusted events of all kinds of input."""
    visitor.open(site.page("/", body=BUTTON))
    visitor.type("input", "hello")
    visitor.press("Tab")
    visitor.press("PageDown")
    visitor.move()
    visitor.wheel(120)
    visitor.wait_until("window.moves > 0 && window.turns > 0")
    assert visitor.evaluate("document.querySelector('input').value") == "hello"
    assert visitor.evaluate("window.keys") == len("hello") + 2


def test_evaluate_takes_expressions_functions_and_promises(visitor: Visitor, site: Site) -> None:
    """All give JSON, in every engine the same."""
    visitor.open(site.page("/", title="Here"))
    assert visitor.evaluate("document.title") == "Here"
    assert visitor.evaluate("(left, right) => left + right", 40, 2) == 42
    assert visitor.evaluate("() => Promise.resolve({ list: [null, 1.5] })") == {"list": [None, 1.5]}


def test_the_page_s_policy_does_not_stop_the_visitor(visitor: Visitor, site: Site) -> None:
    """A strict page can be asked as any other."""
    policy = "default-src 'none'; script-src 'nonce-a'; require-trusted-types-for 'script'"
    headers = {"Content-Security-Policy": policy}
    visitor.open(site.page("/", title="Strict", headers=headers, nonce="a"))
    visitor.wait_until("document.readyState === 'complete'")
    assert visitor.evaluate("document.title") == "Strict"


def test_waiting_in_vain_says_for_what(visitor: Visitor, site: Site) -> None:
    """A condition that never comes true is an error that names it."""
    visitor.open(site.page("/"))
    with pytest.raises(VisitorTimeoutError, match=r"window\.never"):
        visitor.wait_until("window.never", timeout=0.2)


def test_a_new_visitor_has_no_cookies(visitor: Visitor, site: Site) -> None:
    """A cookie lives with its visitor only, and is told with all that it has."""
    url = site.page("/", headers={"Set-Cookie": "a=1; HttpOnly; Secure; SameSite=Lax; Path=/"})
    visitor.open(site.page("/bare"))
    assert visitor.cookies(url) == []
    visitor.open(url)
    cookie = visitor.cookies(url)[0]
    assert (cookie.name, cookie.value, cookie.domain) == ("a", "1", site.host)
    assert (cookie.http_only, cookie.secure, cookie.same_site) == (True, True, "Lax")
    assert cookie.expires is None


def test_cookies_can_be_given_and_deleted(visitor: Visitor, site: Site) -> None:
    """What a visitor is given goes out with the next request, and no more once deleted."""
    url = site.page("/")
    visitor.open(url)
    visitor.add_cookie(url, "a", "1")
    visitor.reload()
    visitor.clear_cookies()
    visitor.reload()
    entries = site.server.ledger.select(host=site.host, path="/")
    assert [entry.headers.get("Cookie") for entry in entries] == [None, "a=1", None]


def test_a_restart_keeps_cookies_but_not_those_of_the_session(visitor: Visitor, site: Site) -> None:
    """The visitor comes back another day."""
    if not visitor.keeps_cookies_over_restart:
        with pytest.raises(CannotDoError):
            visitor.restart()
        return
    url = site.page("/", headers={"Set-Cookie": "today=1; Secure"})
    visitor.open(url)
    visitor.evaluate("() => { document.cookie = 'later=1; Max-Age=600; Secure' }")
    visitor.restart()
    visitor.open(url)
    entries = site.server.ledger.select(host=site.host, path="/")
    assert [entry.headers.get("Cookie") for entry in entries] == [None, "later=1"]


def test_problems_are_told_once(visitor: Visitor, site: Site) -> None:
    """Errors, rejections and what the console was told, over several pages."""
    visitor.open(site.page("/", body="<script>console.warn('careful', 1)</script>"))
    visitor.open(site.page("/b", body="<script>null.x</script><script>Promise.reject(7)</script>"))
    visitor.wait_until("window.__problems.length === 2")
    warning, *others = visitor.problems()
    assert warning == Problem("console.warn", "careful 1")
    assert {problem.kind for problem in others} == {"error", "rejection"}
    assert visitor.problems() == []


def test_a_violation_of_the_page_s_policy_is_a_problem(visitor: Visitor, site: Site) -> None:
    """As when the tag would load something that the page forbids."""
    headers = {"Content-Security-Policy": "script-src 'nonce-a'; img-src data:"}
    visitor.open(site.page("/", headers=headers, nonce="a", body="<img src=/forbidden.png>"))
    visitor.wait_until("window.__problems.length > 0")
    assert [problem.kind for problem in visitor.problems()] == ["policy"]


@pytest.mark.parametrize("way", ["same_site_link", "cross_site_link", "reload"])
def test_leaving_waits_for_the_next_page(visitor: Visitor, site: Site, way: str) -> None:
    """By link and by reload, with what the page sends on leaving."""
    visitor.open(site.page("/", title="First", body=SENDS_ON_LEAVING.format(site.origin)))
    leave(visitor, way)  # type: ignore[arg-type] # the parameters are such ways
    titles = {"same_site_link": "Another page", "cross_site_link": "Another site"}
    assert visitor.evaluate("document.title") == titles.get(way, "First")
    site.server.ledger.wait(lambda entry: (entry.host, entry.path) == (site.host, "/gone"))


def test_the_way_back_leads_into_the_back_forward_cache(visitor: Visitor, site: Site) -> None:
    """Every engine really keeps the page, as it does for people."""
    visitor.open(site.page("/", title="First", body=BUTTON))
    leave(visitor, "same_site_link")
    back(visitor)
    visitor.wait_until("window.persisted")
    assert visitor.evaluate("document.title") == "First"


def test_a_closed_tab_sends_what_it_has_to_send(visitor: Visitor, site: Site) -> None:
    """And the visitor can go on afterwards.

    One in eight pages of WebKitGTK loses it, for its process ends before anybody has read it, but
    not if the page waits for an answer then, as who looks into storage does.
    """
    look = "<script>addEventListener('pagehide', () => localStorage.length)</script>"
    visitor.open(site.page("/", body=SENDS_ON_LEAVING.format(site.origin) + look))
    leave(visitor, "close")
    site.server.ledger.wait(lambda entry: (entry.host, entry.path) == (site.host, "/gone"))
    visitor.open(site.page("/again", title="Again"))
    assert visitor.evaluate("document.title") == "Again"


def test_the_visitor_can_quit_and_come_back(visitor: Visitor, site: Site) -> None:
    """Quitting closes everything."""
    url = site.page("/", title="First")
    visitor.open(url)
    leave(visitor, "quit")
    if visitor.keeps_cookies_over_restart:
        visitor.restart()
    visitor.open(url)
    assert visitor.evaluate("document.title") == "First"


def test_hiding_is_real_or_refused(visitor: Visitor, site: Site) -> None:
    """Where there is no real way, the visitor says so."""
    visitor.open(site.page("/", body=BUTTON))
    if not visitor.can_hide:
        with pytest.raises(CannotDoError):
            visitor.hide()
        return
    visitor.hide()
    assert visitor.evaluate("document.visibilityState") == "hidden"
    visitor.show()
    assert visitor.evaluate("document.visibilityState") == "visible"


MODE_SIGNALS = [
    ("default", {"chromium": None, "firefox": "unspecified", "webkit": None}),
    ("dnt", {"chromium": "1", "firefox": "1"}),
]


@pytest.mark.parametrize(("mode", "told"), MODE_SIGNALS)
def test_do_not_track_is_what_the_mode_says(
    visitor: Visitor, site: Site, browser_name: Engine, told: dict[Engine, str | None], mode: str
) -> None:
    """Told to the page by the browser itself."""
    assert mode
    visitor.open(site.page("/"))
    assert visitor.evaluate("navigator.doNotTrack") == told[browser_name]


@pytest.mark.mode("gpc")
def test_global_privacy_control_is_told_to_the_page(visitor: Visitor, site: Site) -> None:
    """By the browser itself, and on the wire."""
    visitor.open(site.page("/"))
    assert visitor.evaluate("navigator.globalPrivacyControl") is True


@pytest.mark.mode("cookies_refused")
def test_refused_cookies_are_refused(visitor: Visitor, site: Site) -> None:
    """To scripts as to servers."""
    url = site.page("/", headers={"Set-Cookie": "a=1"})
    visitor.open(url)
    assert visitor.evaluate("() => { document.cookie = 'b=1'; return document.cookie }") == ""
    visitor.reload()
    assert site.server.ledger.select(host=site.host, path="/")[-1].headers.get("Cookie") is None


@pytest.mark.parametrize("mode", ["third_party_allowed", "third_party_blocked", "scripts_off"])
def test_every_other_mode_holds_or_is_skipped(
    visitor: Visitor, site: Site, server: FixtureServer, mode: str
) -> None:
    """Having come so far means that the probe has seen it on the wire."""
    assert mode
    visitor.open(site.page("/"))
    assert server.ledger.select(host=site.host, path="/")


SENDS_ON_LEAVING = "<script>onpagehide = () => navigator.sendBeacon('{}/gone')</script>"
