"""First the autoencoder, then the generator of codes, and neither disturbs the other."""

import pytest
import torch
from torch import nn

import pushforward as pf
from pushforward.networks import MLP
from pushforward.samplers import Uniform
from pushforward.spaces import Batch, Vector
from pushforward.training import Turn

X = torch.randn(8, 4, generator=torch.Generator().manual_seed(0))


def made(steps: int = 3):
    game = pf.recipes.mmd_net(
        Vector(4), MLP((8,)), Uniform(3), code_dim=2, autoencoder_width=8, autoencoder_steps=steps
    )
    return game, Turn(dict(game.players()), game.tune)


def values(module: nn.Module):
    return [p.detach().clone() for p in module.parameters()]


def same(module: nn.Module, before) -> bool:
    return all(torch.equal(p, b) for p, b in zip(module.parameters(), before, strict=True))


def play(game, turn, numbers):
    for number in numbers:
        turn.begin(number, 0.0)
        game.step(lambda: Batch(X), turn)


def test_the_autoencoder_learns_first_and_alone():
    game, turn = made()
    generator, autoencoder = values(game.generator), values(game.autoencoder)
    play(game, turn, range(3))
    assert same(game.generator, generator)
    assert not same(game.autoencoder, autoencoder)


def test_afterwards_it_is_frozen_to_the_bit_and_the_generator_learns():
    game, turn = made()
    play(game, turn, range(3))
    generator, autoencoder = values(game.generator), values(game.autoencoder)
    play(game, turn, range(3, 8))
    assert same(game.autoencoder, autoencoder)
    assert not same(game.generator, generator)


def test_the_autoencoders_loss_is_the_mean_square_of_what_it_rebuilds_under_dropout():
    game, turn = made(1)
    torch.manual_seed(4)
    rebuilt = game.autoencoder.decoder(game.autoencoder.encoder(X))
    expected = ((X - rebuilt) ** 2).sum().item() / X.numel()
    torch.manual_seed(4)
    play(game, turn, [0])
    assert turn.records["autoencoder"]["loss"] == pytest.approx(expected, rel=1e-6)


def test_the_generators_loss_is_the_root_of_the_mmd_of_codes_without_dropout():
    game, turn = made(1)
    play(game, turn, [0])
    torch.manual_seed(4)
    z = Uniform(3).draw(8)
    with torch.no_grad():
        codes, y = game.autoencoder.eval()(X), game.generator(z)
    kernels = [torch.exp(-(a.unsqueeze(1) - b).square().sum(2) / 2) for a, b in ((codes, codes), (y, y), (codes, y))]
    square = (kernels[0].mean() + kernels[1].mean() - 2 * kernels[2].mean()).item()
    game.autoencoder.train()
    torch.manual_seed(4)
    play(game, turn, [1])
    # the square is off by a few of float32's eps
    assert turn.records["generator"]["loss"] ** 2 == pytest.approx(square, abs=1e-6)
    assert square > 1e-3


def test_a_sample_is_the_decoded_code():
    game, _ = made()
    z = Uniform(3).draw(5)
    assert torch.equal(game.sampler.push(z), game.autoencoder.decoder(game.generator(z)))
    assert torch.equal(game.eval().views(Batch(X))["codes"], game.autoencoder.encoder(X))
    assert (game.generator(z) >= 0).all(), "codes are logistic units, as the encoder's are"
    assert (game.generator(z) <= 1).all()


def test_dropout_is_back_on_after_the_codes_were_taken():
    game, turn = made(1)
    play(game, turn, [1])
    assert all(m.training for m in game.autoencoder.modules())
