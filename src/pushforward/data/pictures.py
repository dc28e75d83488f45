"""One picture, whatever its file: upright, without transparency, 8 bits, in RGB."""

import io
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from pushforward.errors import Refused
from pushforward.runs.reading import readable

# What Pillow's decoders raise for files that are cut short or damaged.
DAMAGE = (UnidentifiedImageError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError)
# The tag of EXIF that says how the camera was held; 5 to 8 are quarter turns.
ORIENTATION, QUARTER_TURNS = 0x0112, (5, 6, 7, 8)


class Header(NamedTuple):
    """What is known of a picture before it is decoded.

    Args:
        size: width and height, in pixels.
        mode: Pillow's word for channels and depth; RGBA for all that have transparent pixels.
    """

    size: tuple[int, int]
    mode: str


@dataclass(frozen=True)
class Picture:
    """A file, or its bytes in a table.

    Args:
        name: for sentences.
        content: a path, or the bytes of the encoded image.
    """

    name: str
    content: Path | bytes

    @cached_property
    def header(self) -> Header:
        """Size as it is to be looked at, and mode, without decoding anything.

        Raises:
            Refused: with its name, if it is no image.
        """
        with readable(Path(self.name), "an image", DAMAGE), self._open() as image:
            turned = image.getexif().get(ORIENTATION) in QUARTER_TURNS
            clear = "transparency" in image.info
            return Header(image.size[::-1] if turned else image.size, "RGBA" if clear else image.mode)

    def upright(self, least: int) -> Image.Image:
        """The picture in RGB; of a JPEG perhaps a reduced one, but never below three times `least` pixels.

        Raises:
            Refused: with its name, if it is cut short, no image, or of floating-point numbers.
        """
        with readable(Path(self.name), "an image", DAMAGE), self._open() as image:
            if image.mode in ("L", "RGB"):
                image.draft(image.mode, (3 * least, 3 * least))
            image.load()
            return _opaque(_eight_bits(ImageOps.exif_transpose(image), self.name))

    def _open(self) -> Image.Image:
        return Image.open(io.BytesIO(self.content) if isinstance(self.content, bytes) else self.content)


def _eight_bits(image: Image.Image, name: str) -> Image.Image:
    """65535 → 255 for 16 bits; images of 8 bits as they are."""
    if image.mode == "F":
        raise Refused(f"{name} holds floating-point numbers, whose white is unknown; save it with 8 or 16 bits.")
    if not image.mode.startswith("I"):
        return image
    levels = np.asarray(image).astype(np.int64)
    if levels.min() < 0 or levels.max() > 65535:
        raise Refused(f"{name} must have values of 8 or 16 bits, got {levels.min()} to {levels.max()}; rescale it.")
    return Image.fromarray(np.rint(levels / 257).astype(np.uint8))


def _opaque(image: Image.Image) -> Image.Image:
    """RGB, laid on white where it is transparent."""
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB")
