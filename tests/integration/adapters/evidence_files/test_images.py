from __future__ import annotations

import io

import pytest
from PIL import Image

from partner_assess.adapters.evidence_files import checked
from tests.uploads import a_picture, a_png_that_states, packed, refusal


@pytest.mark.parametrize(
    ("width", "height"), [(50_000, 50_000), (8_000, 5_001), (12_000, 12_000), (2**31 - 1, 1)]
)
def test_a_picture_of_too_many_points_is_refused_by_what_it_states(width: int, height: int) -> None:
    assert refusal("a.png", a_png_that_states(width, height)) == "file_image_too_large"


def test_a_picture_of_no_points_is_refused() -> None:
    assert refusal("a.png", a_png_that_states(0, 10)) == "file_damaged"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_looks_the_same_afterwards(mode: str) -> None:
    before = a_picture("PNG", mode)
    after = checked("a.png", before).content
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(after)) as new:
        assert (new.format, new.mode, new.size) == ("PNG", old.mode, old.size)
        assert new.tobytes() == old.tobytes()


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_kind_of_jpeg_is_kept(mode: str) -> None:
    with Image.open(io.BytesIO(checked("a.jpeg", a_picture("JPEG", mode)).content)) as new:
        assert (new.format, new.mode, new.size) == ("JPEG", mode, (30, 20))


def test_the_see_through_colour_of_a_png_stays() -> None:
    before = a_picture("PNG", "L", transparency=120)
    with Image.open(io.BytesIO(checked("a.png", before).content)) as new:
        assert new.info == {"transparency": 120}


@pytest.mark.parametrize(("kind", "filename"), [("PNG", "a.png"), ("JPEG", "a.jpg")])
def test_place_device_comment_and_what_was_glued_on_are_gone(kind: str, filename: str) -> None:
    noted = Image.Exif()
    noted[0x010F] = "SECRETMAKER"
    noted.get_ifd(0x8825)[1] = "N"
    before = a_picture(kind, exif=noted, comment=b"SECRETWORDS", icc_profile=b"SECRETPROFILE")
    assert b"SECRET" in before
    after = checked(filename, before + packed({"secret.txt": "SECRET"})).content
    assert b"SECRET" not in after
    with Image.open(io.BytesIO(after)) as new:
        assert not new.getexif()
        assert not new.info.keys() & {"exif", "comment", "icc_profile", "xmp"}


@pytest.mark.parametrize(("kind", "filename"), [("PNG", "a.png"), ("JPEG", "a.jpg")])
def test_a_picture_is_turned_the_way_its_camera_noted(kind: str, filename: str) -> None:
    noted = Image.Exif()
    noted[0x0112] = 6
    after = checked(filename, a_picture(kind, exif=noted)).content
    with Image.open(io.BytesIO(after)) as new:
        assert new.size == (20, 30)


def test_of_a_phones_several_pictures_in_one_the_first_is_kept() -> None:
    file = io.BytesIO()
    first, second = Image.new("RGB", (30, 20), "red"), Image.new("RGB", (9, 9), "blue")
    first.save(file, "MPO", save_all=True, append_images=[second])
    with Image.open(io.BytesIO(checked("a.jpg", file.getvalue()).content)) as new:
        assert (new.format, new.size) == ("JPEG", (30, 20))


def test_a_picture_that_its_decoder_stumbles_over_is_refused_like_any_damaged_one() -> None:
    png = a_picture("PNG", "P")
    palette = png.index(b"PLTE")
    assert refusal("a.png", png.replace(b"PLTE", b"xxXx")) == "file_damaged"
    assert refusal("a.png", png[: palette + 10]) == "file_damaged"
