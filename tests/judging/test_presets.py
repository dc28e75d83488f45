"""Presets: another program's numbers under its own names, and what it would do where a number cannot be had."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward.errors import Refused
from pushforward.features import Features
from pushforward.judging.presets import PRESETS
from pushforward.metrics import KIDSubsets

KEYS = {
    "pytorch-fid": ["FID"],
    "clean-fid": ["fid", "kid"],
    "prdc": ["precision", "recall", "density", "coverage"],
    "torch-fidelity": [
        "inception_score_mean",
        "inception_score_std",
        "frechet_inception_distance",
        "kernel_inception_distance_mean",
        "kernel_inception_distance_std",
        "precision",
        "recall",
        "f_score",
    ],
}
"""As torch-fidelity 0.4.0 (--json), pytorch-fid 0.3.0 (its line), clean-fid 0.1.35 (its functions), prdc 0.2 have."""


@dataclass(frozen=True, eq=False)
class Sorting(Features):
    """Rows as they are, in two classes by a soft threshold."""

    @property
    def protocol(self):
        return {"features": "sorting"}

    def block(self, x):
        return x.flatten(1)

    def classes(self, x, z):
        p = z[:, 0].sigmoid()
        return torch.stack([p, 1 - p], 1)


def draws(n=300, m=300, d=4):
    draw = np.random.default_rng(0)
    return draw.normal(size=(n, d)), draw.normal(size=(m, d)) * 1.1


def judged(x, y, preset, **options):
    return pf.score(x, y, preset=preset, floor=False, **options)


def test_all_presets_are_covered():
    assert {name: list(preset.keys) for name, preset in PRESETS.items()} == KEYS


@pytest.mark.parametrize("name", KEYS)
def test_keys_are_the_other_programs(name):
    x, y = draws()
    size = {"kid_subset_size": 50, "kid_subsets": 5} if "fid" in name and name != "pytorch-fid" else {}
    found = judged(x, y, name, features=Sorting(), **size).to_json()
    assert list(found["preset"]) == KEYS[name]
    assert all(isinstance(value, float) for value in found["preset"].values())


def test_torch_fidelity_by_its_formulas():
    x, y = draws()
    found = judged(x, y, "torch-fidelity", features=Sorting(), kid_subset_size=50)
    p = 1 / (1 + np.exp(-y[:, 0]))
    p = np.stack([p, 1 - p], 1)[np.random.RandomState(2020).permutation(len(y))]
    parts = np.split(p, 10)
    scores = [np.exp((q * (np.log(q) - np.log(q.mean(0)))).sum(1).mean()) for q in parts]
    assert found.preset["inception_score_mean"] == pytest.approx(np.mean(scores), rel=1e-6)
    assert found.preset["inception_score_std"] == pytest.approx(np.std(scores), rel=1e-5)
    a, b = found["precision"].value, found["recall"].value
    assert found.preset["f_score"] == pytest.approx(2 * a * b / (a + b), rel=1e-12)
    kid = KIDSubsets(size=50)(x, y)[0]
    assert found.preset["kernel_inception_distance_mean"] == pytest.approx(kid.value, rel=1e-12)
    assert found.preset["kernel_inception_distance_std"] == pytest.approx(kid.spread, rel=1e-12)


def test_without_a_preset_there_is_none():
    assert pf.score(*draws(), metrics="fid", floor=False).to_json()["preset"] is None


def test_what_features_cannot_have_is_left_out_and_said():
    found = judged(*draws(), "torch-fidelity", features="identity", kid_subset_size=50)
    assert [s.name for s in found.scores] == ["fid", "kid-subsets", "precision", "recall", "density", "coverage"]
    assert [key for key in KEYS["torch-fidelity"] if "inception_score" not in key] == list(found.preset)
    assert [w for w in found.warnings if w.startswith("inception-score is left out: ")]
    with pytest.raises(Refused, match="probabilities"):
        pf.score(*draws(), metrics="inception-score", floor=False)


def test_statistics_leave_it_out_too(tmp_path):
    x, y = draws()
    pf.score(x, y, metrics="fid", floor=False, save_reference=tmp_path / "x.npz")
    np.save(tmp_path / "y.npy", y)
    found = judged(tmp_path / "x.npz", tmp_path / "y.npy", "torch-fidelity", kid_subset_size=50, features="identity")
    assert "frechet_inception_distance" in found.preset
    assert [w for w in found.warnings if w.startswith("inception-score is left out: ")]


def test_clean_fid_takes_smaller_subsets():
    """Subsets as large as both sides are both sides: the unbiased MMD² of all rows, here term by term."""
    x, y = draws(60, 60)
    k = lambda a, b: (a @ b.T / a.shape[1] + 1) ** 3
    off = ~np.eye(60, dtype=bool)
    expected = k(x, x)[off].mean() + k(y, y)[off].mean() - 2 * k(x, y).mean()
    assert judged(x, y, "clean-fid", features="identity").preset["kid"] == pytest.approx(expected, rel=1e-9)


def test_sizes_of_subsets():
    x, y = draws()
    expected = KIDSubsets(subsets=7, size=40)(x, y)[0]
    for asked in ("energy,kid-subsets", ["energy", KIDSubsets()], "energy, kernel_inception_distance_mean"):
        found = pf.score(x, y, metrics=asked, kid_subsets=7, kid_subset_size=40, floor=False)
        assert [s.name for s in found.scores] == ["energy", "kid-subsets"]
        assert found["kid-subsets"].value == pytest.approx(expected.value, rel=1e-12)
        assert found["kid-subsets"].spread == pytest.approx(expected.spread, rel=1e-12)
        assert "subsets 7 size 40" in found.to_json()["protocol"]["line"]


def test_sizes_that_do_not_fit_are_refused():
    x, y = draws()
    with pytest.raises(Refused, match=r"draws 1000 rows a side, and one side has 300; .* --kid-subset-size 150\."):
        pf.score(x, y, metrics="kid-subsets")
    with pytest.raises(Refused, match="--kid-subset-size must be at least 2, got 1"):
        pf.score(x, y, metrics="kid-subsets", kid_subset_size=1)
    with pytest.raises(Refused, match="--kid-subsets must be at least 1, got 0"):
        pf.score(x, y, preset="torch-fidelity", kid_subsets=0)
    for others in ({"metrics": "kid"}, {}, {"preset": "prdc"}):
        with pytest.raises(Refused, match="are of the metric kid-subsets"):
            pf.score(x, y, kid_subset_size=10, **others)
