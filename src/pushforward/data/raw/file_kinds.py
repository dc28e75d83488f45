"""The kind of a file, known by its first bytes and not by its name."""

import re
from pathlib import PurePath

ENDINGS = (".png", ".apng", ".jpg", ".jpeg", ".jfif", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".ppm", ".pgm", ".pbm",
           ".pnm", ".avif", ".jp2", ".qoi")  # fmt: skip
"""A file so called that is no image is a damaged one."""

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", "PPM", "AVIF", "JPEG2000", "QOI")
"""Pillow's words for what it may take a file for: none of them calls another program or opens another file."""

START = 32
"""Bytes that tell an image from another file."""

# Photographs as the sensor saw them: TIFF files whose first page is a thumbnail.
RAW = (".3fr", ".arw", ".cr2", ".dng", ".erf", ".kdc", ".mos", ".nef", ".nrw", ".orf", ".pef", ".rw2", ".sr2", ".srw")

SIGNS = re.compile(
    rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|II[*+]\0|MM\0[*+]|qoif"
    rb"|\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51|....ftypavi[fs]"
    rb"|BM.{12}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0|P[456]\s+[\d#]",
    re.DOTALL,
)


def is_picture(name: PurePath, start: bytes) -> bool:
    r"""Tell whether a file is an image, or says by its name that it is one.

    Args:
        name: of the file.
        start: its first START bytes, or fewer.
    Example:
        >>> is_picture(PurePath("photo"), b"\xff\xd8\xff\xe0"), is_picture(PurePath("notes.txt"), b"BM: 3.5 points")
        (True, False)
    """
    ending = name.suffix.lower()
    return ending in ENDINGS or (ending not in RAW and SIGNS.match(start) is not None)
