"""The suite itself: what it makes of a picture that is not as its reference. Without a browser."""

from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.support.pictures import FONTS, PIXELS, REFERENCES, STEP, OtherFontsError, differs

PICTURE = REFERENCES / "chromium-light-panel-en.png"


@pytest.fixture(autouse=True)
def _no_renewal(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that these compare also in a run that takes references anew."""
    monkeypatch.delenv("AZALEAD_RENEW_PICTURES", raising=False)


@pytest.fixture
def picture() -> Image.Image:
    """A reference of this repository."""
    with Image.open(PICTURE) as kept:
        return kept.convert("RGB")


def verdict(folder: Path, picture: Image.Image, fonts: str = "these") -> str | None:
    """What is said of a picture that is compared with the reference."""
    for place, image, drawn in (("then", PICTURE, "these"), ("now", picture, fonts)):
        facts = PngInfo()
        facts.add_text(FONTS, drawn)
        file = folder / place / PICTURE.name
        file.parent.mkdir()
        opened = Image.open(image) if isinstance(image, Path) else image
        opened.save(file, pnginfo=facts)
    return differs(folder / "now" / PICTURE.name, folder / "then")


def test_the_same_picture_is_taken_for_the_same(tmp_path: Path, picture: Image.Image) -> None:
    assert verdict(tmp_path, picture) is None


def test_an_icon_that_moved_by_a_pixel_is_refused(tmp_path: Path, picture: Image.Image) -> None:
    """The close button's cross, alone among all that stayed."""
    area = (272, 10, 300, 38)
    picture.paste(picture.crop(area), (area[0], area[1] + 1))
    said = verdict(tmp_path, picture)
    assert said is not None
    assert "pixels of it are different" in said


@pytest.mark.parametrize(("count", "is_refused"), [(PIXELS, False), (PIXELS + 1, True)])
def test_a_corner_that_is_rounder_is_refused(
    tmp_path: Path, picture: Image.Image, count: int, *, is_refused: bool
) -> None:
    for x in range(count):
        red, green, blue = picture.getpixel((x, 0))  # type: ignore[misc] # RGB has three
        picture.putpixel((x, 0), (red ^ 64, green, blue))
    assert bool(verdict(tmp_path, picture)) == is_refused


@pytest.mark.parametrize(("step", "is_refused"), [(STEP, False), (STEP + 1, True)])
def test_a_colour_that_is_another_is_refused(
    tmp_path: Path, picture: Image.Image, step: int, *, is_refused: bool
) -> None:
    changed = picture.point(lambda value: value - step if value > STEP else value + step)
    assert bool(verdict(tmp_path, changed)) == is_refused


def test_a_picture_of_another_size_is_refused(tmp_path: Path, picture: Image.Image) -> None:
    smaller = picture.crop((0, 0, picture.width - 1, picture.height))
    assert "instead of" in str(verdict(tmp_path, smaller))


def test_where_letters_are_drawn_otherwise_nothing_is_compared(
    tmp_path: Path, picture: Image.Image
) -> None:
    with pytest.raises(OtherFontsError):
        verdict(tmp_path, picture, fonts="others")
