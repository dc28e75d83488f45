"""The verdict: the contract of its JSON, what it says in words, and that a seed is an answer."""

import json
from types import SimpleNamespace

import pytest
import torch

from pushforward.errors import Refused
from pushforward.metrics import Embedding, verdict

SCORE = {"value", "stderr", "interval", "better", "uncertainty", "note", "spread", "floor"}
TEST = {"statistic", "p_value", "level", "rejected", "permutations", "effect_size", "detectable"}


class Signs:
    """Features of two classes by the sign of the first coordinate."""

    protocol = {"features": "signs"}

    def __call__(self, x):
        return x

    def classify(self, x):
        return torch.stack([(x[:, 0] > 0).double(), (x[:, 0] <= 0).double()], 1)


@pytest.fixture
def draw(rng):
    return lambda n: torch.randn(n, 2, generator=rng)


def test_json_is_the_contract(draw):
    modes = SimpleNamespace(centers=torch.zeros(1, 2), std=1.0)
    x = draw(60)
    found = verdict(x, draw(60), train=draw(100), labels=(x[:, 0] <= 0).long(), features=Signs(), modes=modes)
    entry = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert set(entry) == {
        "version", "n_data", "n_samples", "part", "scores", "tests", "modes", "features", "protocol", "words"
    }  # fmt: skip
    assert list(entry["scores"]) == [
        "mmd", "energy", "precision", "recall", "density", "coverage", "kid", "class-kl", "memorisation"
    ]  # fmt: skip
    assert all(set(score) == SCORE for score in entry["scores"].values())
    assert set(entry["tests"]) == {"two-sample", "memorisation"}
    assert all(set(test) == TEST for test in entry["tests"].values())
    assert (entry["version"], entry["part"], entry["n_data"], entry["n_samples"]) == (1, "test", 60, 60)
    assert entry["features"] == {"features": "signs"}
    assert "right on 100 % of the data" in entry["words"]
    assert isinstance(Signs(), Embedding)


def test_what_was_not_given_is_null(draw):
    entry = verdict(draw(30), draw(30)).to_json()
    assert entry["modes"] is None
    assert entry["features"] is None
    assert set(entry["tests"]) == {"two-sample"}
    assert "kid" not in entry["scores"]


def test_says_what_it_could_have_seen_when_it_sees_nothing(draw):
    found = verdict(draw(50), draw(50))
    assert not found.two_sample.rejected
    assert "does not tell them apart" in found.words
    assert "four times in five" in found.words


def test_says_how_far_apart_they_are(draw):
    found = verdict(draw(50), draw(50) + 3)
    assert "tells them apart (p = 0.001, the least that 999 relabellings can give)" in found.words


def test_says_when_training_rows_are_copied(draw):
    train = draw(200)
    words = verdict(draw(50), train[:50], train=train).words
    assert "a sign of copying; 100 % of them equal a training row" in words


def test_sides_are_made_equal(draw):
    found = verdict(draw(40), draw(90))
    assert (found.n_data, found.n_samples) == (40, 40)
    assert "Measured on 40 rows of data and 40 samples." in found.words


def test_a_seed_is_an_answer(draw):
    x, y = draw(40), draw(60)
    assert verdict(x, y, seed=2).to_json() == verdict(x, y, seed=2).to_json()


def test_score_by_name(draw):
    found = verdict(draw(30), draw(30))
    assert found["precision"].better == "higher"


@pytest.mark.parametrize(("n", "value"), [(5, 0.0), (30, float("nan"))])
def test_refuses(draw, n, value):
    with pytest.raises(Refused, match="verdict"):
        verdict(draw(30), draw(n) + value)
