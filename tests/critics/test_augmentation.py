"""Differentiable augmentation against its formulas, picture by picture, and where a game shows it."""

import json

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward import ranks
from pushforward.critics import DiffAugment
from pushforward.critics.augmentation import DRAWS, below
from pushforward.errors import Refused
from pushforward.metrics import Score
from pushforward.networks import MLP
from pushforward.samplers import Normal
from pushforward.spaces import Batch, Image

SHAPES = [(1, 8, 8), (3, 9, 6), (1, 1, 5)]


def pictures(n, shape, dtype=torch.float32):
    return torch.rand(n, *shape, generator=torch.Generator().manual_seed(1), dtype=dtype) * 2 - 1


def by_hand(x, u, augment):
    """T of one picture (c, h, w) by seven uniform numbers, in NumPy loops."""
    x, u = x.numpy().astype(np.float64), u.numpy().astype(np.float64)
    channels, height, width = x.shape
    if augment.colour:
        x = x + u[0] - 0.5
        mean = x.mean(0, keepdims=True)
        x = mean + 2 * u[1] * (x - mean)
        x = x.mean() + (u[2] + 0.5) * (x - x.mean())
    y, reach = np.zeros_like(x), [int(side * augment.shift + 0.5) for side in (height, width)]
    down, right = (int(u[3 + i] * (2 * reach[i] + 1)) - reach[i] for i in (0, 1))
    for i in range(height):
        for j in range(width):
            if 0 <= i - down < height and 0 <= j - right < width:
                y[:, i, j] = x[:, i - down, j - right]
    size = [int(side * augment.cutout + 0.5) for side in (height, width)]
    # the window's middle lies in the picture, or, of an even size, at the edge behind it
    top, left = (int(u[5 + i] * (s + 1 - size[i] % 2)) - size[i] // 2 for i, s in enumerate((height, width)))
    for i in range(height):
        for j in range(width):
            if top <= i < top + size[0] and left <= j < left + size[1]:
                y[:, i, j] = 0.0
    return y


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    "augment",
    [
        DiffAugment(),
        DiffAugment(shift=0.0, cutout=0.0),
        DiffAugment(colour=False, cutout=0.0, shift=0.5),
        DiffAugment(colour=False, shift=0.0, cutout=0.3),
        DiffAugment(colour=False, shift=0.0, cutout=1.0),
    ],
)
def test_formulas(shape, augment):
    x = pictures(20, shape)
    torch.manual_seed(3)
    u = torch.rand(20, DRAWS)
    torch.manual_seed(3)
    found = augment(x)
    expected = np.stack([by_hand(*pair, augment) for pair in zip(x, u, strict=True)])
    np.testing.assert_allclose(found.numpy(), expected, atol=1e-6)


def test_nothing_asked_for_is_nothing_done():
    x = pictures(4, (3, 6, 7))
    assert torch.equal(DiffAugment(colour=False, shift=0.0, cutout=0.0)(x), x)


def test_gradients_pass_through():
    """T is affine in x, so that differences of any size are its derivative."""
    x = pictures(2, (3, 4, 3), torch.float64).requires_grad_()

    def fixed(points):
        torch.manual_seed(0)
        return DiffAugment()(points)

    assert torch.autograd.gradcheck(fixed, (x,), eps=0.5)


def test_other_values_of_black_and_white():
    x = pictures(5, (3, 8, 8), torch.float64)
    torch.manual_seed(0)
    found = DiffAugment()(2 + 3 * x, low=-1.0, high=5.0)
    torch.manual_seed(0)
    torch.testing.assert_close(found, 2 + 3 * DiffAugment()(x))


@pytest.mark.parametrize("most", [1, 3, 7])
def test_whole_numbers_are_uniform_and_below(most):
    u = (torch.arange(1000 * most, dtype=torch.float64) + 0.5) / (1000 * most)
    assert below(u, most).bincount().tolist() == [1000] * most
    assert below(torch.tensor([torch.finfo(torch.float32).eps / -2 + 1]), most).tolist() == [most - 1]


def test_processes_draw_what_one_process_draws(monkeypatch):
    x = pictures(6, (1, 8, 8))
    torch.manual_seed(0)
    whole = DiffAugment()(x)
    monkeypatch.setattr(ranks, "size", lambda: 2)
    for rank in (0, 1):
        monkeypatch.setattr(ranks, "rank", lambda rank=rank: rank)
        torch.manual_seed(0)
        assert torch.equal(DiffAugment()(x[3 * rank : 3 * rank + 3]), whole[3 * rank : 3 * rank + 3])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"shift": 0.6}, r"shift of DiffAugment must lie in \[0, 0.5\]"),
        ({"cutout": -0.1}, "cutout of DiffAugment must lie in"),
        ({"cutout": float("nan")}, "cutout of DiffAugment must lie in"),
    ],
)
def test_what_is_no_share(given, sentence):
    with pytest.raises(Refused, match=sentence):
        DiffAugment(**given)


SMALL = {"network": MLP((8,)), "noise": Normal(3), "batch_size": 8}
SPACE = Image(1, 4, 4, classes=("a", "b"))


@pytest.mark.parametrize("recipe", ["gan", "wgan_gp", "r3gan", "gram", "sn_smmd"])
def test_the_critic_is_shown_both_sides_augmented(recipe):
    """What the critic is trained on is augmented, each side by draws of its own; what is compared stays as it is."""
    game, augment = getattr(pf.recipes, recipe)(SPACE, **SMALL), DiffAugment()
    x = Batch(pictures(8, SPACE.shape), torch.arange(8) % 2)
    torch.manual_seed(0)
    plain = game.shown(x)
    expected = augment(plain[0].x), augment(plain[1].x)
    game.augment = augment
    torch.manual_seed(0)
    shown = game.shown(x)
    assert torch.equal(plain[0].x, x.x)
    for side, found in zip(expected, shown, strict=True):
        torch.testing.assert_close(side, found.x)
    assert torch.equal(shown[0].label, x.label)
    assert not torch.equal(shown[0].x, x.x)
    torch.manual_seed(0)
    assert torch.equal(game.compared(x)[1].x, plain[1].x)
    assert torch.autograd.grad(shown[1].x.sum(), list(game.sampler.parameters()), allow_unused=True)[0] is not None


@pytest.fixture
def grey():
    values = np.random.default_rng(0).integers(0, 256, (60, 6, 6), dtype=np.uint8)
    return pf.data.load((values, np.arange(60) % 2))


def test_a_run_is_fitted_and_resumed_with_it(grey, tmp_path):
    probes = {"mean": lambda x, y: Score("mean", float(y.mean()))}
    quiet = {"quiet": True, "verdict": False, "device": "cpu", "augment": DiffAugment(shift=0.25), "probes": probes}
    fit = lambda name, steps, **more: pf.fit(
        pf.recipes.gan(grey.space, **SMALL), grey, steps=steps, run=tmp_path / name, **quiet | more
    )
    whole, plain = fit("whole", 6), fit("plain", 6, augment=None)
    fit("parts", 3)
    resumed = pf.resume(tmp_path / "parts", steps=6, data=grey, quiet=True, probes=probes)
    samples = [run.draw(20, weights="raw").x for run in (whole, resumed, plain)]
    assert torch.equal(samples[0], samples[1])
    assert not torch.equal(samples[0], samples[2])


@pytest.mark.parametrize("recipe", ["drifting", "mmd_net", "wae_gan", "discrete_bgan", "gmm"])
def test_a_game_without_a_critic_of_pictures_is_refused(recipe, tmp_path):
    values = np.random.default_rng(0).integers(0, 2, (60, 6, 6), dtype=np.uint8) * 255
    data = pf.data.load(values)
    with pytest.raises(Refused, match="this game has no such critic"):
        pf.fit(getattr(pf.recipes, recipe)(data.space), data, run=tmp_path / "run", quiet=True, augment=DiffAugment())
    assert not (tmp_path / "run").exists()


def test_rows_are_refused(tmp_path):
    data = pf.data.load("ring")
    with pytest.raises(Refused, match=r"the data have points of shape \(2,\)"):
        pf.fit(pf.recipes.gan(data.space), data, run=tmp_path / "run", quiet=True, augment=DiffAugment())


def test_its_options_are_recorded(grey, tmp_path):
    run = pf.fit(
        pf.recipes.gan(grey.space, **SMALL), grey, steps=1, run=tmp_path / "run", quiet=True, verdict=False,
        augment=DiffAugment(cutout=0.25),
    )  # fmt: skip
    told = run.folder.read_yaml("call.yaml")["fit"]["augment"]
    assert told["class_path"] == "pushforward.critics.DiffAugment"
    assert json.loads(json.dumps(told))["init_args"] == {"colour": True, "shift": 0.125, "cutout": 0.25}
