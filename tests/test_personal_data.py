"""Nothing that tells who somebody is leaves a page: no e-mail address, no token, nothing typed."""

import json
from itertools import zip_longest
from typing import Any

import pytest

from fixtures.exchange import Exchange
from tests.browsers.leaving import follow
from tests.browsers.visitor import Visitor
from tests.personal_data.corpus import Entry, entries
from tests.personal_data.generated import decoded, hidden_addresses
from tests.personal_data.recall import SECRET, caught, is_left, ordinary, personal
from tests.personal_data.scrubbing import Scrubbing, configured
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder

ADDRESS = "ann.smith+news@example.com"
TOKEN = "3q2-7wEjRWeJq83vASNFZw"  # noqa: S105 - nobody's
UUID = "550e8400-e29b-41d4-a716-446655440000"

VIEWS = "views => views.forEach((view) => azalead('view', view))"
EVENTS = "events => events.forEach((event) => azalead('event', ...event))"

FORM = """<form id="form" action="/sent">
  <input id="typed" name="email" autocomplete="email">
  <input id="filled" name="name" value="filled-in-0001" autocomplete="name">
  <input type="hidden" name="csrf" value="hidden-in-0002">
  <input id="password" type="password" name="password">
  <input type="checkbox" name="agreed" value="checked-in-0003" checked>
  <select name="choice"><option value="chosen-in-0004" selected>chosen-in-0005</option></select>
  <textarea id="area" name="area">written-in-0006</textarea>
  <div id="editable" contenteditable>edited-in-0007</div>
  <button id="button" type="button" name="button" value="pressed-in-0008">Go on</button>
</form>"""
TYPED = {"#typed": "typed-in-0009", "#password": "typed-in-0010", "#area": "typed-in-0011"}
IN_FORM = [f"in-{number:04}" for number in range(1, 12)]

GO_ON = """<script>
  setTimeout(() => { location.href = "/left" }, 300);
</script>"""


def full(site: Site, address: str) -> str:
    """An address of the corpus, which may be one of the site."""
    return site.url(address) if address.startswith("/") else address


def sent_to_anybody(site: Site, since: int) -> str:
    """All that any origin got from a page since a mark: lines of requests, headers, bodies."""

    def line(exchange: Exchange) -> str:
        body = exchange.body.decode(errors="replace")
        return f"{exchange.method} {exchange.target} {dict(exchange.headers)} {body}"

    return "\n".join(line(exchange) for exchange in site.server.ledger.select(since=since))


@pytest.mark.claim("C15")
def test_of_every_address_and_title_of_the_corpus_only_the_harmless_part_arrives(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    addresses, titles = entries("addresses"), entries("titles")
    assert len(addresses) + len(titles) >= 200
    visitor.open(site.page("/here", title="Here", tag=tag))
    arrivals.view(title="Here")
    pairs = list(zip_longest(addresses, titles, fillvalue=Entry("/none", "/none")))
    visitor.evaluate(VIEWS, [{"url": url.given, "title": title.given} for url, title in pairs])
    wrong = []
    for url, title in pairs:
        page = arrivals.view().page
        told, expected = (page["url"], page["title"]), (full(site, url.expected), title.expected)
        if told != expected:
            wrong.append(f"{url.given!r}, {title.given!r}: {told}, not {expected}")
    assert not wrong, "\n".join(wrong)
    assert not visitor.problems()


@pytest.mark.claim("C15")
def test_addresses_that_hypothesis_found_leave_from_nowhere(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    hidden = hidden_addresses()
    visitor.open(site.page("/here", title="Here", tag=tag))
    arrivals.view(title="Here")
    views = [
        {"url": f"/user/{each.encoded}?utm_source={each.encoded}", "title": f"Mail {each.text} x"}
        for each in hidden
    ]
    events = [
        [f"Mail {each.text}", {f"k {each.text}": [each.text, each.encoded]}] for each in hidden
    ]
    visitor.evaluate(VIEWS, views)
    visitor.evaluate(EVENTS, events)
    for each in hidden:
        page = arrivals.view().page
        assert_hidden(each.address, page)
        assert page["title"].startswith("Mail ")
        assert "redacted" in page["title"]
    for each in hidden:
        event = arrivals.expect("event").event
        assert_hidden(each.address, [event["name"], event["properties"]])
        assert event["name"].startswith("Mail ")
        assert "redacted" in event["name"]
    assert not visitor.problems()


def assert_hidden(address: str, told: object) -> None:
    """Check that neither an address nor its domain nor any "@" is in what was told."""
    text = decoded(json.dumps(told, ensure_ascii=False))
    assert "@" not in text, text
    assert address.rpartition("@")[2].casefold() not in text, text


@pytest.mark.claim("C08")
@pytest.mark.claim("C15")
def test_routes_that_differ_in_what_is_taken_out_are_pages_of_their_own(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder, tag: Tag
) -> None:
    hashed = build_tag({"measure.hash_routes": True})
    for base, used in (("/app/", tag), ("/hash#/", hashed)):
        page = site.page(base.partition("#")[0], title="Here", tag=used)
        visitor.open(page)
        arrivals.view(title="Here", url=page)
        for part in (ADDRESS, f"x{ADDRESS}", TOKEN, UUID):
            visitor.evaluate("path => { history.pushState({}, '', path) }", f"{base}{part}?token=x")
            view = arrivals.view(url=site.url(f"{base}redacted"))
            assert view.event["navigation"] == "route"
    assert not visitor.problems()


@pytest.mark.claim("C15")
def test_an_opened_page_its_referrer_and_its_links_tell_no_address_and_no_token(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    start = site.server.ledger.mark()
    links = f"""
      <a id="next" href="/{UUID}/x;sid={TOKEN}?email={ADDRESS}">Next</a>
      <a id="out" href="https://elsewhere.example/{TOKEN}/{ADDRESS}?utm_term={ADDRESS}">Out</a>
      <a id="file" download href="/files/{ADDRESS}/ann%40example.com.pdf">File</a>
      <a id="mail" href="mailto:{ADDRESS}">Mail</a>
      <script>document.getElementById("mail").onclick = (event) => event.preventDefault();
        for (const id of ["out", "file"])
          document.getElementById(id).addEventListener("click", (event) => event.preventDefault());
      </script>"""
    site.page(f"/{UUID}/x;sid={TOKEN}", title=f"Reset {TOKEN} of {ADDRESS}", tag=tag)
    url = site.page(f"/reset/{TOKEN}", title=f"Hello {ADDRESS}", tag=tag, body=links)
    visitor.open(url + f"?utm_source={ADDRESS}&email={ADDRESS}#{ADDRESS}")
    first = arrivals.view(title="Hello redacted")
    assert first.page["url"] == site.url("/reset/redacted?utm_source=redacted")
    for selector in ("#mail", "#out", "#file"):
        visitor.click(selector)
    told = [arrivals.expect("click").event["href"] for _ in range(2)]
    assert told == [
        "https://elsewhere.example/redacted/redacted?utm_term=redacted",
        site.url("/files/redacted/redacted"),
    ]
    follow(visitor, "#next")
    second = arrivals.view(title="Reset redacted of redacted")
    assert second.page["url"] == site.url("/redacted/x;sid=redacted")
    assert second.page["referrer"] == site.url("/reset/redacted?utm_source=redacted")
    bodies = b"".join(exchange.body for exchange in arrivals.exchanges()).decode()
    assert ADDRESS not in bodies
    assert TOKEN not in bodies
    assert ADDRESS in sent_to_anybody(site, start), "the site itself was asked for it"
    assert not visitor.problems()


@pytest.mark.claim("C15")
def test_an_event_s_name_keys_and_values_are_searched_and_the_rest_is_left_as_it_was(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=tag))
    arrivals.view(title="A")
    given = {
        ADDRESS: {"deep": [[f'"{ADDRESS}"', f"a\\b\n{ADDRESS}\n", f'\\"{TOKEN}"\\']]},
        "numbers": [4006381333931, 1e21, -0.5],
        "kept": [
            "",
            "\\",
            '"',
            '\\"',
            "日本語の長い文章はそのままにしておく",
            "a@",
            "\u2028",
            "</script>",
        ],
        "__proto__": "plain",
        f'"{TOKEN}': True,
    }
    visitor.evaluate(
        "given => azalead('event', ...JSON.parse(given))", json.dumps([f"Mail to {ADDRESS}", given])
    )
    event = arrivals.expect("event").event
    expected: dict[str, Any] = {
        "redacted": {"deep": [["redacted", "a\\b\nredacted\n", '\\"redacted"\\']]},
        "numbers": [4006381333931, 1e21, -0.5],
        "kept": given["kept"],
        "__proto__": "plain",
        '"redacted': True,
    }
    assert event["name"] == "Mail to redacted"
    assert event["properties"] == expected
    assert not visitor.problems()


@pytest.mark.claim("C15")
def test_nothing_from_a_form_leaves_but_what_the_page_itself_hands_over(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    site.page("/next", title="Next", tag=tag)
    url = site.page("/form", title="Form", tag=tag, body=FORM)
    start = site.server.ledger.mark()
    visitor.open(url)
    arrivals.view(title="Form")
    for selector, text in TYPED.items():
        visitor.type(selector, text)
    visitor.evaluate("() => { document.getElementById('filled').value = 'filled-in-0001' }")
    for selector in ("#editable", "#button", "#filled"):
        visitor.click(selector)
    visitor.press("Tab")
    visitor.evaluate("() => { document.title = 'Step'; history.pushState({}, '', '/form/step'); }")
    arrivals.view(title="Step")
    visitor.evaluate("() => azalead('event', 'step', { n: 2 })")
    arrivals.expect("event")
    visitor.evaluate("() => { location.href = '/next' }")
    arrivals.view(title="Next")
    site.server.ledger.quiet()
    text = sent_to_anybody(site, start)
    assert not [value for value in IN_FORM if value in text]
    visitor.evaluate("value => azalead('event', 'given', { value })", TYPED["#typed"])
    assert arrivals.expect("event").event["properties"] == {"value": TYPED["#typed"]}
    assert TYPED["#typed"] in sent_to_anybody(site, start)


@pytest.mark.claim("C15")
def test_titles_of_a_megabyte_cost_next_to_nothing_and_are_not_cut_through_an_address(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """Linear time takes some milliseconds; a pattern that goes back over it would take minutes."""
    visitor.open(site.page("/", title="A", tag=tag))
    arrivals.view(title="A")
    for unit in ("a", '"', 'a"', "%25", "%", "a1", "@", " @ ", "日", "a-", '" ', "a" * 15 + "."):
        title = unit * (1_000_000 // len(unit))
        visitor.evaluate("title => { window.longTitle = title }", title)
        # The second view settles the title of the first.
        took = visitor.evaluate(
            """() => {
              azalead("view", { title: longTitle });
              const start = performance.now();
              azalead("view", { title: "Next" });
              return performance.now() - start;
            }"""
        )
        assert len(arrivals.view().page["title"]) <= 500
        arrivals.view(title="Next")
        assert took < 250, f"{unit!r}: {took} ms"
    places = range(470, 501)
    cut = ["x " * (place // 2) + "y" * (place % 2) + ADDRESS for place in places]
    visitor.evaluate(VIEWS, [{"title": title} for title in cut])
    for _ in places:
        assert "ann" not in arrivals.view().page["title"]
    assert not visitor.problems()


@pytest.mark.claim("C15")
def test_of_every_class_nothing_personal_is_in_what_any_origin_gets(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    """A few strings of each; test_scrubbing.py has them all."""
    visitor.open(site.page("/here", title="Here", tag=tag))
    arrivals.view(title="Here")
    with Scrubbing(configured()) as scrubbing:
        missed = " ".join(line for each in caught("seen", scrubbing.told) for line in each.wrong)
    texts = [
        text
        for halves in personal().values()
        for text in halves["seen"][:4]
        if SECRET.sub(r"\1", text) not in missed
    ]
    given = [SECRET.sub(r"\1", text) for text in texts]
    is_address = [text.startswith(("/", "https:")) for text in given]
    views = [
        {"url": text} if address else {"title": text}
        for text, address in zip(given, is_address, strict=True)
    ]
    visitor.evaluate(VIEWS, views)
    visitor.evaluate(EVENTS, [["told", {"text": text, "in": [{text: 1}]}] for text in given])
    told = [arrivals.view().page for _ in views]
    events = [arrivals.expect("event").event["properties"] for _ in given]
    for text, address, page, event in zip(texts, is_address, told, events, strict=True):
        secrets = SECRET.findall(text)
        assert not is_left(
            secrets, page["url"].partition("localhost")[2] if address else page["title"]
        )
        assert not is_left(secrets, json.dumps(event, ensure_ascii=False)), event
        assert list(event) == ["text", "in"]
    assert not visitor.problems()


@pytest.mark.claim("C08")
def test_of_every_class_ordinary_strings_arrive_whole(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/here", title="Here", tag=tag))
    arrivals.view(title="Here")
    given = [text for halves in ordinary().values() for text in halves["seen"][:3]]
    visitor.evaluate(EVENTS, [["whole", {"text": text, text: True}] for text in given])
    for text in given:
        assert arrivals.expect("event").event["properties"] == {"text": text, text: True}
    assert not visitor.problems()
