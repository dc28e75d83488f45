"""Units of columns: medians and interquartile ranges, what takes their place, and what is stored of them."""

import json

import numpy as np
import pytest
import torch
from scipy.stats import iqr
from sklearn.preprocessing import RobustScaler

from pushforward.errors import Refused
from pushforward.features import Identity, Robust, Unscaled
from pushforward.features.scaling import restored


def test_is_what_scikit_learn_does():
    x = np.random.default_rng(0).standard_t(2, size=(101, 3)) * [1, 1e-6, 1e9] + [0, 1e3, -5]
    theirs = RobustScaler().fit_transform(x)
    np.testing.assert_allclose(Robust.of(torch.from_numpy(x))(torch.from_numpy(x)), theirs, rtol=1e-12)


def test_a_column_whose_middle_half_is_one_value_has_its_deviation():
    x = torch.zeros(100, 1, dtype=torch.float64)
    x[:10, 0] = 5.0
    assert iqr(x[:, 0].numpy()) == 0
    assert Robust.of(x).spread[0] == pytest.approx(x.numpy().std(), rel=1e-12)


def test_a_constant_column_is_only_centred():
    found = Robust.of(torch.full((9, 1), 7.0))
    assert found(torch.tensor([[7.0], [7.25]])).flatten().tolist() == [0.0, 0.25]


def test_values_near_overflow_are_scaled():
    x = 1e308 * torch.linspace(-1, 1, 99, dtype=torch.float64)[:, None]
    assert Robust.of(x / 2)(x / 2).abs().max() == pytest.approx(1.0, rel=1e-12)
    with pytest.raises(Refused, match="too far for float64"):
        Robust.of(torch.tensor([[1.5e308], [-1.5e308]], dtype=torch.float64).repeat(50, 1))


@pytest.mark.parametrize("scaling", [Unscaled(), Robust((1.0, 2.0), (3.0, 4.0))])
def test_what_is_stored_is_restored(scaling):
    assert restored(json.loads(json.dumps(scaling.to_json()))) == scaling


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"scale": "minmax"},
        {"scale": "robust", "centre": [0.0]},
        {"scale": "robust", "centre": [0.0], "spread": [0.0]},
        {"scale": "robust", "centre": [0.0, 1.0], "spread": [1.0]},
        {"scale": "robust", "centre": ["0"], "spread": [1.0]},
        {"scale": "robust", "centre": [float("nan")], "spread": [1.0]},
    ],
)
def test_anything_else_is_refused(stored):
    with pytest.raises(Refused, match="stored scaling"):
        restored(stored)


def test_the_protocol_says_the_scale_of_rows_alone():
    assert Identity(Robust((0.0,), (1.0,))).protocol["scale"] == "robust"
    assert Identity(Unscaled()).protocol["scale"] == "none"
    assert "scale" not in Identity().protocol


def test_rows_keep_their_precision():
    x = torch.tensor([[1e9 + 0.25]], dtype=torch.float64)
    assert Identity()(x).dtype == torch.float64
    assert float(Identity(Unscaled())(x)) == 1e9 + 0.25
