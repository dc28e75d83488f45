"""What `--precision auto` comes to: decided once, written down, and kept when a run goes on."""

import sys

import numpy as np
import pytest

import pushforward as pf
from pushforward.networks import DCGAN, MLP
from pushforward.spaces import Image
from pushforward.training import bf16_suits

ENGINE = sys.modules[bf16_suits.__module__]  # whose name is that of a function too


@pytest.fixture
def pictures():
    return pf.data.load(np.random.default_rng(0).integers(0, 256, (60, 16, 16), dtype=np.uint8))


@pytest.mark.parametrize(("units", "plan", "asked", "found"), [
    (True, DCGAN(2), "auto", "bf16"),
    (True, DCGAN(2), "32", "32"),
    (True, MLP((4,)), "auto", "32"),
    (False, DCGAN(2), "auto", "32"),
    (False, DCGAN(2), "bf16", "bf16"),
])  # fmt: skip
def test_bfloat16_for_convolutions_where_the_processor_has_units_for_it(
    units, plan, asked, found, pictures, fit, resume, tmp_path, monkeypatch
):
    monkeypatch.setattr(ENGINE, "fast_bf16", lambda: units)
    game = pf.recipes.gan(pictures.space, network=plan, batch_size=8)
    run = fit(game, pictures, tmp_path / "run", precision=asked, steps=2)
    assert run.folder.read_yaml("call.yaml")["fit"]["precision"] == found
    monkeypatch.setattr(ENGINE, "fast_bf16", lambda: not units)  # on another machine
    again = resume(tmp_path / "run", steps=3, data=pictures)
    assert again.folder.read_yaml("call.yaml")["fit"]["precision"] == found


@pytest.mark.parametrize(("name", "side", "suits"), [
    ("vae", 16, True), ("iwae", 16, True), ("vae", 8, False), ("avb", 16, False), ("ae", 16, False),
])  # fmt: skip
def test_bounds_of_pictures_without_a_critic_have_it_too(name, side, suits, monkeypatch):
    monkeypatch.setattr(ENGINE, "fast_bf16", lambda: True)
    game = getattr(pf.recipes, name)(Image(1, side, side), MLP((4,)))
    assert bf16_suits(game, "cpu") == suits


def test_an_accelerator_keeps_float32(pictures, monkeypatch):
    """bfloat16 was compared on processors alone."""
    game = pf.recipes.gan(pictures.space, network=DCGAN(2))
    monkeypatch.setattr(ENGINE, "fast_bf16", lambda: True)
    monkeypatch.setattr("torch.accelerator.is_available", lambda: True)
    assert not bf16_suits(game, "auto")
    assert bf16_suits(game, "cpu")
    assert not bf16_suits(game, "cuda")
