"""What samples of a table are measured by: detection, marginals, pairs, what can be learnt from them, copies."""

from itertools import combinations

import numpy as np
import pandas as pd


def numeric(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column)


def detection(test: pd.DataFrame, samples: pd.DataFrame) -> float:
    """Boosted trees on unseen rows against as many samples, as `score` has it."""
    from pushforward.data import load
    from pushforward.metrics import Detection

    data = load(test, native=True)
    x, y = (data.codec.encode(frame).x for frame in (test, samples))
    return Detection().on(data.space)(x, y)[0].value


def shape(real: pd.DataFrame, samples: pd.DataFrame) -> float:
    """Mean over the columns of Kolmogorov and Smirnov's distance, or of the total variation of levels."""
    from scipy.stats import ks_2samp

    def apart(c: str) -> float:
        if numeric(real[c]):
            return ks_2samp(real[c].dropna(), samples[c].dropna()).statistic
        p, q = (f[c].astype(str).value_counts(normalize=True) for f in (real, samples))
        return p.sub(q, fill_value=0).abs().sum() / 2

    return float(np.mean([apart(c) for c in real]))


def trend(real: pd.DataFrame, samples: pd.DataFrame) -> float:
    """Mean over pairs of half the change of the correlation, or of the total variation of a table of both columns.

    Numbers beside levels are in ten bins of equal width, those of the real column.
    """
    cells = {c: _cells(real[c], samples[c]) for c in real}

    def apart(a: str, b: str) -> float:
        if numeric(real[a]) and numeric(real[b]):
            r, s = (f[[a, b]].corr().iloc[0, 1] for f in (real, samples))
            return abs(r - np.nan_to_num(s)) / 2
        p, q = (pd.Series(cells[a][i] * 1000 + cells[b][i]).value_counts(normalize=True) for i in (0, 1))
        return p.sub(q, fill_value=0).abs().sum() / 2

    return float(np.mean([apart(a, b) for a, b in combinations(real, 2)]))


def _cells(x: pd.Series, y: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    if not numeric(x):
        known = {level: i for i, level in enumerate(sorted({*x.astype(str), *y.astype(str)}))}
        return x.astype(str).map(known).to_numpy(), y.astype(str).map(known).to_numpy()
    edges = np.histogram_bin_edges(x.dropna(), bins=10)[1:-1]
    binned = lambda v: np.where(np.isnan(v), 99, np.digitize(v, edges))
    return binned(x.to_numpy(float)), binned(y.to_numpy(float))


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
