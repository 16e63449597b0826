"""AdChoices Signal: what follows of it for beacons, partners and ads, live, and in which order."""

import pytest

from fixtures.adserver import serve_ads
from fixtures.server import FixtureServer
from fixtures.websites import serve_almanac
from tests.browsers.visitor import Visitor
from tests.support.adchoices import FREE, extension, tell, wait_for_signal
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag, TagBuilder
from tests.test_adchoices_signal import GLOBAL_LIMIT
from tests.test_decision import ALL, EXPLAIN, NO_ADS, permits, rules


@pytest.fixture
def hearing(build_tag: TagBuilder) -> Tag:
    """A tag that hears the signal, of a company that is no participant."""
    return build_tag({"adchoices.signal": True})


def test_a_visitor_who_limits_ads_is_measured_without_them(
    visitor: Visitor, site: Site, arrivals: Arrivals, hearing: Tag
) -> None:
    """With its twins: whose signal allows, and who has no extension."""
    heads = {
        "limits": (extension(GLOBAL_LIMIT), GLOBAL_LIMIT, "adchoices", NO_ADS),
        "allows": (extension(FREE), FREE, "default", ALL),
        "none": ("", None, "default", ALL),
    }
    for name, (head, signal, rule, permitted) in heads.items():
        visitor.open(site.page(f"/{name}", title=name, tag=hearing, head=head))
        if signal:
            wait_for_signal(visitor, signal)
        view = arrivals.view(title=name)
        visitor.evaluate("azalead('event', 'after')")
        event = arrivals.expect("event", title=name)
        explanation = visitor.evaluate(EXPLAIN)
        assert (event.visitor, event.beacon.rule) == (view.visitor, rule), name
        assert event.visitor is not None
        assert explanation["signals"]["adchoices"] == signal
        assert (explanation["rule"], permits(explanation)) == (rule, permitted)
        assert rules(explanation) == {"optout": ALL, "adchoices": permitted, "gpc": ALL}
        assert list(event.beacon.signals) == ["dnt", "gpc", "optout"]
    assert not visitor.problems()


def test_a_signal_that_changes_is_obeyed_within_the_page(
    visitor: Visitor, site: Site, arrivals: Arrivals, hearing: Tag
) -> None:
    visitor.open(site.page("/", title="A", tag=hearing))
    view = arrivals.view()
    for signal, rule in ((GLOBAL_LIMIT, "adchoices"), (FREE, "default")) * 2:
        assert tell(visitor, signal)[0]["rule"] == rule
        visitor.evaluate("azalead('event', 'after')")
        event = arrivals.expect("event")
        assert (event.beacon.rule, event.visitor) == (rule, view.visitor)
    visitor.evaluate("azalead('optout')")
    told = tell(visitor, GLOBAL_LIMIT)[0]
    assert (told["rule"], told["measure"], told["identify"]) == ("optout", True, False)
    visitor.evaluate("azalead('optin')")
    assert visitor.evaluate(EXPLAIN)["signals"]["adchoices"] == GLOBAL_LIMIT


@pytest.mark.usefixtures("arrivals")
def test_the_rule_has_its_place_among_the_others(
    visitor: Visitor, site: Site, build_tag: TagBuilder
) -> None:
    """Of several that take the same away, the first is the one that decided."""
    tag = build_tag(
        {
            "adchoices.signal": True,
            "privacy.consent": ["tcf", "gpp", "usp"],
            "privacy.dnt": "respect",
        }
    )
    sold = "<script>window.__uspapi = (c, v, tell) => tell({ uspString: '1YYN' }, true)</script>"
    visitor.open(site.page("/", title="A", tag=tag, head=sold))
    told = tell(visitor, GLOBAL_LIMIT)[0]
    names = [rule["rule"] for rule in told["rules"]]
    assert names == ["optout", "adchoices", "tcf", "gpp", "usp", "gpc", "dnt"]
    assert rules(told)["adchoices"] == rules(told)["usp"] == NO_ADS


@pytest.mark.claim("C14")
def test_ids_are_not_synced_for_who_limits_ads(
    visitor: Visitor, site: Site, arrivals: Arrivals, build_tag: TagBuilder
) -> None:
    """With its twin: they are for who allows them."""
    partner = {
        "partner": "acme",
        "url": site.server.url("partner", "/match?id={visitor}"),
        "days": 1,
    }
    tag = build_tag({"adchoices.signal": True, "sync": [partner]})
    mark = site.server.ledger.mark()
    # Whoever waits for the page's load comes after the signal, as the sync does.
    idle = """new Promise((resolve) =>
      'requestIdleCallback' in window ? requestIdleCallback(resolve) : setTimeout(resolve, 1500))"""
    for name, signal in (("limits", GLOBAL_LIMIT), ("allows", FREE)):
        visitor.open(site.page(f"/{name}", title=name, tag=tag, head=extension(signal)))
        arrivals.view(title=name)
        wait_for_signal(visitor, signal)
        visitor.evaluate(idle)
    found = site.server.ledger.wait(
        lambda entry: entry.role == "partner" and entry.path == "/match", since=mark
    )
    assert "/allows" in visitor.evaluate("location.pathname")
    synced = site.server.ledger.select(role="partner", path="/match", since=mark)
    assert [entry.serial for entry in synced] == [found.serial]
    assert visitor.evaluate("Object.keys(JSON.parse(localStorage.azalead_sync))") == ["acme"]


@pytest.mark.parametrize(("signal", "tailor"), [(GLOBAL_LIMIT, "0"), (FREE, None)])
def test_an_ad_slot_passes_the_signal_on(
    visitor: Visitor, server: FixtureServer, hearing: Tag, signal: str, tailor: str | None
) -> None:
    """From the extension to the ad server, which decides by the same signal."""
    serve_ads(server)
    name = f"paper-{'limits' if tailor else 'allows'}"
    url = serve_almanac(server, name, extension(signal) + hearing.snippet)
    mark = server.ledger.mark()
    visitor.open(url)
    entries = server.ledger.wait_for_count(
        lambda entry: entry.role == "ads" and "slot" in entry.query and bool(entry.answered_at),
        2,
        since=mark,
    )
    for entry in entries:
        assert entry.query.get("adchoices_signal") == signal
        assert entry.query.get("tailor") == tailor
        rule = "adchoices" if tailor else "no-identifier"
        assert entry.response_headers["X-Rule"] == rule


def test_a_build_without_it_has_no_byte_of_it(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, hearing: Tag
) -> None:
    """And hears no extension."""
    traces = ("AdPreferences", "adchoices", "atob")
    assert all(trace in hearing.read("azalead.js") for trace in traces)
    assert not any(trace in tag.read("azalead.js") for trace in traces)
    visitor.open(site.page("/", title="A", tag=tag, head=extension(GLOBAL_LIMIT)))
    arrivals.view()
    told = tell(visitor, GLOBAL_LIMIT)[0]
    assert (told["rule"], list(told["signals"])) == ("default", ["dnt", "gpc", "optout"])
    assert visitor.evaluate("window.asked") is None
