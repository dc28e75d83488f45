"""What samples of a table are measured by: detection, marginals, pairs, what can be learnt from them, copies."""

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from pushforward.metrics import Metric


def score(metric: "Metric", real: pd.DataFrame, samples: pd.DataFrame) -> float:
    """What the library's metric says, on rows as `score` reads them."""
    from pushforward.data import load

    data = load(real, native=True)
    x, y = (data.codec.encode(frame).x for frame in (real, samples))
    return metric.on(data.space)(x, y)[0].value


def learnt(samples: pd.DataFrame, test: pd.DataFrame, target: str) -> float:
    """What trees that were trained on samples score on unseen rows: the area under the curve, or R²."""
    from pushforward.data import load
    from pushforward.metrics import learning
    from pushforward.metrics.numerics.cells import blocks_of, columns

    data = load(test, native=True)
    x, y = (columns(data.codec.encode(frame).x, blocks_of(data.space)) for frame in (test, samples))
    return learning(x, y, target).from_samples


def copies(train: pd.DataFrame, rows: pd.DataFrame) -> float:
    """The share of rows that stand in the training table."""
    keys = lambda f: pd.util.hash_pandas_object(f.astype(str), index=False)
    return float(keys(rows).isin(set(keys(train))).mean())
