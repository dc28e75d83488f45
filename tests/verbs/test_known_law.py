"""The divergence of a run from the law of a toy: in its scores, row by row, and refused where there is none."""

import numpy as np
import pytest

import pushforward as pf
from pushforward.errors import Refused
from pushforward.networks import MLP


@pytest.fixture
def toy():
    return pf.data.load("ring-unequal")


def divergence(run):
    (found,) = (s for s in pf.score(run.path, metrics="kl", rows=500).scores if s.name == "kl")
    return found


def test_a_score_is_the_mean_of_the_rows_differences(fit, toy, tmp_path):
    run = fit(pf.recipes.real_nvp(toy.space, widths=(8,), layers=2), toy, tmp_path / "run")
    found = divergence(run)
    x = toy.test.all(500).x
    short = toy.log_prob(x).numpy() - run.log_prob(x.numpy())
    assert found.value == pytest.approx(short.mean(), rel=1e-4)
    assert found.stderr == pytest.approx(short.std(ddof=1) / np.sqrt(500), rel=1e-4)
    assert found.note == "in nats a row, of the exact density"


def test_a_bound_says_so_and_a_sampler_without_a_density_is_refused(fit, toy, tmp_path):
    small = {"network": MLP((8,)), "critic_network": MLP((8,))}
    run = fit(pf.recipes.ade(toy.space, widths=(8,), layers=2, **small), toy, tmp_path / "ade")
    note = divergence(run).note
    assert "an upper bound, the density being a lower bound" in note
    gan = fit(pf.recipes.gan(toy.space, **small), toy, tmp_path / "gan")
    with pytest.raises(Refused, match="kl needs data whose law is known, such as ring or two-moons,"):
        divergence(gan)
