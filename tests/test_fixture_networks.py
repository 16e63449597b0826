"""The fixture collector tells an organisation by the address that the visitor really has."""

import json
from collections.abc import Iterator

import pytest
from multidict import CIMultiDict

from fixtures.networks import DEMO_COMPANY, LOOPBACK, Networks, Organization, parsed
from fixtures.server import FixtureServer
from tests.fixture_client import Client

PROXIES = ("10.0.0.0/8", "2001:db8:ffff::/48")
INSIDE = "10.0.0.1"
"""The address of a proxy that is trusted."""


@pytest.fixture
def server() -> Iterator[FixtureServer]:
    """A server of its own for each test, because its networks are changed."""
    with FixtureServer() as running:
        yield running


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("2001:db8:5::7", "2001:db8:5::7"),
        ("2001:DB8:5:0:0:0:0:7", "2001:db8:5::7"),
        ("[2001:db8:5::7]", "2001:db8:5::7"),
        ("[2001:db8:5::7]:4711", "2001:db8:5::7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("[::ffff:c000:207]:443", "192.0.2.7"),
        ("", None),
        ("unknown", None),
        ("_hidden", None),
        ("192.0.2", None),
        ("192.0.2.07", None),
        ("192.0.2.256", None),
        ("192.0.2.7/24", None),
        ("192.0.2.7:port", None),
        ("[192.0.2.7", None),
        ("2001:db8::5::7", None),
        ("3221225991", None),
        ("0xC0000207", None),
    ],
)
def test_an_address_is_read_in_every_form_that_a_header_gives_it(
    text: str, address: str | None
) -> None:
    assert (str(parsed(text)) if parsed(text) else None) == address


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("192.0.2.7", [], "192.0.2.7"),
        ("192.0.2.7", ["198.51.100.1"], "192.0.2.7"),  # a visitor writes whatever they like
        (INSIDE, ["198.51.100.1"], "198.51.100.1"),
        (INSIDE, ["192.0.2.7, 198.51.100.1"], "198.51.100.1"),  # the left one is the visitor's word
        (INSIDE, ["198.51.100.1, 10.9.9.9"], "198.51.100.1"),  # a second proxy of ours
        (INSIDE, ["192.0.2.7", "198.51.100.1"], "198.51.100.1"),  # two lines are one list
        (INSIDE, ["198.51.100.1, nonsense"], None),
        (INSIDE, ["nonsense, 198.51.100.1"], "198.51.100.1"),
        (INSIDE, ["10.1.1.1, 10.2.2.2"], "10.1.1.1"),  # a visitor inside
        (INSIDE, [], INSIDE),
        (INSIDE, [" , "], INSIDE),
        ("2001:db8:ffff::1", ["[2001:db8:5::7]:443"], "2001:db8:5::7"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("", ["198.51.100.1"], None),  # it had left during the handshake
    ],
)
def test_a_forwarded_address_counts_as_far_as_trusted_proxies_wrote_it(
    peer: str, forwarded: list[str], address: str | None
) -> None:
    headers = CIMultiDict([("X-Forwarded-For", line) for line in forwarded])
    found = Networks(trusted=PROXIES).visitor_address(peer, headers)
    assert (str(found) if found else None) == address


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("for=198.51.100.1", "198.51.100.1"),
        ('For="[2001:db8:5::7]:4711";proto=https;by=10.0.0.1', "2001:db8:5::7"),
        ("proto=https; for=198.51.100.1, for=10.2.2.2", "198.51.100.1"),
        ("for=192.0.2.7, for=198.51.100.1", "198.51.100.1"),
        ("for=unknown", None),
        ("proto=https", None),
        ("notfor=198.51.100.1", None),
    ],
)
def test_the_standard_header_is_read_where_the_proxy_writes_that(
    forwarded: str, address: str | None
) -> None:
    headers = CIMultiDict({"Forwarded": forwarded, "X-Forwarded-For": "192.0.2.7"})
    found = Networks(trusted=PROXIES, header="Forwarded").visitor_address(INSIDE, headers)
    assert (str(found) if found else None) == address


@pytest.mark.claim("C13")
@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("192.0.2.7", "Borealis Paper"),
        ("192.0.2.200", "Borealis Research"),  # the smaller network inside
        ("::ffff:192.0.2.7", "Borealis Paper"),
        ("198.51.100.255", "Cormorant Shipping"),
        ("2001:db8:5:ffff::1", "University of Quay"),
        ("2001:db8:6::1", None),
        ("203.0.113.1", None),
        ("127.0.0.1", None),
    ],
)
def test_the_collector_tells_the_organisation_of_an_address(
    server: FixtureServer, address: str, name: str | None
) -> None:
    server.set_networks(Networks(trusted=LOOPBACK))
    answer = Client(server).get(server.url("collector", "/organization"), x_forwarded_for=address)
    found = json.loads(answer.body)["organization"]
    assert (found["name"] if found else None) == name
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"].startswith("application/json")


@pytest.mark.claim("C13")
def test_nobody_can_claim_an_address_without_a_trusted_proxy(server: FixtureServer) -> None:
    answer = Client(server).get(
        server.url("collector", "/organization"), x_forwarded_for="192.0.2.7", forwarded="for=::1"
    )
    assert json.loads(answer.body) == {"organization": None}


def test_a_client_s_page_may_ask_and_the_demo_greets_its_visitor(
    server: FixtureServer,
) -> None:
    server.set_networks(Networks(dict.fromkeys(LOOPBACK, DEMO_COMPANY)))
    url = server.url("collector", "/organization")
    answer = Client(server).get(url, origin=server.site("publisher"))
    assert answer.headers["Access-Control-Allow-Origin"] == server.site("publisher")
    assert Organization(**json.loads(answer.body)["organization"]) == DEMO_COMPANY
    assert Client(server).request("POST", url).status == 405


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "{publisher}", "Sec-Fetch-Site": "cross-site"}, 200),
        ({"Origin": "https://magazine.localhost:1"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://somebody.world.localhost"}, 403),
        ({"Origin": "https://ads.choices.localhost"}, 403),
        ({"Origin": "http://publisher.localhost"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "https://publisher.localhost@somebody.world.localhost"}, 403),
        ({"Origin": "https://publisher.localhost/path"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_the_organisation_is_told_to_a_client_s_page_only(
    server: FixtureServer, headers: dict[str, str], status: int
) -> None:
    server.set_networks(Networks(dict.fromkeys(LOOPBACK, DEMO_COMPANY)))
    sent = {
        name: value.format(publisher=server.site("publisher")) for name, value in headers.items()
    }
    url = server.url("collector", "/organization")
    answer = Client(server).request("GET", url, headers=sent)
    assert answer.status == status
    assert (DEMO_COMPANY.name.encode() in answer.body) == (status == 200)
    allowed = sent.get("Origin") if status == 200 else None
    assert answer.headers["Access-Control-Allow-Origin"] == allowed
    assert answer.headers["Access-Control-Allow-Credentials"] is None
    assert "Origin" in answer.headers["Vary"]


def test_who_has_opted_out_has_no_organisation_on_a_client_s_own_domain(
    server: FixtureServer,
) -> None:
    server.set_networks(Networks(dict.fromkeys(LOOPBACK, DEMO_COMPANY)))
    own = server.set_visitor_cookies("collector.publisher-9")
    told = {
        cookie: json.loads(Client(server).get(f"{own}/organization", cookie=cookie).body)
        for cookie in ("azalead_optout=1", "azalead_optout=0")
    }
    assert told["azalead_optout=1"] == {"organization": None}
    assert told["azalead_optout=0"]["organization"]["name"] == DEMO_COMPANY.name
