"""The handwritten digits embedded in scikit-learn: 1,797 gray images of 8 × 8 pixels, the data of every example."""

import numpy as np

from pushforward.data.raw.source import Source


def digits() -> Source:
    """The handwritten digits with their classes, their 17 levels of gray spread over 0 to 255.

    Source: Alpaydin, Kaynak (1998), Optical Recognition of Handwritten Digits, test part; in scikit-learn.
    """
    from sklearn.datasets import load_digits

    bundle = load_digits()
    levels = np.rint(bundle.images * (255 / 16)).astype(np.uint8)
    notes = ("Gray levels 0 to 16 are spread over 0 to 255.",)
    return Source("digits", levels, bundle.target, levels=(0.0, 255.0), notes=notes)
