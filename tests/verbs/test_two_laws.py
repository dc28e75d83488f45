"""A run of a sampler with two laws: both are drawn, its verdict says which it is of, and its codes come back."""

import numpy as np
import pytest

import pushforward as pf
from pushforward.networks import MLP


@pytest.fixture
def run(data, fit, tmp_path):
    small = {"widths": (8,), "layers": 2, "network": MLP((8,)), "critic_network": MLP((8,)), "warm_up": 2}
    return fit(pf.recipes.ade(data.space, **small), data, tmp_path / "run", steps=6, verdict=True)


def test_the_verdict_is_of_the_full_law_and_says_so(run):
    assert any("samples are draws of the full law" in line for line in run.verdict["warnings"])
    assert "log-likelihood" in run.verdict["scores"]
    assert "lower bound by 50 draws" in run.verdict["protocol"]["metrics"]["log-likelihood"]["density"]
    assert "What codes say" in run.folder.page.read_text()


def test_both_laws_are_drawn(run):
    again = pf.load(run.path)
    full, means = again.sample(500), again.sample(500, means=True)
    assert full.shape == means.shape == (500, 2)
    assert np.array_equal(means, again.sample(500, means=True))
    g = again.sampler()
    code = g.draw_noise(1)[:, : g.prior.dim]
    assert g.decode(code).shape == (1, 2)
    assert full.std() > means.std()  # features have noise, and the decoder has hardly learnt


def test_codes_come_back_as_points(run, data):
    x = data.test.all(5).x.numpy()
    assert run.encode(x).shape == (5, 2)
    assert run.reconstruct(x).shape == (5, 2)
    assert run.log_prob(x, draws=3).shape == (5,)
