"""A table of your own as data: two columns of numbers, and one of levels."""

import numpy as np
import pandas as pd

MELTING = {"gold": 1064.0, "lead": 327.0, "tin": 232.0}  # °C


def table() -> pd.DataFrame:
    """600 pieces of metal: what each is made of, its mass in grams, and when it was seen to melt."""
    draw = np.random.default_rng(0)
    metal = draw.choice(list(MELTING), size=600, p=[0.2, 0.3, 0.5])
    seen = draw.normal([MELTING[name] for name in metal], 5.0)
    return pd.DataFrame({"metal": metal, "mass": draw.lognormal(3.0, 0.4, size=600), "melting": seen})
