"""Pages of other origins: CORS with credentials, for the page that asks and for no other."""

from conformance.check import LONGEST_BODY, Checks, Probe
from conformance.exchange import Reply

CHECKS = check = Checks("pages-of-other-origins", "/events")
OWN_COLLECTOR = Checks("pages-of-other-origins", "/events")
OTHER_ORIGIN = "https://another-publisher.example"


def _allows(probe: Probe, reply: Reply, origin: str) -> None:
    probe.expect(
        reply.values("Access-Control-Allow-Origin") == [origin],
        f"Access-Control-Allow-Origin: {origin}, once",
    )
    probe.expect(
        reply.values("Access-Control-Allow-Credentials") == ["true"],
        "Access-Control-Allow-Credentials: true",
    )


@check("cors-origin", "The asking page's origin stands in `Access-Control-Allow-Origin`, never *.")
def _(probe: Probe) -> None:
    reply = probe.post(probe.beacon())
    allowed = reply.values("Access-Control-Allow-Origin")
    probe.expect(allowed == [probe.origin], f"Access-Control-Allow-Origin: {probe.origin}, once")


@check(
    "cors-credentials", "`sendBeacon` brings credentials, so they are allowed, by exactly `true`."
)
def _(probe: Probe) -> None:
    reply = probe.post(probe.beacon())
    allowed = reply.values("Access-Control-Allow-Credentials")
    probe.expect(allowed == ["true"], "Access-Control-Allow-Credentials: true, once")


@check("cors-varies", "An answer that names an origin says `Vary: Origin`.")
def _(probe: Probe) -> None:
    reply = probe.post(probe.beacon())
    probe.expect("origin" in reply.tokens("Vary"), "Vary: Origin")


@check("cors-each-its-own", "Two pages of two origins are each answered with their own, or none.")
def _(probe: Probe) -> None:
    probe.post(probe.beacon())
    reply = probe.post(probe.beacon(), Origin=OTHER_ORIGIN)
    allowed = reply.values("Access-Control-Allow-Origin")
    probe.expect(allowed in ([OTHER_ORIGIN], []), f"{OTHER_ORIGIN} alone, or no origin")


@check("cors-none-without-origin", "Who sends no `Origin` is told none.")
def _(probe: Probe) -> None:
    reply = probe.post(probe.beacon(), Origin=None)
    allowed = reply.values("Access-Control-Allow-Origin")
    probe.expect(not allowed, "no Access-Control-Allow-Origin")


@check("cors-on-400", "A refusal is readable too, else the tag takes it for a network that failed.")
def _(probe: Probe) -> None:
    _allows(probe, probe.post(b"{"), probe.origin)


@check("cors-on-413", "A body that is too long is refused readably.")
def _(probe: Probe) -> None:
    _allows(probe, probe.post(probe.beacon_of_size(LONGEST_BODY + 1)), probe.origin)


def _preflight(probe: Probe, names: str = "content-type,x-page-monitor") -> Reply:
    asked = {
        "Access_Control_Request_Method": "POST",
        "Access_Control_Request_Headers": names,
        "Sec_Fetch_Mode": "cors",
    }
    return probe.ask(probe.request("OPTIONS", "/events", **asked))


@check("preflight-answered", "A preflight is answered 2xx: monitors add headers to each request.")
def _(probe: Probe) -> None:
    probe.expect(_preflight(probe).is_taken, "a 2xx status")


@check("preflight-origin", "A preflight's answer allows the origin, with credentials.")
def _(probe: Probe) -> None:
    _allows(probe, _preflight(probe), probe.origin)


@check(
    "preflight-headers", "The headers that were asked for are allowed by name: * is no wildcard."
)
def _(probe: Probe) -> None:
    allowed = _preflight(probe).tokens("Access-Control-Allow-Headers")
    wanted = {"content-type", "x-page-monitor"}
    probe.expect(
        wanted <= allowed, f"Access-Control-Allow-Headers with {', '.join(sorted(wanted))}"
    )


@OWN_COLLECTOR(
    "cors-not-for-others",
    "A collector that sets the cookie allows credentials to the client's own origins alone.",
)
def _(probe: Probe) -> None:
    own = probe.origin.removeprefix("https://")
    for origin in (OTHER_ORIGIN, f"https://evil-{own}", f"https://{own.partition(':')[0]}.example"):
        reply = probe.post(probe.beacon(), Origin=origin, Sec_Fetch_Site="cross-site")
        probe.expect(
            not (
                reply.values("Access-Control-Allow-Credentials")
                and reply.values("Access-Control-Allow-Origin")
            ),
            f"no credentials for {origin}",
        )
