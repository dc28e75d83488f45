"""Log-likelihoods under windows about samples: scikit-learn's numbers, and the protocol of the first GAN code."""

import numpy as np
import pytest
import torch
from sklearn.neighbors import KernelDensity as Theirs

import pushforward as pf
from pushforward.errors import Refused
from pushforward.metrics import GANKDE, Parzen

RNG = np.random.default_rng(0)


def test_gan_kde_is_scikit_learns_at_the_same_bandwidth():
    x, y = RNG.normal(size=(300, 2)), RNG.normal(size=(700, 2))
    (found,) = GANKDE(0.3)(x, y)
    nats = Theirs(bandwidth=0.3).fit(y).score_samples(x)
    assert found.value == pytest.approx(nats.mean(), abs=1e-10)
    assert found.stderr == pytest.approx(nats.std(ddof=1) / 300**0.5)
    assert "under a Gaussian of width 0.3 (given) about each of 700 samples" in found.note


def test_the_rule_is_named_and_the_data_have_no_part_in_it():
    y = RNG.normal(size=(700, 2))
    notes = [GANKDE()(RNG.normal(size=(300, 2)) * scale, y)[0].note for scale in (1, 9)]
    assert notes[0] == notes[1]
    assert "(by likelihood)" in notes[0]


def test_samples_that_miss_a_mode_have_lower_likelihood():
    modes = lambda n, k: RNG.normal(size=(n, 2)) + 8 * RNG.integers(k, size=n)[:, None]
    x = modes(400, 2)
    whole, missing = (GANKDE()(x, modes(800, k))[0] for k in (2, 1))
    assert whole.value > missing.value + 10 * (whole.stderr + missing.stderr)


def test_parzen_is_the_protocol():
    """Ten widths from 0.1 to 1, the best for the first half of the rows, the mean over the others."""
    x, y = RNG.random((120, 9)), RNG.random((500, 9))
    (found,) = Parzen()(x, y)
    widths = np.logspace(-1, 0, 10)
    fits = [Theirs(bandwidth=h).fit(y) for h in widths]
    best = fits[int(np.argmax([fit.score(x[:60]) for fit in fits]))]
    nats = best.score_samples(x[60:])
    assert found.value == pytest.approx(nats.mean(), abs=1e-9)
    assert found.stderr == pytest.approx(nats.std(ddof=1) / 60**0.5)
    assert "not for a choice" in found.note
    assert "no pixels" not in found.note
    assert "rows are no pixels from 0 to 1" in Parzen()(x * 2, y)[0].note


def test_runs_of_any_recipe_have_the_density_of_their_samples(tmp_path):
    x = RNG.normal(size=(300, 2)) * [1, 50]
    data = pf.data.load(x)
    run = pf.fit(pf.recipes.gan(data.space), data, steps=2, run=tmp_path / "run", quiet=True, verdict=False)
    found = run.gan_kde(x[:20], n=400, bandwidth=0.5)
    y = data.codec.encode(run.sample(400)).x.double().numpy()
    at = data.codec.encode(x[:20]).x.double().numpy()
    theirs = Theirs(bandwidth=0.5).fit(y).score_samples(at) - np.log(data.codec.standard.std).sum()
    np.testing.assert_allclose(found, theirs, rtol=1e-4, atol=1e-4)
    scores = pf.score(x, run.path, metrics="gan-kde,parzen")
    assert [s.name for s in scores.scores][:2] == ["gan-kde", "parzen"]


def test_samples_all_alike_have_no_bandwidth():
    with pytest.raises(Refused, match="needs rows that differ"):
        GANKDE()(RNG.normal(size=(30, 2)), np.ones((30, 2)))
    with pytest.raises(Refused, match="bandwidth of GANKDE must be a rule or a positive number"):
        GANKDE(-1.0)


def test_torchs_generator_is_left_alone():
    y = RNG.normal(size=(200, 2))
    state = torch.get_rng_state()
    GANKDE()(y, y + 0.1)
    assert torch.equal(torch.get_rng_state(), state)
