"""The verb `likelihood`: one number for data under a run, which says what it is."""

import numpy as np
import pytest

import pushforward as pf
from pushforward.errors import Refused
from pushforward.networks import MLP
from pushforward.verbs.likely import in_words


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """Runs of a bounded, an unbounded and no likelihood, on correlated numbers."""
    place = tmp_path_factory.mktemp("runs")
    x = np.random.default_rng(0).normal(size=(300, 2)) @ np.array([[2.0, 1.0], [0.0, 0.5]]) + 3
    data = pf.data.load(x)
    games = {
        "vae": pf.recipes.vae(data.space, MLP((8,)), 2, batch_size=32),
        "avb": pf.recipes.avb(data.space, MLP((8,)), 2, adaptive=False, noise_dim=2, posterior_widths=(8,),
                              critic_widths=(8,), batch_size=32),
        "ae": pf.recipes.ae(data.space, MLP((8,)), 2, batch_size=32),
        "gmm": pf.recipes.gmm(data.space),
    }  # fmt: skip
    options = dict(steps=30, quiet=True, device="cpu", verdict=False)
    runs = {name: pf.fit(game, data, run=place / name, **options) for name, game in games.items()}
    np.save(place / "others.npy", x[:20])
    return place, x, runs


def test_a_bound_says_so_and_is_what_the_run_says(fitted, tmp_path):
    place, x, runs = fitted
    found = pf.likelihood(place / "vae", place / "others.npy", draws=20, out=tmp_path / "nats.csv")
    nats = runs["vae"].log_prob(x[:20], draws=20)
    assert found["log_prob"] == pytest.approx(nats.mean(), rel=1e-6)
    assert found["stderr"] == pytest.approx(nats.std(ddof=1) / 20**0.5, rel=1e-5)
    assert "a bound from below, by 20 draws" in in_words(found)
    assert np.loadtxt(tmp_path / "nats.csv", skiprows=1) == pytest.approx(nats, rel=1e-6)
    assert pf.likelihood(place / "gmm", place / "others.npy")["what"] == "exact"


def test_annealing_agrees_with_the_bound_where_that_is_tight(fitted):
    """After so few turns the decoder hardly reads codes: a bound by 500 draws is the likelihood but for its error."""
    place, x, runs = fitted
    nats, errors = runs["vae"].annealed(x[:8], annealing=pf.samplers.Annealing(300, 8, 5))
    assert nats == pytest.approx(runs["vae"].log_prob(x[:8], draws=500), abs=0.1 + 5 * errors.max())
    found = pf.likelihood(place / "avb", place / "others.npy", annealed=True, temperatures=50, chains=2, rows=3)
    assert found["rows"] == 3
    assert np.isfinite(found["log_prob"])
    assert "an estimate by annealing, 2 chains of 50 temperatures a row" in found["what"]


def test_what_knows_no_likelihood(fitted, tmp_path):
    place, _, runs = fitted
    with pytest.raises(Refused, match="has no density: its sampler cannot say how likely a point is"):
        pf.likelihood(place / "avb", place / "others.npy")
    with pytest.raises(Refused, match="a squared error is the likelihood of nothing"):
        pf.likelihood(place / "ae", place / "others.npy", annealed=True)
    with pytest.raises(Refused, match="gmm, a run of gmm, decodes no codes"):
        pf.likelihood(place / "gmm", place / "others.npy", annealed=True)
    with pytest.raises(Refused, match="--out of likelihood must end in .npy or .csv"):
        pf.likelihood(place / "vae", out=tmp_path / "nats.txt")
    with pytest.raises(Refused, match="--rows must be at least 1, got 0"):
        pf.likelihood(place / "vae", rows=0)
