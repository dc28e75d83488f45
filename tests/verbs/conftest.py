"""Small data on disk, and `fit` with a cheap probe."""

from dataclasses import dataclass

import numpy as np
import pytest

import pushforward as pf
from pushforward.networks import MLP
from pushforward.samplers import Normal


@dataclass(frozen=True)
class Number:
    """What a probe gives."""

    value: float
    stderr: float | None = None
    better: str = "lower"


PROBES = {"closeness": lambda x, y: Number((x.mean(0) - y.mean(0)).norm().item())}


@pytest.fixture
def rows(tmp_path):
    """A file of 200 rows, 140 of them for training."""
    path = tmp_path / "rows.npy"
    np.save(path, np.random.default_rng(0).normal(size=(200, 2)).astype("float32"))
    return path


@pytest.fixture
def data(rows) -> pf.data.Data:
    return pf.data.load(rows)


@pytest.fixture
def game(data):
    """Makes a small game of the data."""
    return lambda **arguments: pf.recipes.gram(
        data.space, **{"network": MLP((8,)), "noise": Normal(3), "batch_size": 8} | arguments
    )


@pytest.fixture
def fit():
    """`pf.fit` with a cheap probe, without words or verdict."""

    def fitted(game, data, run=None, **settings):
        usual = {"steps": 4, "verdict": False, "quiet": True, "probes": PROBES, "device": "cpu"}
        return pf.fit(game, data, run=run, **usual | settings)

    return fitted


@pytest.fixture
def resume():
    """`pf.resume` with the same probe."""
    return lambda run, **settings: pf.resume(run, **{"probes": PROBES, "quiet": True} | settings)


@pytest.fixture
def finished(child):
    """Runs a script to its end in a process of its own."""

    def run(script, **names):
        process = child(script, **names)
        process.join(120)
        assert process.exitcode == 0

    return run
