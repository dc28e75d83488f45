"""The sheet of pictures on a grid, enlarged without smoothing, so that every pixel can be judged."""

import io
from math import ceil, sqrt

import numpy as np
from PIL import Image

GAP = 4
WIDEST = 1400


def montage(pictures: np.ndarray, columns: int | None = None, width: int = 880) -> np.ndarray:
    """Return pictures (n, h, w, c) as one (H, W, c) of about `width` pixels, with a white gap between two.

    Args:
        pictures: of 8 bits a channel.
        columns: on a row; about the square root of n by default.
        width: in pixels, reached by whole enlargement of each pixel.
    """
    n, h, w, c = pictures.shape
    columns = columns or ceil(sqrt(n))
    rows = ceil(n / columns)
    times = max(1, round(width / (columns * w)))
    high, wide = h * times, w * times
    sheet = np.full((rows * (high + GAP) - GAP, columns * (wide + GAP) - GAP, c), 255, dtype=np.uint8)
    for place, picture in enumerate(pictures.repeat(times, axis=1).repeat(times, axis=2)):
        top, left = place // columns * (high + GAP), place % columns * (wide + GAP)
        sheet[top : top + high, left : left + wide] = picture
    return sheet


def capacity(pictures: np.ndarray) -> int:
    """Return how many pictures a sheet holds without shrinking any: a square of them, `WIDEST` pixels wide at most."""
    side = max(2, WIDEST // pictures.shape[2])
    return min(len(pictures), side * side)


def png_bytes(picture: np.ndarray) -> bytes:
    """Return a picture (h, w, 1 or 3) as the bytes of a PNG."""
    buffer = io.BytesIO()
    Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture).save(buffer, "PNG")
    return buffer.getvalue()
