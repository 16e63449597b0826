"""The snippet in pages that scripts fetch and parse: each counts once, and asks for no pixel."""

import subprocess
from collections.abc import Callable

import pytest

from builder.bundle import esbuild_program
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Tag
from tests.tools.install import install

LINKS = "".join(f'<a id="to-{name}" href="/{name}">{name}</a> ' for name in "abc")

ASTRO = """
import { navigate, supportsViewTransitions } from "./astro/dist/transitions/router.js";
document.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || new URL(link.href).origin !== location.origin) return;
  event.preventDefault();
  navigate(link.href, { sourceElement: link });
});
"""
"""What ClientRouter.astro does with clicks."""

OTHER_ROUTERS = ("turbo", "htmx")
ROUTERS = {
    "turbo": '<script src="/router.js"></script>',
    "htmx": '<script src="/router.js"></script>',
    "astro": (
        '<meta name="astro-view-transitions-enabled" content="true">'
        '<meta name="astro-view-transitions-fallback" content="swap">'
        '<script type="module" src="/router.js"></script>'
    ),
}


@pytest.fixture(scope="session")
def routers(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """The script of each."""
    modules = install()
    folder = tmp_path_factory.mktemp("routers")

    def script(name: str) -> bytes:
        if name == "turbo":
            return (modules / "@hotwired/turbo/dist/turbo.es2017-umd.js").read_bytes()
        if name == "htmx":
            return (modules / "htmx.org/dist/htmx.min.js").read_bytes()
        out = folder / "astro.js"
        if not out.exists():
            entry = modules / ".astro-router.mjs"
            entry.write_text(ASTRO, encoding="utf-8")
            headers = modules / ".astro-headers.mjs"
            headers.write_text("export const internalFetchHeaders = {};", encoding="utf-8")
            command = [
                str(esbuild_program()),
                str(entry),
                "--bundle",
                "--format=esm",
                f"--outfile={out}",
                '--define:import.meta.env={"BASE_URL":"/","DEV":false,"SSR":false}',
                f"--alias:virtual:astro:adapter-config/client={headers}",
                "--log-level=error",
            ]
            subprocess.run(command, check=True)  # noqa: S603 - our own tool
        return out.read_bytes()

    return script


@pytest.mark.claim("C08")
# Without drawing, WebKitGTK crashes at a view transition, with a tag or without.
@pytest.mark.parametrize(
    "router", [*OTHER_ROUTERS, pytest.param("astro", marks=pytest.mark.mode("light"))]
)
def test_pages_that_a_router_fetches_count_once_each_and_ask_for_no_pixel(  # noqa: PLR0913, PLR0917
    visitor: Visitor,
    site: Site,
    arrivals: Arrivals,
    tag: Tag,
    routers: Callable[[str], bytes],
    router: str,
) -> None:
    since = site.server.ledger.mark()
    site.server.serve(site.host, "/router.js", routers(router), "text/javascript")
    for name in "abc":
        body = f"<div{' hx-boost=true' if router == 'htmx' else ''}>{LINKS}</div>"
        site.page(f"/{name}", title=name.upper(), tag=tag, head=ROUTERS[router], body=body)
    visitor.open(site.url("/a"))
    visitor.evaluate("() => { window.same = true }")
    arrivals.view(url=site.url("/a"), title="A")
    for name in "bca":
        visitor.click(f"#to-{name}")
        visitor.wait_until(f"document.title === '{name.upper()}'")
        view = arrivals.view(url=site.url(f"/{name}"))
        assert view.event["navigation"] == "route"
    assert visitor.evaluate("window.same") is True, "it was the router that led there"
    assert visitor.evaluate("document.title") == "A"
    arrivals.settle()
    asked = site.server.ledger.select(role="collector", path="/pixel.gif", since=since)
    assert asked == []
