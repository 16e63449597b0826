"""Cookies of any content under our names: none is believed that is not ours, none breaks a page."""

import re

import pytest

from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag

OURS = re.compile(r"azalead_id=([A-Za-z0-9_-]{21}[AQgw])(?:;|$)")
KNOWN = "AbCdEfGhIjKlMnOpQrSt_A"
PLANTED = [
    f"azalead_id={KNOWN}; path=/; domain={{domain}}",
    f"azalead_id={KNOWN}; path=/",
    f"azalead_id={KNOWN}; path=/framed",
    f"azalead_id={KNOWN[:-1]}B; path=/; domain={{domain}}",
    "azalead_id=; path=/",
    "azalead_id; path=/",
    "=azalead_id; path=/",
    f"azalead_id={KNOWN}x; path=/",
    f"azalead_id={KNOWN[1:]}; path=/",
    f'azalead_id="{KNOWN}"; path=/',
    f"azalead_id={KNOWN[:21]}%; path=/",
    f"azalead_id={KNOWN[:21]}é; path=/",
    "azalead_id=</script><script>; path=/",
    "azalead_id=$&$1\\u0041%00%0d%0a; path=/",
    "azalead_id=someone@mail.example; path=/",
    f"azalead_id={'x' * 4000}; path=/",
    f"azalead_id={'😀' * 11}; path=/framed",
    f"xazalead_id={KNOWN}; path=/",
    f"azalead_ID={KNOWN}; path=/",
    "azalead_optout=; path=/",
    "azalead_optout=0; path=/",
    "azalead_optout=11; path=/",
    "azalead_optout=true; path=/",
    "azalead_optout=x; path=/framed",
]
LOAD = """async (planted, address, domain) => {
  for (const cookie of document.cookie.split("; "))
    for (const end of ["/", "/framed", `/; domain=${domain}`])
      document.cookie = `${cookie.replace(/=.*/, "")}=; max-age=0; path=${end}`;
  document.cookie = planted;
  const frame = document.createElement("iframe");
  frame.src = address;
  const loaded = new Promise((resolve) => (frame.onload = resolve));
  document.body.append(frame);
  await loaded;
  window.latest = frame;
  return frame.contentWindow.__problems.map(({ kind, text }) => `${kind}: ${text}`);
}"""
# The identifier is looked up when the first beacon is packed, some time after the page has loaded.
COOKIES = "latest.contentDocument.cookie"


@pytest.mark.claim("C02")
def test_any_cookie_under_our_names_is_replaced_or_left_alone(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    visitor.open(site.page("/", title="Around"))
    visitors = []
    for number, planted in enumerate(PLANTED):
        framed = site.page(f"/framed/{number}", title=f"Framed {number}", tag=tag)
        there = planted.replace("{domain}", site.domain)
        assert visitor.evaluate(LOAD, there, framed, site.domain) == [], planted
        view = arrivals.view(title=f"Framed {number}")
        assert view.beacon.rule == "default", planted
        assert view.visitor, planted
        assert view.visitor in OURS.findall(visitor.evaluate(COOKIES)), planted
        visitors.append(view.visitor)
    assert visitors[0] == KNOWN
    assert len(set(visitors)) == len(PLANTED)


@pytest.mark.claim("C18")
def test_the_one_cookie_that_is_an_opt_out_is_believed(
    visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag
) -> None:
    framed = site.page("/framed/last", title="Framed", tag=tag)
    visitor.open(site.page("/", title="Around"))
    assert visitor.evaluate(LOAD, "azalead_optout=1; path=/", framed) == []
    view = arrivals.view(title="Framed")
    assert (view.visitor, view.beacon.rule) == (None, "optout")
