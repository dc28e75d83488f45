"""A picture, whatever its file: upright, in RGB, without transparency; with more than 8 bits where it has them."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Union

import numpy as np
from jaxtyping import UInt16
from PIL import Image, ImageOps, UnidentifiedImageError

from pushforward.data.raw.file_kinds import FORMATS
from pushforward.data.raw.png_signature import SIGNATURE
from pushforward.data.readers import deep_pixels as deep
from pushforward.errors import Refused
from pushforward.runs.file_errors import DAMAGE as OF_BYTES
from pushforward.runs.file_errors import Errors, readable

if TYPE_CHECKING:
    from pushforward.data.readers.image_archives import Member

# What Pillow's decoders raise for files that are cut short or damaged.
DAMAGE: Errors = (*OF_BYTES, UnidentifiedImageError, SyntaxError, TypeError)
# The tag of EXIF that says how the camera was held; 5 to 8 are quarter turns.
ORIENTATION, QUARTER_TURNS = 0x0112, (5, 6, 7, 8)
# The tag of TIFF that says what a page is to the others: bit 0 for a reduced copy, bit 2 for a mask.
SUBFILE, ASIDE = 254, 0b101

Content = Union[Path, bytes, Image.Image, "Member"]


class Header(NamedTuple):
    """The facts about a picture that are known before it is decoded.

    Args:
        size: width and height, in pixels.
        mode: Pillow's word for channels and depth; RGBA for all that have transparent pixels.
        form: Pillow's word for the form of the file.
        deep: whether it may have more than 8 bits a channel, all of which can be read.
        cut: whether it has more than 8 bits a channel, of which only 8 can be read.
        frames: pages of a TIFF file, pictures of an animation; 1 of anything else.
        aside: whether it is a page that shows another one, reduced or as a mask.
    """

    size: tuple[int, int]
    mode: str
    form: str = "PNG"
    deep: bool = False
    cut: bool = False
    frames: int = 1
    aside: bool = False


@dataclass(frozen=True)
class Picture:
    """A file, its bytes in a table or an archive, or a picture in memory; or one of several pictures in it.

    Args:
        name: for sentences.
        content: a path, the bytes of the encoded image, a file in an archive, or a picture that Pillow has in memory.
        frame: which of its pages or pictures.
    """

    name: str
    content: Content
    frame: int = 0

    @cached_property
    def header(self) -> Header:
        """The size as it is to be looked at, the mode and more, without decoding anything.

        Raises:
            Refused: with its name, if it is no image.
        """
        with _sound(self.name), opened(self) as image:
            return _header(image)

    @property
    def signed(self) -> bool:
        """Whether it is a PNG that this program wrote, by its signature."""
        try:
            with _sound(self.name), opened_image(self) as image:
                return bool(image.info.get("Software") == SIGNATURE)
        except Refused:
            return False

    def pages(self) -> list["Picture"]:
        """Return every picture of the file, their headers read in one pass.

        Raises:
            Refused: with its name, if one of them is damaged.
        """
        pages = []
        word = "page" if self.header.form == "TIFF" else "picture"
        with _sound(self.name), opened(self) as image:
            for frame in range(self.header.frames):
                image.seek(frame)
                page = replace(self, name=f"{self.name}, {word} {frame + 1}", frame=frame)
                vars(page)["header"] = _header(image)  # in the place of the cached property
                pages.append(page)
        return pages

    def upright(self, least: int) -> Image.Image:
        """Return RGB of 8 bits; of a JPEG perhaps reduced, but never below three times `least` pixels.

        Raises:
            Refused: with its name, if it is cut short, no image, or of floating-point numbers.
        """
        with Reel() as reel:
            return reel.upright(self, least)


class Reel:
    """A reader that opens a file once for all of its pictures that follow one another."""

    def __init__(self) -> None:
        self._content: Content | None = None
        self._image: Image.Image | None = None
        self._frame = 0

    def __enter__(self) -> "Reel":
        return self

    def __exit__(self, *raised: object) -> None:
        if self._image is not None:
            self._image.close()

    def upright(self, picture: Picture, least: int) -> Image.Image:
        """Return the picture as `Picture.upright` does."""
        with _sound(picture.name):
            image = self._at(picture)
            if image.mode == "F":
                raise Refused(f"{picture.name} holds floating-point numbers, whose white is unknown; save it with 8 or "
                              "16 bits.")  # fmt: skip
            if image.mode in ("L", "RGB"):
                image.draft(image.mode, (3 * least, 3 * least))
            image.load()
            return _opaque(ImageOps.exif_transpose(image))

    def values(self, picture: Picture) -> UInt16[np.ndarray, "h w c"]:
        """Return every value of a picture of more than 8 bits, upright; of two or four channels the last is opacity.

        Raises:
            Refused: as `upright` does, and for values that are negative or beyond 16 bits.
        """

        def again() -> Image.Image:
            second = opened_image(picture)
            second.seek(picture.frame)
            return second

        with _sound(picture.name):
            return deep.values(self._at(picture), again, picture.name)

    def _at(self, picture: Picture) -> Image.Image:
        if self._image is None or self._content is not picture.content or picture.frame <= self._frame:
            self.__exit__()
            self._content, self._image = picture.content, opened_image(picture)
        self._image.seek(picture.frame)
        self._frame = picture.frame
        return self._image


@contextmanager
def _sound(name: str) -> Iterator[None]:
    """Turn what goes wrong while a picture is read, also that it has too many pixels, into a sentence."""
    with readable(Path(name), "an image", DAMAGE):
        try:
            yield
        except Image.DecompressionBombError as error:
            most = 2 * (Image.MAX_IMAGE_PIXELS or 0)
            raise Refused(f"{name} would unpack to more than {most:,} pixels, the limit for one picture; reduce it "
                          "first.") from error  # fmt: skip


@contextmanager
def opened(picture: Picture) -> Iterator[Image.Image]:
    """Open the picture's file, whose pixels are not decoded yet, and close it at the end."""
    with opened_image(picture) as image:
        image.seek(picture.frame)
        yield image


def opened_image(picture: Picture) -> Image.Image:
    """Open the picture's file for the caller to close."""
    content = picture.content
    if isinstance(content, Image.Image):
        return content.copy()
    if not isinstance(content, Path | bytes):
        content = content.read()
    source = content if isinstance(content, Path) else io.BytesIO(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of pictures that are large but within the limit, and of odd metadata
        return Image.open(source, formats=_formats())


@cache
def _formats() -> tuple[str, ...]:
    """Return those of FORMATS that this Pillow has."""
    Image.init()
    return tuple(form for form in FORMATS if form in Image.OPEN)


def _header(image: Image.Image) -> Header:
    more = deep.is_deep(image), deep.is_cut(image)  # before Pillow decodes a PNG in search of what EXIF says
    turned = image.getexif().get(ORIENTATION) in QUARTER_TURNS
    mode = "RGBA" if "transparency" in image.info else image.mode
    size = image.size[::-1] if turned else image.size
    aside = image.format == "TIFF" and int(getattr(image, "tag_v2", {}).get(SUBFILE, 0)) & ASIDE > 0
    frames = int(getattr(image, "n_frames", 1))
    return Header(size, mode, image.format or "", *more, frames, aside)


def _opaque(image: Image.Image) -> Image.Image:
    """Return RGB, laid on white where the picture is transparent."""
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB")
