"""Ads with the icon in pages of all kinds, and what a page can tell of them.

An ad in a frame answers questions by message, so the same questions work in a frame of another
origin and in a sandbox, whatever drives the browser.
"""

from dataclasses import dataclass
from html import escape
from typing import Any

from tests.browsers.visitor import Visitor
from tests.support.tag import Tag

HOST = "azalead-adchoices"
ICON = "[aria-haspopup]"
PANEL = "[role=dialog]"

CREATIVE = "background: linear-gradient(135deg, #f6c1d5, #8c2f5a)"

TELL = """(selector) => {
  const host = [...document.querySelectorAll("azalead-adchoices")]
    .find((each) => !selector || each.closest(selector) || each.matches(selector + " ~ *"));
  if (!host) return { icons: 0 };
  const root = host.shadowRoot;
  const icon = root.querySelector("[aria-haspopup]");
  const panel = root.querySelector("[role=dialog]");
  const focused = root.activeElement;
  const area = (element) => {
    const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
    return { left, top, right, bottom, width, height };
  };
  const at = area(icon);
  const parts = panel ? [...panel.querySelectorAll("p, button, a")] : [];
  return {
    icons: document.querySelectorAll("azalead-adchoices").length,
    icon: at,
    picture: area(icon.querySelector("svg")),
    label: area(icon.querySelector("b")),
    name: icon.textContent,
    lang: icon.querySelector("span").lang,
    expanded: icon.getAttribute("aria-expanded"),
    onTop: document.elementFromPoint((at.left + at.right) / 2, (at.top + at.bottom) / 2) === host,
    focus: focused && (focused.getAttribute("role") || focused.localName),
    status: panel && panel.querySelector("[role=status]").textContent,
    panel: panel && area(panel),
    panelName: panel && panel.getAttribute("aria-label"),
    dir: panel && panel.dir,
    says: parts.map((part) => part.textContent),
    parts: Object.fromEntries(parts.map((part) => [
      part.localName === "button" ? part.className || "optout" : part.localName, area(part)])),
    window: { width: innerWidth, height: innerHeight },
  };
}"""

ANSWERING = f"""<script>
  const tell = {TELL};
  addEventListener("message", (event) => {{
    if (event.data.question) event.source.postMessage({{ answer: tell() }}, "*");
  }});
</script>"""

ASK = """(id) => new Promise((resolve) => {
  const frame = document.getElementById(id);
  addEventListener("message", function hear(event) {
    if (event.source !== frame.contentWindow || !event.data.answer) return;
    removeEventListener("message", hear);
    clearInterval(asking);
    const { left, top } = frame.getBoundingClientRect();
    resolve({ ...event.data.answer, origin: { left, top } });
  });
  const ask = () => frame.contentWindow.postMessage({ question: true }, "*");
  const asking = setInterval(ask, 50); // a document that is still on its way hears nothing
  ask();
})"""


def script(tag: Tag, **options: str) -> str:
    """The markup that marks an ad: `data-` attributes as keywords, such as `for_="ad-1"`."""
    data = "".join(
        f' data-{name.strip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in options.items()
    )
    return f'<script async src="{tag.base_url}/{tag.brand}-ad.js"{data}></script>'


def ad(
    tag: Tag,
    name: str,
    inside: str = "",
    size: str = "300x250",
    *,
    style: str = "",
    **options: str,
) -> str:
    """An ad in the page, with its script beside the creative."""
    width, _, height = size.partition("x")
    return (
        f'<div id="{name}" style="{CREATIVE}; width: {width}px; height: {height}px; {style}">'
        f'<a href="/advertiser" style="display: block; height: 100%">An ad</a>'
        f"{inside}{script(tag, **options)}</div>"
    )


def document(tag: Tag, inside: str = "", **options: str) -> str:
    """The document of an ad in a frame of its own."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>An ad</title>'
        f'<link rel="icon" href="data:,">{ANSWERING}'
        f'<body style="margin: 0; {CREATIVE}"><a href="/advertiser">An ad</a>{inside}'
        f"{script(tag, **options)}</body></html>"
    )


def frame(name: str, url: str, size: str = "300x250", /, **attributes: str) -> str:
    """A frame for an ad; `srcdoc` and `sandbox` as keywords."""
    width, _, height = size.partition("x")
    more = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    return (
        f'<iframe id="{name}" title="Advertisement" src="{url}" width="{width}" height="{height}"'
        f' style="border: 0; margin: 4px"{more}></iframe>'
    )


@dataclass
class Shown:
    """An ad as a visitor has it before them, in the page or in a frame."""

    visitor: Visitor
    name: str
    """The id of the ad's element, or of its frame."""
    is_framed: bool = False

    def tell(self) -> dict[str, Any]:
        """What is there at this moment, in coordinates of the ad's own window."""
        if self.is_framed:
            told: dict[str, Any] = self.visitor.evaluate(ASK, self.name)
        else:
            told = self.visitor.evaluate(TELL, f"#{self.name}")
            told["origin"] = {"left": 0, "top": 0}
        return told

    def wait(self, condition: str) -> dict[str, Any]:
        """Wait until a JavaScript expression about `told` is true; returns what was told."""
        if self.is_framed:
            self.visitor.evaluate("void (window.__told = window.__asking = null)")
            latest = (
                f"(window.__asking ??= ({ASK})('{self.name}').then((told) => {{"
                " window.__asking = null; window.__told = told; }), window.__told)"
            )
        else:
            latest = f"({TELL})('#{self.name}')"
        self.visitor.wait_until(f"((told) => told && ({condition}))({latest})")
        return self.tell()

    def place(self, area: str) -> tuple[float, float]:
        """The middle of the icon or of a part of the panel, in the browser's window."""
        told = self.tell()
        box = told["icon"] if area == "icon" else told["parts"][area]
        origin = told["origin"]
        return (
            origin["left"] + (box["left"] + box["right"]) / 2,
            origin["top"] + (box["top"] + box["bottom"]) / 2,
        )

    def click(self, area: str) -> None:
        """Click the icon, or a part of the panel: "close", "optout" or "a"."""
        self.visitor.click_at(*self.place(area))

    def open(self) -> dict[str, Any]:
        """Open the panel by the icon, once nothing covers that; returns what is told then."""
        self.wait("told.onTop")
        self.click("icon")
        return self.wait("told.panel")
