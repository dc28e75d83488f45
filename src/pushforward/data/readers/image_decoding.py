"""The decoding of an album's pictures, one by one, to one size and one depth."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pushforward.data.raw.pixel_range import DEPTHS, TooDeep, too_deep, white_of
from pushforward.data.readers.albums import Album
from pushforward.data.readers.deep_pixels import LUMA, on_white
from pushforward.data.readers.image_file import Picture, Reel
from pushforward.data.readers.image_pages import REMEDY
from pushforward.data.readers.resize import resized, resized_array
from pushforward.errors import Refused


@dataclass(frozen=True)
class Decoding:
    """The size, the channels and the depth to which pictures are decoded.

    Args:
        height: wanted, in pixels.
        width: wanted, in pixels.
        crop: cut the middle out; if not, squeeze the whole.
        gray: one channel instead of three.
        white: the value that stands for it, 2^bits − 1.
        skip: leave out what cannot be decoded, instead of refusing all.
    """

    height: int
    width: int
    crop: bool
    gray: bool
    white: int
    skip: bool

    def pixels(self, picture: Picture, reel: Reel) -> np.ndarray:
        """Return (h, w, c) of bytes, or of two bytes where white is beyond 255.

        Raises:
            Refused: if it cannot be decoded, or has a value beyond white.
        """
        if picture.header.deep:
            return self._deep(picture, reel)
        upright = reel.upright(picture, max(self.height, self.width))
        image = resized(upright, self.height, self.width, self.crop)
        x = np.asarray(image.convert("L"))[..., None] if self.gray else np.asarray(image)
        return x if self.white == 255 else np.rint(x * (self.white / 255)).astype(np.uint16)

    def _deep(self, picture: Picture, reel: Reel) -> np.ndarray:
        values = reel.values(picture)
        if (high := _high(values)) > self.white:
            raise too_deep(picture.name, high, self.white)
        x = np.moveaxis(on_white(values, self.white), 2, 0)[None]
        x = resized_array(x, self.height, self.width, self.crop)[0].clip(0, self.white)
        x = np.moveaxis(x, 0, 2)
        x = x if x.shape[2] == 3 or self.gray else np.repeat(x, 3, 2)
        x = (x @ LUMA)[..., None] if self.gray and x.shape[2] == 3 else x
        return np.rint(x).astype(np.uint8 if self.white == 255 else np.uint16)


def white_of_album(album: Album, skip: bool) -> int:
    """Return the white of the least of 8, 10, 12, 14 and 16 bits that holds every value of every picture."""
    high = 255
    with Reel() as reel:
        for picture in album.pictures:
            if not picture.header.deep or high > DEPTHS[-2]:
                continue
            try:
                high = max(high, _high(reel.values(picture)))
            except Refused as refusal:
                if not skip:
                    raise Refused(f"{str(refusal).rstrip('.')}{REMEDY}") from refusal
    return white_of(high)


def decode(album: Album, how: Decoding) -> Iterator[tuple[int, np.ndarray | str]]:
    """Yield (number, array) of each picture, or why it cannot be read.

    Raises:
        Refused: for one that cannot be read, where such are not to be left out, and for one of more bits than the data.
    """
    with Reel() as reel:
        for i, picture in enumerate(album.pictures):
            try:
                yield i, how.pixels(picture, reel)
            except TooDeep:
                raise
            except Refused as refusal:
                if not how.skip:
                    raise Refused(f"{str(refusal).rstrip('.')}{REMEDY}") from refusal
                yield i, str(refusal)


def _high(values: np.ndarray) -> int:
    """Return the largest value that is no transparency."""
    return int(values[..., : values.shape[2] - (values.shape[2] % 2 == 0)].max(initial=0))
