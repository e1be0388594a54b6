"""This file holds the look at a picture, which is painted anew: the picture alone is kept.

Painting anew drops what cameras add (place, device, names) and whatever was glued on.
"""

from __future__ import annotations

import io
import threading
from typing import TYPE_CHECKING, Any

from partner_assess.domain.evidence import RefusedFile

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 40_000_000

# A picture of 40 million pixels takes 160 MB, twice while it is turned: one at a time.
_PAINTING = threading.Lock()


def checked_png(content: bytes) -> bytes:
    """Return a PNG without anything but its picture.

    Raises:
        RefusedFile: it is too large, damaged or no PNG.
    """
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        raise RefusedFile("file_content_differs", extension="png")
    _require_end(content, b"IEND")
    return _painted_anew(content, "PNG", compress_level=4)


def checked_jpeg(content: bytes) -> bytes:
    """Return a JPEG without anything but its picture, turned the way it was shown.

    Raises:
        RefusedFile: it is too large, damaged or no JPEG.
    """
    if not content.startswith(b"\xff\xd8\xff"):
        raise RefusedFile("file_content_differs", extension="jpg")
    _require_end(content, b"\xff\xd9")
    return _painted_anew(content, "JPEG", quality=85)


def _require_end(content: bytes, mark: bytes) -> None:
    """Refuse a picture that was cut off. Pillow alone may show what is left of it.

    How it takes a short file is one switch for the whole process, which others set too.
    """
    if mark not in content:
        raise RefusedFile("file_damaged")


def _painted_anew(content: bytes, kind: str, **how: Any) -> bytes:
    # Imported with the first picture: the web process carries no more than it serves with.
    from PIL import Image

    painted = io.BytesIO()
    try:
        with _PAINTING, Image.open(io.BytesIO(content), formats=(kind,)) as image:
            _require_pixels(image)
            _upright(image).save(painted, kind, **how)
    except (RefusedFile, MemoryError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except Exception as error:  # decoders raise anything at all on a hostile file
        raise RefusedFile("file_damaged") from error
    return painted.getvalue()


def _require_pixels(image: Image.Image) -> None:
    """Refuse by the stated size; nothing is unpacked yet."""
    if image.width * image.height > MAX_PIXELS:
        raise _too_large()


def _too_large() -> RefusedFile:
    return RefusedFile("file_image_too_large", limit_megapixels=MAX_PIXELS // 1_000_000)


def _upright(image: Image.Image) -> Image.Image:
    """Return the picture turned as its camera noted, with no note left."""
    from PIL import ImageOps

    ImageOps.exif_transpose(image, in_place=True)
    image.info = {key: value for key, value in image.info.items() if key == "transparency"}
    return image
