"""The pixels of more than 8 bits: Pillow keeps them for gray pictures, and colour is decoded once for each byte."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float, UInt16
from PIL import Image, ImageOps

from pushforward.errors import Refused

LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)
"""Rec. 601: what Pillow's conversion to gray uses."""

# How Pillow unpacks two bytes a channel to the first of them, and the word by which it takes the second.
LOW = {"B": "L", "L": "B", "N": "B" if sys.byteorder == "little" else "L"}
COLOURS = ("RGB;16", "RGBA;16", "RGBX;16")
GRAY_ALPHA = "LA;16B"


def is_deep(image: Image.Image) -> bool:
    """Tell whether the picture has more than 8 bits a channel, all of which can be read."""
    return image.mode.startswith("I") or any(raw[:-1] in COLOURS or raw == GRAY_ALPHA for raw in _raw(image))


def is_cut(image: Image.Image) -> bool:
    """Tell whether the picture has more than 8 bits a channel, of which only 8 can be read."""
    more = image.format == "PPM" and image.mode == "RGB" and _largest(image) > 255
    return not is_deep(image) and (more or any(";16" in raw for raw in _raw(image)))


def values(image: Image.Image, again: Callable[[], Image.Image], name: str) -> UInt16[np.ndarray, "h w c"]:
    """Return every value, upright: gray, or RGB, and transparency as a last channel where there is any.

    Args:
        image: opened, not decoded.
        again: opens it once more.
        name: for sentences.

    Raises:
        Refused: for values that are negative or beyond 16 bits.
    """
    raw = _raw(image)[0] if _raw(image) else ""
    if image.mode.startswith("I"):
        return _gray(image, name)
    if raw == GRAY_ALPHA:  # both bytes of both channels, as if they were four channels
        four = _array(_unpacked(image, "RGBA")).astype(np.uint16)
        return four[..., ::2] * 256 + four[..., 1::2]
    clear = image.info.get("transparency")
    with again() as second:
        low = _array(_unpacked(second, f"{raw[:-1]}{LOW[raw[-1]]}")).astype(np.uint16)
    colours = _array(image).astype(np.uint16) * 256 + low
    return colours if clear is None else _cleared(colours, clear)


def on_white(x: UInt16[np.ndarray, "h w c"], white: int) -> Float[np.ndarray, "h w d"]:
    """Return the colours as floats, laid on white where they are transparent."""
    if x.shape[2] in (1, 3):
        return x.astype(np.float32)
    opacity = x[..., -1:].astype(np.float32) / 65535
    return np.asarray(x[..., :-1] * opacity + white * (1 - opacity), dtype=np.float32)


def _gray(image: Image.Image, name: str) -> UInt16[np.ndarray, "h w c"]:
    clear = image.info.get("transparency")
    levels = np.asarray(ImageOps.exif_transpose(image)).astype(np.int64)
    if levels.min() < 0 or levels.max() > 65535:
        raise Refused(f"{name} must have values of 8 to 16 bits, got {levels.min()} to {levels.max()}; rescale it.")
    gray = levels[..., None].astype(np.uint16)
    return gray if clear is None else _cleared(gray, clear)


def _cleared(x: UInt16[np.ndarray, "h w c"], clear: object) -> UInt16[np.ndarray, "h w d"]:
    """Add a last channel that is 0 where the pixel has the value that stands for transparency, else the largest."""
    shown = (x != np.asarray(clear, dtype=np.int64)).any(2)
    return np.concatenate([x, (shown * 65535).astype(np.uint16)[..., None]], 2)


def _array(image: Image.Image) -> np.ndarray:
    return np.asarray(ImageOps.exif_transpose(image))


def _unpacked(image: Image.Image, raw: str) -> Image.Image:
    """Return the picture, whose bytes are to be taken as that word of Pillow says."""
    for i, tile in enumerate(tiles := _tiles(image)):
        tiles[i] = tile._replace(args=raw if isinstance(tile.args, str) else (raw, *tile.args[1:]))
    return image


def _raw(image: Image.Image) -> list[str]:
    """Return the words by which Pillow takes the bytes of each tile."""
    words = [tile.args[0] if isinstance(tile.args, tuple) and tile.args else tile.args for tile in _tiles(image)]
    return [raw for raw in words if isinstance(raw, str)]


def _largest(image: Image.Image) -> int:
    """Return the white of a portable pixmap."""
    args = next((tile.args for tile in _tiles(image)), None)
    return int(args[1]) if isinstance(args, tuple) and len(args) > 1 and isinstance(args[1], int) else 255


def _tiles(image: Image.Image) -> list[Any]:
    """Return where the pixels lie in the file, each part with how its bytes are taken."""
    tiles: list[Any] = getattr(image, "tile", [])
    return tiles
