"""Autoencoders whose decoders take labels where they are asked to."""

import pytest
import torch

import pushforward as pf
from pushforward.spaces import Batch, Image

SPACE = Image(1, 8, 8, classes=("a", "b", "c"))


@pytest.mark.parametrize("name", ["ae", "wae_mmd", "wae_gan", "aae"])
@pytest.mark.parametrize("conditional", [False, True])
def test_decoders_take_labels_where_they_are_asked_to_and_encoders_never(name, conditional):
    game = getattr(pf.recipes, name)(SPACE, pf.networks.MLP((16,)), conditional=conditional)
    g = game.sampler.eval()
    assert g.classes == (3 if conditional else 0)
    y = g(20)
    assert (y.label is not None) == conditional
    x = torch.rand(5, 1, 8, 8)
    assert torch.equal(g.codes(Batch(x)), g.codes(Batch(x, torch.arange(5) % 3)))
    codes = g.draw_codes(1).expand(3, -1)
    different = g.decode(codes, torch.arange(3) if conditional else None).std(0).amax()
    assert bool(different > 1e-4) == conditional
