"""Square pictures of one size, antialiased: the whole picture squeezed, or its centre cut out."""

import numpy as np
from PIL import Image


def resized(picture: Image.Image, size: int, crop: bool) -> Image.Image:
    """The picture, or the largest square in its middle, at size × size pixels by bicubic convolution.

    Pillow's filter widens with the reduction, so that fine detail is averaged and not skipped.
    """
    width, height = picture.size
    if width == height == size:
        return picture
    side = min(width, height)
    left, top = (width - side) / 2, (height - side) / 2
    box = (left, top, left + side, top + side) if crop else None
    # JPEG-like large reductions first average whole blocks; a gap of 3 is indistinguishable from none
    return picture.resize((size, size), Image.Resampling.BICUBIC, box=box, reducing_gap=3.0)


def resized_array(x: np.ndarray, size: int, crop: bool) -> np.ndarray:
    """Float images (n, c, h, w), each channel by itself; a filter's overshoot is left for the caller to cut."""
    if x.shape[2:] == (size, size):
        return x
    planes = x.reshape(-1, *x.shape[2:]).astype(np.float32)
    small = [np.asarray(resized(Image.fromarray(plane), size, crop)) for plane in planes]
    return np.stack(small).reshape(*x.shape[:2], size, size)
