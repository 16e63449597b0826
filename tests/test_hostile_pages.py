"""The zoo: whatever is wrong with a page, the tag does not make it worse, and the visit arrives."""

from pathlib import Path

import pytest

from fixtures import hostile
from fixtures.hostile import GROUPS, all_pages, faults, pages
from fixtures.hostile_parts import Pasted, parts
from tests.browsers.discovery import ENGINES, Engine
from tests.browsers.page_scripts import RECORDER
from tests.browsers.visitor import Visitor
from tests.support.arrivals import Arrivals
from tests.support.site import Site
from tests.support.tag import Overrides, Tag, TagBuilder
from tests.zoo import Walk

OTHER_ACCOUNT = {"tag.site": "other"}
OLD_VERSION = {"visitor.cookie_days": 30}

AT_LEAST = 60
"""Pages that a zoo has."""


@pytest.fixture
def walk(visitor: Visitor, site: Site, arrivals: Arrivals, tag: Tag, build_tag: TagBuilder) -> Walk:
    """A walk through pages of the zoo."""
    site.tags.append(tag)

    def build(settings: Overrides) -> Pasted:
        other = build_tag(settings)
        site.tags.append(other)
        return Pasted(other.folder, other.base_url)

    others = {"other": lambda: build(OTHER_ACCOUNT), "old": lambda: build(OLD_VERSION)}
    pasted = Pasted(tag.folder, tag.base_url)
    values = parts(site.server, site.host, pasted, others, RECORDER)
    return Walk(visitor, site, arrivals, values)


@pytest.mark.parametrize("group", GROUPS)
def test_a_page_with_something_wrong_is_not_made_worse_and_its_visit_arrives(
    walk: Walk, browser_name: Engine, group: str
) -> None:
    walked = (page for page in pages(group) if not page.skip(browser_name))
    complaints = [*faults(group), *walk.through(walked)]
    assert not complaints, "\n".join(["", *complaints])


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("wrog: its title", "`wrog: its title` is no `key: value`; the keys are charset, "),
        ("visit: titel=A", "visit: there is no titel; there are title, url, "),
        ("nothing at all", "`nothing at all` is no `key: value`"),
    ],
)
def test_a_wrong_front_comment_breaks_its_own_page_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, complaint: str
) -> None:
    group = tmp_path / "group"
    group.mkdir()
    right = "<!--\nwrong: nothing\ntitle: Right\n-->\n"
    (group / "right.html").write_text(right)
    (group / "wrong.html").write_text(right.replace("-->", f"{line}\n-->"))
    monkeypatch.setattr(hostile, "ZOO", tmp_path)
    assert [page.title for page in pages("group")] == ["Right"]
    (told,) = faults("group")
    assert told.startswith(f"{group / 'wrong.html'}: {complaint}")


def test_each_page_of_the_zoo_says_what_is_wrong_and_why_something_is_lost() -> None:
    zoo = all_pages()
    assert len(zoo) >= AT_LEAST
    assert len({page.wrong for page in zoo}) == len(zoo)
    for page in zoo:
        for engine in ENGINES:
            visits = page.visits(engine)
            is_whole = bool(visits) and all(visit.is_whole for visit in visits)
            assert is_whole or page.lost(engine), f"{page.name} does not say why it loses something"
