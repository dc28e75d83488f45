"""What samples of a table are measured by: detection, marginals, pairs, what can be learnt from them, copies."""

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from pushforward.metrics import Metric


def numeric(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column)


def score(metric: "Metric", real: pd.DataFrame, samples: pd.DataFrame) -> float:
    """What the library's metric says, on rows as `score` reads them."""
    from pushforward.data import load

    data = load(real, native=True)
    x, y = (data.codec.encode(frame).x for frame in (real, samples))
    return metric.on(data.space)(x, y)[0].value


def learnt(train: pd.DataFrame, test: pd.DataFrame, target: str) -> float:
    """Boosted trees trained on some rows, tested on real ones: the area under the curve, or R²."""
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.metrics import r2_score, roc_auc_score

    levels = {c: sorted({*train[c].astype(str), *test[c].astype(str)}) for c in train if not numeric(train[c])}
    coded = [
        f.assign(**{c: pd.Categorical(f[c].astype(str), v) for c, v in levels.items()}).drop(columns=target)
        for f in (train, test)
    ]
    options = {"categorical_features": "from_dtype", "random_state": 0}
    if numeric(train[target]):
        trees = HistGradientBoostingRegressor(**options).fit(coded[0], train[target])
        return float(r2_score(test[target], trees.predict(coded[1])))
    positive = sorted(test[target].unique())[-1]
    trees = HistGradientBoostingClassifier(**options).fit(coded[0], train[target] == positive)
    return float(roc_auc_score(test[target] == positive, trees.predict_proba(coded[1])[:, 1]))


def copies(train: pd.DataFrame, rows: pd.DataFrame) -> float:
    """The share of rows that stand in the training table."""
    keys = lambda f: pd.util.hash_pandas_object(f.astype(str), index=False)
    return float(keys(rows).isin(set(keys(train))).mean())
