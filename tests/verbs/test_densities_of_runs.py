"""Densities, codes and reconstructions of runs, in the unit and the form in which the data came."""

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import FactorAnalysis

import pushforward as pf
from pushforward.errors import Refused


@pytest.fixture(scope="module")
def table():
    draw = np.random.default_rng(0)
    c = draw.normal(size=(700, 1))
    values = np.hstack([100 + 20 * c, -3 * c, 0.1 * c]) + draw.normal(size=(700, 3)) * [4, 1, 0.05]
    return pd.DataFrame(values, columns=["height", "depth", "width"])


@pytest.fixture(scope="module")
def run(table, tmp_path_factory):
    data = pf.data.load(table)
    game = pf.recipes.factor_analysis(data.space, latent_dim=1)
    return pf.fit(game, data, steps=1500, run=tmp_path_factory.mktemp("fa") / "run", quiet=True)


def test_training_ends_at_the_likelihood_that_scikit_learn_reaches(run, table):
    """In the data's unit: a change of variables by the standard deviations of the columns."""
    train, test = (part.all() for part in (run.data.train, run.data.test))
    theirs = FactorAnalysis(1, tol=1e-8, max_iter=10_000).fit(train.x.double().numpy())
    expected = theirs.score(test.x.double().numpy()) - np.log(run.codec.standard.std).sum()
    assert run.log_prob(run.codec.decode(test), weights="last").mean() == pytest.approx(expected, abs=0.01)


def test_the_verdict_holds_the_likelihood_of_the_state_that_is_kept(run):
    nats = run.log_prob(run.codec.decode(run.data.test.all()))
    found = run.verdict["scores"]["log-likelihood"]
    assert found["value"] == pytest.approx(nats.mean(), rel=1e-5)
    assert found["stderr"] == pytest.approx(nats.std(ddof=1) / len(nats) ** 0.5, rel=1e-4)
    assert found["interval"][0] < found["value"] < found["interval"][1]
    assert found["better"] == "higher"


def test_log_prob_is_in_the_unit_of_the_data(run, table):
    """Metres instead of centimetres: the density is a hundred times as high, in every row."""
    nats = run.log_prob(table)
    assert nats.shape == (700,)
    metres = pf.data.load(table * [0.01, 1, 1])
    game = pf.recipes.factor_analysis(metres.space, latent_dim=1)
    again = pf.fit(game, metres, steps=1500, quiet=True, verdict=False, run=run.path.parent / "metres")
    np.testing.assert_allclose(again.log_prob(table * [0.01, 1, 1]) - nats, np.log(100), atol=0.03)


def test_codes_and_reconstructions_come_in_the_form_of_the_data(run, table):
    codes, back = run.encode(table), run.reconstruct(table)
    assert codes.shape == (700, 1)
    assert list(back.columns) == list(table.columns)
    # One factor explains most of each column: of what is left the noise's share, which is known.
    explained = 1 - ((back - table) ** 2).mean() / table.var()
    assert (explained > [0.9, 0.85, 0.7]).all()


def test_interpolation_runs_from_one_reconstruction_to_the_other(run, table):
    path = run.interpolate(table[:2], table[2:4], steps=5)
    assert len(path) == 10
    ends = run.reconstruct(table[:4])
    np.testing.assert_allclose(path.iloc[[0, 5, 4, 9]].to_numpy(), ends.to_numpy(), rtol=1e-4)
    middle = (ends[:2].to_numpy() + ends[2:].to_numpy()) / 2  # the decoder is linear
    np.testing.assert_allclose(path.iloc[[2, 7]].to_numpy(), middle, rtol=1e-4)
    with pytest.raises(Refused, match="equally many points on both sides, got 5 steps, 2 and 1"):
        run.interpolate(table[:2], table[:1], steps=5)


def test_pictures_have_bits_of_their_grey_values(tmp_path):
    """White noise on 16 levels of grey: log₂ 16 bits a pixel at least, and a Gaussian needs 0.25 more."""
    x = np.random.default_rng(0).integers(0, 256, (400, 2, 2), dtype=np.uint8)
    data = pf.data.load(x)
    run = pf.fit(pf.recipes.gmm(data.space, components=1), data, steps=5, run=tmp_path / "run", quiet=True)
    found = run.verdict["scores"]["bits-per-dimension"]
    # Against the uniform law of 256 levels, the Gaussian of its variance 256²/12: ½ log₂(2πe/12) = 0.2546 bits more.
    assert found["value"] == pytest.approx(8 + 0.2546, abs=5 * found["stderr"] + 0.02)


def test_what_has_no_density_or_codes_says_so(tmp_path):
    data = pf.data.load(np.random.default_rng(0).normal(size=(100, 2)))
    run = pf.fit(pf.recipes.gan(data.space), data, steps=1, run=tmp_path / "run", quiet=True, verdict=False)
    with pytest.raises(Refused, match="a run of gan, has no density"):
        run.log_prob(np.zeros((2, 2)))
    with pytest.raises(Refused, match="gan finds no codes"):
        run.encode(np.zeros((2, 2)))


def test_codes_of_an_autoencoder(tmp_path):
    data = pf.data.load(np.random.default_rng(0).random((60, 4, 4)).astype("float32"))
    game = pf.recipes.mmd_net(data.space, code_dim=3, autoencoder_width=8, autoencoder_steps=2, batch_size=20)
    run = pf.fit(game, data, steps=4, run=tmp_path / "run", quiet=True, verdict=False)
    x = np.random.default_rng(1).random((5, 4, 4)).astype("float32")
    assert run.encode(x).shape == (5, 3)
    assert run.reconstruct(x).shape == (5, 4, 4)
    np.testing.assert_allclose(run.encode(x), pf.load(tmp_path / "run", game=game).encode(x), rtol=1e-6)
