"""What holds on a CUDA device as on a processor; skipped where there is none."""

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward.critics import DiffAugment
from pushforward.errors import TrainingFailed
from pushforward.networks import DCGAN, MLP
from pushforward.samplers import Normal
from pushforward.spaces import Batch
from pushforward.tuning import SGD

pytestmark = [
    pytest.mark.cuda,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here"),
]


@pytest.fixture
def pictures():
    rng = np.random.default_rng(0)
    return pf.data.load((rng.integers(0, 256, (200, 16, 16, 3), dtype=np.uint8), np.arange(200) % 3))


def small(data, **given):
    return pf.recipes.gan(data.space, DCGAN(4), noise=Normal(5), batch_size=16, **given)


def test_losses_and_gradients_are_the_processors(pictures, monkeypatch):
    """In full float32, from equal weights, noise and labels; sums of some hundred terms in another order."""
    monkeypatch.setattr(torch.backends.cudnn, "allow_tf32", False)
    torch.manual_seed(0)
    game, z = small(pictures), torch.randn(16, 5)
    x = pictures.train.all(16)
    found = []
    for device in ("cpu", "cuda"):
        game.to(device).train()
        on = Batch(x.x.to(device), x.label.to(device))
        y = Batch(game.sampler.push(z.to(device), on.label), on.label)
        loss = game.discrepancy.objective(on, y)
        slopes = torch.autograd.grad(loss, list(game.discrepancy.parameters()))
        found.append([t.cpu() for t in (loss, *slopes)])
    for here, there in zip(*found, strict=True):
        torch.testing.assert_close(here, there, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("precision", ["32", "bf16"])
def test_a_run_goes_on_and_is_sampled_on_a_processor(pictures, tmp_path, precision):
    options = {"device": "cuda", "precision": precision, "quiet": True, "verdict": False}
    fit = lambda name, steps: pf.fit(small(pictures), pictures, steps=steps, run=tmp_path / name, **options)
    whole = fit("whole", 6)
    fit("parts", 3)
    resumed = pf.resume(tmp_path / "parts", steps=6, data=pictures, quiet=True)
    torch.testing.assert_close(whole.draw(8, weights="raw").x, resumed.draw(8, weights="raw").x, rtol=0.05, atol=0.05)
    assert pf.load(tmp_path / "whole").draw(8).x.device.type == "cpu"


@pytest.mark.parametrize("recipe", ["gram", "r3gan", "sn_smmd", "drifting"])
def test_recipes_learn_there(recipe, tmp_path):
    data = pf.data.load("ring")
    run = pf.fit(getattr(pf.recipes, recipe)(data.space, MLP((32, 32), batch_norm=recipe == "drifting")), data,
                 steps=20, run=tmp_path / "run", device="cuda", quiet=True, verdict=False)  # fmt: skip
    assert torch.isfinite(run.draw(100).x).all()


def test_a_loss_that_is_not_finite_is_found_when_it_is_read(tmp_path):
    data = pf.data.load("ring")
    game = pf.recipes.gan(data.space, MLP((8,)), tune=SGD(1e30, 0.9))
    with pytest.raises(TrainingFailed):
        pf.fit(game, data, steps=200, run=tmp_path / "run", device="cuda", quiet=True, verdict=False)


def test_augmentation_there_is_augmentation_here(monkeypatch):
    u, x = torch.rand(5, 7), torch.rand(5, 3, 8, 6) * 2 - 1
    monkeypatch.setattr(torch, "rand", lambda *shape, device: u.to(device))
    torch.testing.assert_close(DiffAugment()(x.cuda()).cpu(), DiffAugment()(x))
