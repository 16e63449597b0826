"""Of what the stub tells where the tag never comes, nothing is personal: not in bodies, not in headers."""

import json

import pytest

from tests.browsers.leaving import follow
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag

PERSONAL = {
    "e-mail": ["ann@example.com", "ann＠example.com", "ann(at)example.com", "ann [at] example"],
    "encoded": [
        "ann%40example.com",
        "ann=40example.com",
        "ann%u0040example.com",
        "ann&#64;example",
    ],
    "UUID": ["550e8400-e29b-41d4-a716-446655440000", "550E8400E29B41D4A716446655440000"],
    "ULID": ["01ARZ3NDEKTSV4RRFFQ69G5FAV", "01arz3ndektsv4rrffq69g5fav"],
    "digest": ["d41d8cd98f00b204e9800998ecf8427e", "deadbeefdeadbeef"],
    "base32": ["JBSWY3DPEHPK3PXP", "jbswydpehpkpxpjbsw"],
    "base64url": ["3q2-7wEjRWeJq83vASNFZw", "dGhpcyBpcyBhIHRva2Vu", "AbCdEfGhIjKl"],
    "JWT": ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVP"],
    "groups": ["K7Q2-M9XD-44TP", "a1b2.c3d4.e5f6", "ab:12:cd:34:ef:56", "x~9~y~8"],
    "digits": ["123456", "4711", "12 34 56 78", "12-34-56"],
    "card": ["4111111111111111", "4111 1111 1111 1111", "5500-0000-0000-0004"],
    "IBAN": ["DE89370400440532013000", "de89 3704 0044 0532 0130 00"],
    "telephone": ["+49 30 901820", "030/901820", "tel:+4930901820", "06 12 34 56 78"],
    "other writing": ["Ärztin Jörg Müller", "мария", "太郎"],
}

HARMLESS = ["early", "add_to_cart", "Sign up", "Step 2", "video/play", "two-factor hint"]

ADDRESSES = {
    "/": "/",
    "/pricing": "/pricing",
    "/help/two-factor": "/help/two-factor",
    "/page/2": "/page/2",
    "/user/ann%40example.com": "/",
    "/user/ann@example.com/edit": "/",
    "/order/550e8400-e29b-41d4-a716-446655440000": "/",
    "/reset/jbswydpehpkpxpjbsw": "/",
    "/verify/4711": "/",
    "/pricing;sid=12": "/",
    "/ann%20smith": "/",
    "/files/ann.smith.pdf": "/",
}


def page_without_tag(site: Site, tag: Tag, path: str, *, title: str = "", body: str = "") -> str:
    """A page whose tag no cache has."""
    fresh = tag.snippet.replace("azalead.js", "azalead.js?private")
    return site.page(path, title=title, tag=tag, snippet=fresh, body=body)


@pytest.mark.claim("C15")
def test_of_queued_calls_only_plain_words_and_short_numbers_leave(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    personal = [text for texts in PERSONAL.values() for text in texts]
    calls = [["event", text] for text in [*personal, *HARMLESS]]
    calls += [["event", "inside", {"of": text}] for text in personal]
    calls += [["event", "key", {text: 1}] for text in personal]
    calls += [["event", "numbers", {"n": number}] for number in (49301234567, 4111111111111111, 12)]
    body = f"<script>{json.dumps(calls)}.forEach((call) => azalead(...call))</script>"
    with site.server.faults.status("cdn", 404):
        visitor.open(page_without_tag(site, tag, "/calls", body=body))
        visitor.open(site.url("/left"))
    arrivals.no_dwell(arrivals.view(url=site.url("/calls")))
    told = [arrivals.expect("event").event["name"] for _ in [*HARMLESS, "numbers"]]
    assert told == [*HARMLESS, "numbers"]


@pytest.mark.claim("C15")
def test_of_an_address_that_is_not_surely_harmless_only_the_origin_leaves(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    arrivals.allow_repeats()
    wrong = []
    with site.server.faults.status("cdn", 404):
        for path, expected in ADDRESSES.items():
            before = site.server.ledger.mark()
            visitor.open(page_without_tag(site, tag, path, title="Plain"))
            visitor.open(site.url("/left"))
            site.server.ledger.wait(lambda entry: entry.path == "/events", since=before)
            told = arrivals.view()
            arrivals.no_dwell(told)
            if told.page["url"] != site.url(expected):
                wrong.append(f"{path}: {told.page['url']}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.claim("C15")
def test_of_a_title_and_a_referrer_nothing_personal_leaves(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    cases = [
        ("/from", "Plain words", site.url("/from"), "Plain words"),
        ("/from/4711", "Code 4711", site.url("/"), ""),
        ("/from/ann@example.com", "Inbox of ann@example.com", site.url("/"), ""),
    ]
    for came_from, title, *expected in cases:
        url = page_without_tag(site, tag, "/here", title=title)
        link = f'<a id="there" href="{url}">There</a>'
        visitor.open(site.page(came_from, title="From", body=link))
        with site.server.faults.status("cdn", 404):
            follow(visitor, "#there")
            visitor.open(site.url("/left"))
        page = arrivals.view(url=url).page
        assert [page["referrer"], page["title"]] == expected
    arrivals.no_dwell()


@pytest.mark.claim("C15")
@pytest.mark.parametrize("policy", ["unsafe-url", "no-referrer-when-downgrade"])
def test_whatever_the_page_s_referrer_policy_headers_tell_the_origin_only(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, policy: str
) -> None:
    arrivals.allow_repeats()
    fresh = tag.snippet.replace("azalead.js", f"azalead.js?{policy}")
    page = site.page(
        "/reset",
        tag=tag,
        snippet=fresh,
        body="<img src='/own.png' alt=''><script>azalead('event', 'early')</script>",
        headers={"Referrer-Policy": policy},
    )
    before = site.server.ledger.mark()
    with site.server.faults.status("cdn", 404):
        visitor.open(f"{page}?token=secret")
        visitor.open(site.url("/left"))
    arrivals.no_dwell(arrivals.view(url=page))
    arrivals.expect("event")
    (lax,) = site.server.ledger.select(path="/own.png", since=before)
    assert lax.headers["Referer"] == f"{page}?token=secret", "the policy is that lax"
    ours = site.server.ledger.select(role="collector", path="/events", since=before)
    assert {entry.headers["Referer"] for entry in ours} == {site.url("/")}
