"""The AdChoices Signal's extension on a test's pages, as a stand-in, and what the tag makes of it.

A script of the page posts what the DAA's "Protect My Choices" posts: no engine of the suite can
load that extension, and those messages are all of it that a page ever sees.
"""

import json
from typing import Any

from tests.browsers.visitor import Visitor
from tests.test_adchoices_signal import packed

HEAD = f"{1:06b}{0:032b}"
FREE = packed(f"{HEAD}{1:04b}{0:024b}")
EXTENSION = """<script>
  addEventListener("message", ({ source, data }) => {
    if (source === window && data && data.type === "GetAdPreferences") {
      window.asked = (window.asked || 0) + 1;
      if (window.signal) postMessage({ type: "AdPreferences", data: window.signal }, "*");
    }
  });
  window.signal = {signal};
  postMessage({ type: "ExtensionLoaded" }, "*");
</script>"""
"""What posts as the extension does; it is there before the page, and so before the tag."""

TELL = """async (messages) => {
  const heard = [];
  for (const message of messages) {
    const marker = new Promise((resolve) => addEventListener("message", resolve, { once: true }));
    postMessage(message, "*");
    await marker;
    heard.push(await new Promise((resolve) => azalead("explain", resolve)));
  }
  return heard;
}"""
"""Posts messages one by one; what the tag explains after each, which it hears before the script."""


ASKED_NO_MORE = """() => new Promise((resolve) => {
  addEventListener("message", ({ data }) => {
    if (data === "last") resolve(void (window.asked = 0));
  });
  postMessage("last", "*");
})"""


def extension(signal: str) -> str:
    """HTML of an extension that holds a signal."""
    return EXTENSION.replace("{signal}", json.dumps(signal))


def preferences(data: object) -> dict[str, object]:
    """The message by which the extension gives a signal."""
    return {"type": "AdPreferences", "data": data}


def tell(visitor: Visitor, *data: object) -> list[dict[str, Any]]:
    """What the tag explains after each signal."""
    told: list[dict[str, Any]] = visitor.evaluate(TELL, [preferences(each) for each in data])
    return told


def wait_until_asked(visitor: Visitor) -> None:
    """Wait until the extension has been asked as often as it will be, and count anew.

    Twice where the tag was quick enough to hear that there is one. The last message in the page's
    queue comes after both questions (HTML, 9.3.3: messages arrive in the order of their posting).
    """
    visitor.wait_until("window.asked >= 1")
    visitor.evaluate(ASKED_NO_MORE)


def wait_for_signal(visitor: Visitor, signal: str) -> None:
    """Wait until the tag has heard a signal."""
    visitor.evaluate("void (window.told = {})")
    visitor.wait_until(
        "(azalead('explain', (told) => { window.told = told; }), "
        f"window.told.signals && window.told.signals.adchoices === {json.dumps(signal)})"
    )


def signal_of(*records: tuple[int, int], everybody: int = 2) -> str:
    """A signal with records of participants."""
    written = "".join(f"{number:012b}{status:04b}" for number, status in records)
    return packed(f"{HEAD}{everybody:04b}{len(records):012b}{written}{0:012b}")
