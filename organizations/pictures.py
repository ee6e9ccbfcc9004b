"""Pictures that people upload become our own: decoded, cropped to a square, and written anew.

Nothing of the file survives but what is to be seen: no place, no program, no second file behind the first.
"""

from io import BytesIO
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from manager.web.refused import Refused
from manager.web.uploads import MOST_BYTES

SIDE = 256
MOST_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
TYPES = ("image/png", "image/jpeg", "image/webp", "image/gif")
ORIENTATION = 0x0112


def square(upload: IO[bytes]) -> bytes:
    """The middle of the picture, upright, as a PNG of 256 by 256. Refused, with the reason, when it is no picture.

    What it is, its content says; never its name or what the browser calls it.
    """
    data = upload.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise Refused(_("This file is larger than 5 MB. Make it smaller, or choose another one."), field="logo")
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise Image.DecompressionBombError
            made = _drawn(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        text = _("This picture has more than 40 million points. Make it smaller, or choose another one.")
        raise Refused(text, field="logo") from error
    except Image.UnidentifiedImageError as error:
        raise Refused(_no_picture(data), field="logo") from error
    # A decoder meets broken files with errors of many kinds.
    except Exception as error:
        text = _("This picture cannot be read: the file is damaged. Save it anew, or choose another one.")
        raise Refused(text, field="logo") from error
    out = BytesIO()
    made.save(out, "PNG", optimize=True)
    return out.getvalue()


def _drawn(picture: Image.Image) -> Image.Image:
    orientation = picture.getexif().get(ORIENTATION, 1)
    # A camera's picture is decoded small at once.
    picture.draft("RGB", (2 * SIDE, 2 * SIDE))
    colours = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    # A square from the middle is the same one however the picture lies, so it is turned when it is small.
    small = ImageOps.fit(colours, (SIDE, SIDE), Image.Resampling.LANCZOS)
    small.getexif()[ORIENTATION] = orientation
    made = ImageOps.exif_transpose(small)
    made.info = {}
    return made


def _no_picture(data: bytes) -> str:
    if b"<svg" in data[:4096].lower():
        return _("SVG drawings can hold programs, so they are not taken. Save it as PNG and choose that file.")
    return _("This is not a picture that we can read. Choose a PNG, JPEG, WebP or GIF file.")
