"""Two samplers of tables that ask for no fit worth the name: columns by themselves, and a chain of trees."""

import numpy as np
import pandas as pd


def independent(train: pd.DataFrame, n: int, seed: int) -> pd.DataFrame:
    """Every column drawn from its own values, whatever the others are."""
    draw = np.random.default_rng(seed)
    return pd.DataFrame({c: train[c].to_numpy()[draw.integers(0, len(train), n)] for c in train}).astype(train.dtypes)


def cart(train: pd.DataFrame, n: int, seed: int, leaf: int = 5) -> pd.DataFrame:
    """Every column drawn from a leaf of a tree on the columns before it: one of the values of that leaf's rows.

    The idea of synthpop (Nowok, Raab, Dibben 2016), with scikit-learn's trees.
    """
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    draw, places = np.random.default_rng(seed), np.zeros((n, train.shape[1]), dtype=int)
    numbers = pd.DataFrame({c: _number(train[c]) for c in train})
    for j, name in enumerate(train):
        if j == 0:
            places[:, 0] = draw.integers(0, len(train), n)
            continue
        x = numbers.iloc[:, :j].to_numpy()
        drawn = np.stack([x[places[:, i], i] for i in range(j)], 1)
        kind = DecisionTreeRegressor if pd.api.types.is_numeric_dtype(train[name]) else DecisionTreeClassifier
        tree = kind(min_samples_leaf=leaf, random_state=seed).fit(x, numbers[name])
        at, ours = tree.apply(x), tree.apply(drawn)
        order = np.argsort(at, kind="stable")
        first, last = np.searchsorted(at[order], ours), np.searchsorted(at[order], ours, side="right")
        places[:, j] = order[first + (draw.random(n) * (last - first)).astype(int)]
    return pd.DataFrame({c: train[c].to_numpy()[places[:, j]] for j, c in enumerate(train)}).astype(train.dtypes)


def _number(column: pd.Series) -> np.ndarray:
    """A column as numbers: levels by their place, what is missing below all."""
    values = column.to_numpy(float, na_value=np.nan) if pd.api.types.is_numeric_dtype(column) else pd.factorize(
        column, sort=True)[0].astype(float)  # fmt: skip
    return np.where(np.isnan(values), np.nanmin(values) - 1, values)
