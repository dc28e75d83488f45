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


def learnt(train: pd.DataFrame, samples: pd.DataFrame, test: pd.DataFrame, target: str) -> float:
    """What trees that were trained on samples, as many as training rows, score on unseen rows: the area, or R²."""
    from pushforward.data import load
    from pushforward.metrics import learning
    from pushforward.metrics.numerics.cells import blocks_of, columns

    data = load(train, native=True)
    x, y, seen = (columns(data.codec.encode(frame).x, blocks_of(data.space)) for frame in (test, samples, train))
    return learning(x, y, target, seen).from_samples


def closer(train: pd.DataFrame, test: pd.DataFrame, rows: pd.DataFrame) -> float:
    """The share of rows that lie nearer to a training row than to an unseen one, of equally many; 0.5 of new ones."""
    from pushforward.data import load
    from pushforward.metrics import audit
    from pushforward.metrics.numerics.cells import blocks_of, columns

    data = load(train, native=True)
    sides = (columns(data.codec.encode(frame).x, blocks_of(data.space)) for frame in (train, test, rows))
    return audit(*sides).closer


def copies(train: pd.DataFrame, rows: pd.DataFrame) -> float:
    """The share of rows that stand in the training table."""
    keys = lambda f: pd.util.hash_pandas_object(f.astype(str), index=False)
    return float(keys(rows).isin(set(keys(train))).mean())
