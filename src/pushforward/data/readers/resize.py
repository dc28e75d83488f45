"""The resizing of pictures to one size, antialiased: the whole picture squeezed, or its centre cut out."""

import numpy as np
from PIL import Image


def resized(picture: Image.Image, height: int, width: int, crop: bool) -> Image.Image:
    """Return the picture, or the largest box of the wanted shape in its middle, by bicubic convolution.

    Pillow's filter widens with the reduction, so that fine detail is averaged and not skipped.

    Args:
        picture: of any size.
        height: wanted, in pixels.
        width: wanted, in pixels.
        crop: cut the middle out; if not, squeeze the whole.
    """
    if picture.size == (width, height):
        return picture
    scale = min(picture.width / width, picture.height / height)
    across, down = (picture.width - width * scale) / 2, (picture.height - height * scale) / 2
    box = (across, down, picture.width - across, picture.height - down) if crop else None
    # Large reductions first average whole blocks; from a gap of 3 on the result can hardly be told from the exact one.
    return picture.resize((width, height), Image.Resampling.BICUBIC, box=box, reducing_gap=3.0)


def resized_array(x: np.ndarray, height: int, width: int, crop: bool) -> np.ndarray:
    """Return float images (n, c, h, w), each channel resized by itself; overshoot is left for the caller to cut."""
    if x.shape[2:] == (height, width):
        return x
    planes = x.reshape(-1, *x.shape[2:]).astype(np.float32)
    small = [np.asarray(resized(Image.fromarray(plane), height, width, crop)) for plane in planes]
    return np.stack(small).reshape(*x.shape[:2], height, width)
