"""Clickjacking: in a frame nobody is opted back in, whatever the page around it does."""

from pathlib import Path

import pytest

from fixtures.server import FixtureServer
from tests.browsers.visitor import Visitor
from tests.support.choices import (
    IN,
    NUMBERS,
    OUT,
    asked,
    opt_in,
    ours,
    plant_opt_out,
    wait_for_state,
)
from tests.support.tag import Tag

FRAMING = """<!doctype html><title>Around</title><link rel="icon" href="data:,">
<iframe src="{page}" style="width: 40rem; height: 40rem"></iframe>"""
IN_FRAME = """document.querySelector("iframe").contentDocument"""
IS_OUT = f"""{IN_FRAME}.querySelector(".choice h2").textContent === {OUT!r}"""
PRESS = f"""() => {{
  const form = {IN_FRAME}.querySelector("[action=optin]");
  form.hidden = false;
  form.querySelector("button").click();
  form.requestSubmit();
}}"""
FRAME_LATER = """(page) => {
  const frame = document.createElement("iframe");
  frame.src = page;
  document.body.append(frame);
}"""
FORM = """<!doctype html><title>Elsewhere</title><link rel="icon" href="data:,">
<form method="post" action="{url}" target="{target}"><button id="press">Press</button></form>
<iframe name="within" src="about:blank"></iframe>"""


@pytest.fixture
def bare(server: FixtureServer, tag: Tag) -> str:
    """A host that serves the page with no header of its own, and answers no form."""
    host = f"bare-choices-{next(NUMBERS)}.localhost"
    for path in Path(tag.folder).glob("choices*"):
        kind = {".html": "text/html", ".js": "text/javascript"}.get(path.suffix, "text/plain")
        server.serve(host, f"/{path.name}", path.read_bytes(), f"{kind}; charset=utf-8")
    return host


@pytest.mark.claim("C18")
def test_in_a_frame_the_page_opts_nobody_back_in(
    visitor: Visitor, server: FixtureServer, bare: str
) -> None:
    """Even where its host sends no headers; the twin is the page by itself."""
    plant_opt_out(visitor, server, bare)
    page = server.url(bare, "/choices.html")
    visitor.open(server.serve(bare, "/around", FRAMING.format(page=page)))
    visitor.wait_until(IS_OUT)
    assert visitor.evaluate(f"{IN_FRAME}.querySelector('[action=optin]').offsetHeight") == 0
    assert visitor.evaluate(f"{IN_FRAME}.querySelector('[data-framed]').offsetHeight") > 0
    mark = server.ledger.mark()
    visitor.evaluate(PRESS)
    visitor.reload()
    visitor.wait_until(IS_OUT)
    assert ours(visitor, page)["azalead_optout"].value == "1"
    assert not server.ledger.select(path="/optin", since=mark)
    visitor.open(page)
    wait_for_state(visitor, OUT)
    assert visitor.evaluate("document.querySelector('[data-framed]').offsetHeight") == 0
    opt_in(visitor)
    assert ours(visitor, page) == {}


def test_in_a_frame_the_page_still_opts_out(
    visitor: Visitor, server: FixtureServer, bare: str
) -> None:
    page = server.url(bare, "/choices.html")
    visitor.open(server.serve(bare, "/around", FRAMING.format(page=page)))
    visitor.wait_until(f"{IN_FRAME}.querySelector('.choice h2').textContent === {IN!r}")
    visitor.evaluate(f"() => {IN_FRAME}.querySelector('[action=optout] button').click()")
    visitor.wait_until(IS_OUT)
    assert ours(visitor, page)["azalead_optout"].value == "1"


@pytest.mark.parametrize("name", ["", "choices.html", "kept", "choices.html?lang=en"])
def test_the_choices_origin_lets_nobody_frame_any_name_of_the_page(
    visitor: Visitor, server: FixtureServer, tag: Tag, name: str
) -> None:
    """Not even itself: what the page loads, its script, is never asked for in a frame."""
    page = f"{tag.choices_url}{name}"
    mark = server.ledger.mark()
    path = f"/around-{next(NUMBERS)}"
    # Firefox's driver takes a frame that is refused for a page that is.
    visitor.open(server.serve("choices", path, "<!doctype html><title>Around</title>"))
    visitor.evaluate(FRAME_LATER, page)
    server.ledger.wait(lambda entry: entry.path.startswith("/tags") and entry.status, since=mark)
    server.ledger.quiet()
    loads = server.ledger.select(role="choices", since=mark)
    assert not [entry for entry in loads if entry.path.endswith(".js")]
    visitor.open(page)
    wait_for_state(visitor, IN)
    loads = server.ledger.select(role="choices", since=mark)
    assert [entry for entry in loads if entry.path.endswith(".js")], "the twin"


@pytest.mark.claim("C18")
@pytest.mark.mode("third_party_allowed")
@pytest.mark.parametrize("target", ["_self", "within"])
@pytest.mark.parametrize("host", ["publisher-forms", "ads"])
def test_a_form_of_another_origin_opts_nobody_back_in(
    visitor: Visitor, server: FixtureServer, tag: Tag, host: str, target: str
) -> None:
    """Be it of the same site; the twin is the opt-out, which anybody may ask for."""
    plant_opt_out(visitor, server, "choices.localhost")
    for choice, status in (("optin", 403), ("optout", 303)):
        form = FORM.format(url=f"{tag.choices_url}{choice}", target=target)
        visitor.open(server.serve(host, f"/form-{next(NUMBERS)}", form))
        mark = server.ledger.mark()
        visitor.click("#press")
        server.ledger.wait(lambda entry: entry.method == "POST" and entry.status, since=mark)
        (done,) = asked(server, mark, choice)
        assert done.status == status
    server.ledger.wait(lambda entry: entry.path.endswith("/kept") and entry.status, since=mark)
    visitor.wait_until("document.readyState === 'complete'")
    visitor.open(tag.choices_url)
    wait_for_state(visitor, OUT)


@pytest.mark.claim("C15")
def test_no_request_of_the_page_tells_more_than_the_origin(
    visitor: Visitor, server: FixtureServer, tag: Tag
) -> None:
    mark = server.ledger.mark()
    visitor.open(f"{tag.choices_url}?lang=en&token=s3cret-4711")
    wait_for_state(visitor, IN)
    visitor.click("[action=optout] button")
    wait_for_state(visitor, OUT)
    opt_in(visitor)
    entries = [
        entry
        for entry in server.ledger.select(role="choices", since=mark)
        if "token" not in entry.target
    ]
    assert {entry.path.rpartition("/")[2] for entry in entries} >= {"optout", "optin", "status"}
    referrers = {entry.headers.get("Referer") for entry in entries}
    assert referrers <= {None, f"{server.site('choices')}/"}


@pytest.mark.claim("C15")
@pytest.mark.mode("scripts_off")
def test_no_form_or_link_of_the_page_tells_more_than_the_origin_without_scripts(
    visitor: Visitor, server: FixtureServer, tag: Tag
) -> None:
    for tabs in (1, 2, 3):
        mark = server.ledger.mark()
        visitor.open(f"{tag.choices_url}?token=s3cret-4711")
        for _ in range(tabs):
            visitor.press("Tab")
        visitor.press("Enter")
        server.ledger.wait(lambda entry: entry.path.endswith("/kept") and entry.status, since=mark)
        entries = server.ledger.select(role="choices", since=mark)[1:]
        referrers = {entry.headers.get("Referer") for entry in entries}
        assert referrers <= {None, f"{server.site('choices')}/"}


STRANGE = [
    "<img src=x onerror=alert(1)>",
    "de\r\nX: y",
    "constructor",
    "..",
    "en#opted-out",
    "é" * 99,
]


@pytest.mark.parametrize("language", STRANGE)
def test_a_language_that_is_none_changes_nothing(visitor: Visitor, tag: Tag, language: str) -> None:
    visitor.open(tag.choices_url)
    wait_for_state(visitor, IN)
    search = visitor.evaluate("(text) => `?lang=${encodeURIComponent(text)}`", language)
    visitor.open(f"{tag.choices_url}{search}")
    wait_for_state(visitor, IN)
    assert visitor.evaluate("document.documentElement.lang") == "en"
    assert not visitor.problems()


@pytest.mark.parametrize("place", ["#opted-out", "#refused", "?lang=en#opted-out"])
def test_with_scripts_no_address_claims_what_is_not_so(
    visitor: Visitor, tag: Tag, place: str
) -> None:
    visitor.open(f"{tag.choices_url}choices.html{place}")
    wait_for_state(visitor, IN)
    assert OUT not in visitor.evaluate("document.body.innerText")
