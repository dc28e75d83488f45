"""Expectation maximisation one sweep a turn: scikit-learn's own result, and a run that ends, resumes and is kept."""

import numpy as np
import pytest
import torch
from scipy.stats import ttest_1samp
from sklearn.mixture import GaussianMixture as Theirs

import pushforward as pf
from pushforward.data.parts.stored import TensorPart
from pushforward.errors import Refused
from pushforward.games.mixture_choice import components_by_held_out_likelihood
from pushforward.spaces import Batch, Vector
from pushforward.training import Turn


def clusters(n=600, seed=0):
    draw = np.random.default_rng(seed)
    centres = np.array([[0.0, 0.0], [6.0, 1.0], [-2.0, 5.0]])
    return centres[draw.integers(3, size=n)] + draw.normal(size=(n, 2)) * [1.0, 0.5]


def swept(x, components=3, **options):
    game = pf.recipes.gmm(Vector(2), components=components, **options)
    game.prepare(TensorPart(torch.from_numpy(x).float()))
    turn = Turn(dict(game.players()), game.tune)
    losses = []
    for number in range(200):
        turn.begin(number, 0.0)
        game.step(lambda: Batch(torch.zeros(1, 2)), turn)
        losses.append(turn.records["sampler"]["loss"])
        if game.turns is not None:
            break
    return game, losses


def test_sweeps_end_where_scikit_learn_does():
    x = clusters()
    game, losses = swept(x, tolerance=1e-9)
    theirs = Theirs(3, tol=1e-9, max_iter=500, random_state=0).fit(x.astype(np.float32).astype(np.float64))
    mine = game.sampler.log_prob(Batch(torch.from_numpy(x).float())).mean()
    assert float(mine) == pytest.approx(theirs.score(x), abs=1e-6)
    assert game.turns == len(losses)


def test_the_likelihood_rises_at_every_sweep():
    _, losses = swept(clusters(), components=5, tolerance=1e-7)
    assert (np.diff(losses) < 1e-9).all()
    assert len(losses) > 3


def test_too_few_rows_are_refused():
    with pytest.raises(Refused, match="as many training rows, got 4; lower --components"):
        swept(clusters(4), components=5)


def test_a_run_ends_by_itself_and_is_kept(tmp_path):
    data = pf.data.load(clusters())
    run = pf.fit(pf.recipes.gmm(data.space, components=3), data, steps=500, run=tmp_path / "run", quiet=True)
    log = run.folder.read_jsonl("log.jsonl")
    assert 1 < log[-1]["turn"] < 500
    x = clusters(seed=1)
    u = data.codec.encode(x).x.double().numpy()
    theirs = Theirs(3, random_state=0, tol=1e-6).fit(data.train.all().x.double().numpy())
    # Of the encoded points, less the logarithms of the units: a change of variables.
    expected = theirs.score_samples(u) - np.log(data.codec.standard.std).sum()
    assert run.log_prob(x).mean() == pytest.approx(expected.mean(), abs=0.02)  # the tolerance is 1e-4 a sweep
    assert pf.load(tmp_path / "run").log_prob(x) == pytest.approx(run.log_prob(x))


def test_a_killed_run_goes_on_to_the_same_end(tmp_path):
    data = pf.data.load(clusters())
    make = lambda: pf.recipes.gmm(data.space, components=4, tolerance=1e-6)
    whole = pf.fit(make(), data, steps=40, run=tmp_path / "a", quiet=True, verdict=False, checkpoint_every=1)
    pf.fit(make(), data, steps=3, run=tmp_path / "b", quiet=True, verdict=False, checkpoint_every=1)
    rest = pf.resume(tmp_path / "b", steps=40, quiet=True, data=data)
    for one, other in zip(whole.game.sampler.buffers(), rest.game.sampler.buffers(), strict=True):
        whole.draw(2, weights="last"), rest.draw(2, weights="last")
        assert torch.equal(one, other)


def test_components_are_chosen_by_left_out_rows_and_come_back_from_a_file(tmp_path):
    """Three far clusters are three components; the run knows that without its call saying so."""
    data = pf.data.load(clusters(2000))
    run = pf.fit(pf.recipes.gmm(data.space), data, steps=500, run=tmp_path / "run", quiet=True, verdict=False)
    assert run.folder.read_jsonl("log.jsonl")[-1]["terms"]["components"] == 3
    again = pf.load(tmp_path / "run")
    assert again.sample(5, seed=1) == pytest.approx(run.sample(5, seed=1))
    assert len(again.sampler().weights) == 3


def test_the_choice_is_the_smallest_of_the_ladder_that_no_larger_one_beats_by_its_error():
    x = torch.from_numpy(clusters(900)) * torch.tensor([1.0, 0.2])
    torch.manual_seed(5)
    chosen = components_by_held_out_likelihood(x, 1e-6)
    torch.manual_seed(5)
    seed = int(torch.randint(2**31 - 1, ()))
    left_out = np.arange(len(x)) % 5 == 0
    fits = {k: Theirs(k, random_state=seed).fit(x.numpy()[~left_out]) for k in (1, 2, 3, 4, 6, 8)}
    nats = {k: fit.score_samples(x.numpy()[left_out]) for k, fit in fits.items()}
    gains = {k: ttest_1samp(nats[k] - nats[chosen], 0).statistic for k in nats if k != chosen}
    assert all(gains[k] < 1.01 for k in gains)
    assert all(gains[k] < -1 for k in gains if k < chosen)


def test_whole_numbers_are_filled_before_they_are_fitted(tmp_path):
    """A fair die has log 6 = 1.792 nats at best; without noise a mixture's density would have no bound."""
    x = np.random.default_rng(0).integers(1, 7, (1500, 1)).astype(float)
    data = pf.data.load(x)
    run = pf.fit(pf.recipes.gmm(data.space), data, steps=300, run=tmp_path / "run", quiet=True)
    found = run.verdict["scores"]["log-likelihood"]
    assert -np.log(6) - 0.15 < found["value"] < -np.log(6) + 4 * found["stderr"] + 1e-3
