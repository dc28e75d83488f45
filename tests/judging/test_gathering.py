"""Samples of a run cost nothing: more of them are drawn where that makes an error small, and no score changes."""

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward.features import Features, Identity
from pushforward.judging.case import Case
from pushforward.judging.gathering import further_features, further_probabilities
from pushforward.spaces import Batch


class Drawn:
    """Samples that remember how they were asked for."""

    def __init__(self):
        self.asked = []

    def __call__(self, n, seed):
        self.asked.append((n, seed))
        return Batch(torch.full((n, 2), float(seed)))


class Sorter(Features):
    """A classifier of two classes by the sign of the first coordinate."""

    protocol = {"features": "signs"}

    def block(self, x):
        return x

    def classes(self, x, z):
        right = (z[:, :1] > 0).float()
        return torch.cat([right, 1 - right], 1)


def case(n, m, more, train=True):
    data = pf.data.load(np.random.default_rng(0).normal(size=(40, 2)).astype("float32"))
    x, y = Batch(torch.zeros(n, 2)), Batch(torch.zeros(m, 2))
    return Case(data, x, y, ("data", "samples"), n, train=x if train else None, more=more)


@pytest.mark.parametrize(("n", "m", "added"), [(30, 30, [270]), (270, 270, [1000, 1000, 430]), (2000, 9500, [500])])
def test_ten_times_as_many_samples_as_data_are_sorted(n, m, added):
    more = Drawn()
    found = further_probabilities(case(n, m, more), Sorter(), seed=3)
    assert more.asked == [(size, 4 + place) for place, size in enumerate(added)]
    assert len(found) == sum(added)


def test_two_thousand_samples_are_searched_for_copies():
    more = Drawn()
    found = further_features(case(30, 30, more), Identity(), seed=0)
    assert [n for n, _ in more.asked] == [1000, 970]
    assert found.shape == (1970, 2)


def test_what_is_not_drawn_for_nothing_is_not_drawn():
    more = Drawn()
    assert further_features(case(30, 30, None), Identity(), 0) is None
    assert further_features(case(30, 30, more, train=False), Identity(), 0) is None
    assert further_features(case(30, 2000, more), Identity(), 0) is None
    assert further_probabilities(case(30, 300, more), Sorter(), 0) is None
    assert more.asked == []


def test_a_run_is_searched_for_copies_in_more_samples_than_are_scored(tmp_path):
    path = tmp_path / "rows.npy"
    np.save(path, np.random.default_rng(0).normal(size=(200, 2)).astype("float32"))
    data = pf.data.load(path)
    game = pf.recipes.gram(data.space, network=pf.networks.MLP((4,)), batch_size=8)
    run = pf.fit(game, data, steps=2, run=tmp_path / "run", quiet=True, verdict=False, device="cpu")
    for found in (pf.score(run.path, metrics="mmd"), pf.score(path, run.path, metrics="mmd")):
        assert found.n_fake == 30
        assert "of 2,000 samples equal a training row" in found.words
    # Samples that come from a file are as many as they are.
    rows = np.random.default_rng(1).normal(size=(50, 2)).astype("float32")
    alone = pf.score(path, rows, train=data.codec.decode(data.train.all(100)), metrics="mmd")
    assert "of 50 samples equal a training row" in alone.words
