"""The icon in a video player, by a client of VAST and by what browsers parse XML with."""

import pytest

from tests.ads.install import read
from tests.browsers.visitor import Visitor
from tests.support.site import Site
from tests.support.tag import Tag

ANSWER = """<VAST version="{version}"{namespace}><Ad id="1"><InLine><AdSystem>Suite</AdSystem>
<AdTitle>An ad</AdTitle><Impression><![CDATA[https://ads.example/seen]]></Impression><Creatives>
<Creative><Linear>{fragment}<Duration>00:00:15</Duration><MediaFiles>
<MediaFile delivery="progressive" type="video/mp4" width="640" height="360"><![CDATA[https://ads.example/a.mp4]]></MediaFile></MediaFiles>
</Linear></Creative></Creatives></InLine></Ad></VAST>"""
NAMESPACES = {"": "3.0", "http://www.iab.com/VAST": "4.2"}
AWARE = """(text, namespace) => {
  const parsed = new DOMParser().parseFromString(text, "text/xml");
  const find = (name) => parsed.getElementsByTagNameNS(namespace, name);
  const byName = parsed.getElementsByTagName("IconClickThrough");
  const path = "//*[local-name()='Linear']/*[local-name()='Icons']";
  const { snapshotLength } = parsed.evaluate(path, parsed, null, 7, null);
  return [find("Linear").length, find("Icons").length, find("IconClickThrough").length,
    byName.length, snapshotLength];
}"""


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_the_fragment_is_of_the_answer_s_own_namespace(
    visitor: Visitor, site: Site, tag: Tag, namespace: str
) -> None:
    named = f' xmlns="{namespace}"' if namespace else ""
    answer = ANSWER.format(
        version=NAMESPACES[namespace], namespace=named, fragment=tag.read("adchoices-vast.xml")
    )
    visitor.open(site.page("/"))
    assert visitor.evaluate(AWARE, answer, namespace or None) == [1] * 5
    # As it was: of another namespace than an answer without one, where nobody finds it.
    spoilt = answer.replace("<Icons", '<Icons xmlns="urn:another"')
    assert visitor.evaluate(AWARE, spoilt, namespace or None) == [1, 0, 0, 1, 1]


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_a_client_of_vast_finds_the_icon(
    visitor: Visitor, site: Site, tag: Tag, namespace: str
) -> None:
    site.server.serve(
        site.host,
        "/vast.js",
        read("@dailymotion/vast-client/dist/vast-client.js"),
        "text/javascript",
    )
    named = f' xmlns="{namespace}"' if namespace else ""
    answer = ANSWER.format(
        version=NAMESPACES[namespace], namespace=named, fragment=tag.read("adchoices-vast.xml")
    )
    visitor.open(site.page("/"))
    icon = visitor.evaluate(
        """async (text) => {
          const { VASTParser } = await import("/vast.js");
          const parsed = new DOMParser().parseFromString(text, "text/xml");
          const { ads } = await new VASTParser().parseVAST(parsed);
          const [icon] = ads[0].creatives[0].icons;
          return [icon.program, icon.staticResource, icon.iconClickThroughURLTemplate];
        }""",
        answer,
    )
    assert icon == ["AdChoices", f"{tag.base_url}/adchoices.svg", tag.choices_url]
