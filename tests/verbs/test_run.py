"""Samples of a run: whose weights, which labels, in what form, in any process."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

import pushforward as pf
from pushforward.critics import Adversarial
from pushforward.discrepancies import JensenShannon
from pushforward.errors import Refused
from pushforward.games import Matching
from pushforward.networks import MLP, Concatenated
from pushforward.samplers import Normal, Pushforward
from pushforward.tuning import SGD, Adam


def test_the_ending_that_a_stranger_wrote_leads_nowhere_else(game, data, fit, tmp_path):
    run = fit(game(), data, tmp_path / "run")
    codec = run.folder.read_json("codec.json")
    for suffix in ("/../../escaped.npy", "/escaped.npy", "\\..\\escaped.npy"):
        run.folder.write_json("codec.json", codec | {"suffix": suffix})
        with pytest.raises(Refused, match="plain name|suffix"):
            pf.sample(tmp_path / "run", 4)
    (tmp_path / "victim.npy").write_text("mine")
    run.folder.write_json("codec.json", codec)
    (tmp_path / "run" / "more.npy").symlink_to(tmp_path / "victim.npy")
    with pytest.raises(Refused, match=r"more\.npy is a link"):
        pf.sample(tmp_path / "run", 4)
    assert (tmp_path / "victim.npy").read_text() == "mine"
    assert not list(tmp_path.rglob("*escaped*"))


def test_a_fresh_process_draws_the_same_samples(game, data, fit, finished, tmp_path):
    run = fit(game(), data, tmp_path / "run", steps=8)
    script = tmp_path / "script.py"
    script.write_text(
        "import numpy, pushforward as pf\n"
        "run = pf.load(path)\n"
        "for weights in ('best', 'last', 'raw'):\n"
        "    numpy.save(f'{path}/{weights}.npy', run.sample(20, seed=3, weights=weights))\n"
    )
    finished(script, path=str(tmp_path / "run"))
    for weights in ("best", "last", "raw"):
        there, here = np.load(tmp_path / "run" / f"{weights}.npy"), run.sample(20, seed=3, weights=weights)
        assert np.array_equal(there, here)


def test_the_weights_are_what_they_are_called(data, game, fit, tmp_path):
    """The probe is best at turn 4 of 8; the average moves slower than what it averages."""
    values = iter([3.0, 1.0, 2.0, 2.0, 2.0, 2.0])  # of the turns; at the end, of the last and the raw weights

    def probe(x, y):
        return SimpleNamespace(value=next(values), stderr=None, better="lower")

    run = fit(game(), data, tmp_path / "run", steps=8, probe_every=2, probes={"p": probe}, checkpoint_every=8)
    saved = run.folder.checkpoints
    best, last = saved.load_best(), saved.load_last()
    assert (best.turn, last.turn) == (4, 8)
    torch.manual_seed(3)
    z = Normal(3).draw(6)
    expected = {
        "best": best.tensors["average"],
        "last": last.tensors["average"],
        "raw": {k: v for k, v in last.tensors["players"].items() if k.startswith("sampler.")},
    }
    expected = {name: {k.removeprefix("sampler."): v for k, v in t.items()} for name, t in expected.items()}
    found = []
    for weights in ("best", "last", "raw", "best"):  # back again, too
        g = game().sampler
        g.load_state_dict(expected[weights])
        samples = run.draw(6, seed=3, weights=weights).x
        assert torch.equal(samples, g.eval().push(z).detach())
        found.append(samples)
    assert not torch.equal(found[0], found[1])
    assert not torch.equal(found[1], found[2])


def test_the_seed_is_the_samples(data, game, fit, tmp_path):
    run = fit(game(), data, tmp_path / "run")
    assert np.array_equal(run.sample(5, seed=1), run.sample(5, seed=1))
    assert not np.array_equal(run.sample(5, seed=1), run.sample(5, seed=2))
    assert run.sample(1).shape == (1, 2)
    with pytest.raises(Refused, match="-n must be at least 1, got 0"):
        run.sample(0)


def test_drawing_leaves_torchs_generator_alone(data, game, fit, tmp_path):
    run = fit(game(), data, tmp_path / "run")
    torch.manual_seed(0)
    expected = torch.rand(3)
    torch.manual_seed(0)
    run.draw(5)
    pf.load(tmp_path / "run")
    assert torch.equal(torch.rand(3), expected)


READERS = {
    "more.npy": np.load,
    "more.npz": lambda path: np.load(path)["samples"],
    "more.csv": lambda path: pd.read_csv(path).to_numpy(),
    "more.parquet": lambda path: pd.read_parquet(path).to_numpy(),
}


@pytest.mark.parametrize("name", READERS)
def test_samples_in_the_form_that_the_ending_says(name, data, game, fit, tmp_path):
    run = fit(game(), data, tmp_path / "run")
    path = pf.sample(tmp_path / "run", 7, seed=2, out=tmp_path / name)
    assert path == tmp_path / name
    np.testing.assert_allclose(READERS[name](path), run.sample(7, seed=2), rtol=1e-6)


def test_samples_lie_in_the_run_unless_told_otherwise(data, game, fit, tmp_path):
    fit(game(), data, tmp_path / "run")
    assert pf.sample(tmp_path / "run", 3) == tmp_path / "run" / "more.npy"


@pytest.fixture
def labelled():
    """Three classes, each a narrow cloud of its own; the class names are not their numbers."""
    rng = np.random.default_rng(0)
    label = rng.integers(0, 3, 600)
    centers = np.array([[-4.0, 0.0], [4.0, 0.0], [0.0, 4.0]])
    x = (centers[label] + 0.3 * rng.normal(size=(600, 2))).astype("float32")
    return pf.data.load((x, np.array(["3", "5", "seven"])[label])), centers


def conditional(space) -> Matching:
    torch.manual_seed(0)
    g = Pushforward(Concatenated(MLP((32,)).generator(4 + 3, pf.spaces.Vector(2)), 3), Normal(4), classes=3)
    f = Labelled(MLP((32, 32)).critic(pf.spaces.Vector(2 + 3), 1))
    return Matching(space, g, Adversarial(JensenShannon(), f), Adam(5e-3, (0.5, 0.9)), batch_size=64)


class Labelled(nn.Module):
    """A critic that sees the label."""

    def __init__(self, network: nn.Module):
        super().__init__()
        self.network = network

    def forward(self, x: torch.Tensor, label: torch.Tensor) -> torch.Tensor:
        return self.network(torch.cat([x, torch.eye(3)[label]], 1))


def test_a_conditional_sampler_from_end_to_end(labelled, fit, tmp_path):
    """After 400 turns each class's samples are nearest its own cloud; by chance a third would be."""
    data, centers = labelled
    assert data.space.classes == ("3", "5", "seven")
    fit(conditional(data.space), data, tmp_path / "run", steps=400, probe_every=400)
    run = pf.load(tmp_path / "run", game=conditional(data.space))
    for i, name in enumerate(data.space.classes):
        batch = run.draw(100, label=name, weights="last")
        assert torch.equal(batch.label, torch.full((100,), i))
        nearest = torch.cdist(batch.x.double(), torch.tensor(centers)).argmin(1)
        assert (nearest == i).float().mean() > 0.9
    decoded = run.sample(5, label="seven")
    points, names = decoded if isinstance(decoded, tuple) else (decoded, None)
    assert np.asarray(points).shape == (5, 2)
    assert names is None or set(names) == {"seven"}
    mixed = run.draw(300)
    assert set(mixed.label.tolist()) == {0, 1, 2}


def test_a_class_that_is_not_there_is_answered_with_the_nearest(labelled, fit, tmp_path):
    data, _ = labelled
    run = fit(conditional(data.space), data, tmp_path / "run", steps=1)
    with pytest.raises(Refused, match="no class 'sevn' in this run's data; did you mean 'seven'"):
        run.draw(2, label="sevn")
    with pytest.raises(Refused, match="no class '0' in this run's data"):
        run.draw(2, label=0)


def test_a_label_for_a_sampler_that_takes_none_is_refused(labelled, fit, tmp_path):
    data, _ = labelled
    run = fit(pf.recipes.mmd_net(data.space, MLP((4,)), tune=SGD(0.1)), data, tmp_path / "run")
    with pytest.raises(Refused, match="--label 3 was asked for, but this run's sampler takes no labels; leave it out"):
        pf.sample(run.path, 5, label="3")
    assert not (run.path / "more.npz").exists()


def test_a_run_without_a_checkpoint_has_no_samples_yet(data, game, fit, tmp_path):
    made = game()

    def dying(batch, turn):
        raise MemoryError

    made.step = dying
    with pytest.raises(MemoryError):
        fit(made, data, tmp_path / "run")
    with pytest.raises(Refused, match="has no best checkpoint yet"):
        pf.load(tmp_path / "run").draw(1)


def test_labels_are_drawn_as_often_as_among_the_training_data(fit, tmp_path):
    """A tenth of the rows are rare; of 2,000 samples so are 200 ± 5 standard deviations of a binomial."""
    label = np.array(["often"] * 540 + ["rare"] * 60)
    x = np.random.default_rng(0).normal(size=(600, 2)).astype("float32")
    data = pf.data.load((x, label))
    run = fit(of_two(data.space), data, tmp_path / "run", steps=1)
    share = (data.train.label == 1).float().mean().item()
    found = run.draw(2000).label.float().mean().item()
    assert found == pytest.approx(share, abs=5 * (share * (1 - share) / 2000) ** 0.5)
    assert torch.equal(run.draw(50, seed=3).label, run.draw(50, seed=3).label)
    assert not torch.equal(run.draw(50, seed=3).label, run.draw(50, seed=4).label)


def of_two(space) -> Matching:
    return pf.recipes.gan(space, MLP((4,)), noise=Normal(2))


def test_runs_of_one_game_keep_their_own_weights_and_the_game_its_own(data, game, fit, tmp_path):
    made = game()
    first = fit(made, data, tmp_path / "first", steps=4)
    before = first.draw(5, weights="last").x
    second = fit(made, data, tmp_path / "second", steps=4)
    assert torch.equal(first.draw(5, weights="last").x, before)
    assert not torch.equal(second.draw(5, weights="last").x, before)
    kept = {k: v.clone() for k, v in made.state_dict().items()}
    second.draw(5, weights="best")
    assert all(torch.equal(v, kept[k]) for k, v in made.state_dict().items())
