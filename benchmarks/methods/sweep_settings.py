"""The settings that `benchmarks.methods.sweep` tries, family by family; a list was written before its first was run."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from torch import nn

from pushforward import recipes
from pushforward.critics import Adversarial, ZeroCentred
from pushforward.discrepancies import Relativistic
from pushforward.fields import DoubleSoftmax
from pushforward.games import Game, Matching
from pushforward.networks import DCGAN, MLP, SNDCGAN
from pushforward.recipes import drifting, gan, gram, mmd_gan, mmd_net, sn_gan, sn_smmd, wgan, wgan_gp
from pushforward.samplers import Normal, Pushforward
from pushforward.spaces import Space
from pushforward.tuning import Adam, Cosine, RMSprop


@dataclass(frozen=True)
class Setting:
    """A *game* to train and the options of `fit` it is trained with.

    Args:
        make: gives it for a space of labelled pictures.
        precision: of matrix products.
        average: decay of the averaged sampler.
    """

    make: Callable[[Space], Game]
    precision: str = "bf16"
    average: float = 0.999


@dataclass(frozen=True)
class HeDCGAN(DCGAN):
    """A `DCGAN` whose critic begins with He's deviation √(2/inputs) in place of 0.02, the last layer with 1/√inputs."""

    def critic(self, space: Space, outputs: int) -> nn.Module:
        network = super().critic(space, outputs)
        for m in network.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, self.slope)
            elif isinstance(m, nn.Linear):
                nn.init.normal_(m.weight, 0.0, m.in_features**-0.5)
        return network


def net(width: int = 16, kind: type[DCGAN] = DCGAN) -> DCGAN:
    """The convolutional pair that takes labels."""
    return kind(width)


def adam(lr: float = 1e-3, *betas: float, **more: Any) -> Adam:
    """Adam, with (0.5, 0.999) unless said otherwise."""
    return Adam(lr, betas or (0.5, 0.999), **more)


def one_step(**options: Any) -> Setting:
    """`gan` at the known good point, but for these options."""
    known: dict[str, Any] = {"network": net(), "tune": adam(), "batch_size": 64}
    return Setting(lambda space: gan(space, **known | options))


ONE_STEP = {
    "known good point": one_step(),
    "rate 5e-4": one_step(tune=adam(5e-4)),
    "rate 2e-3": one_step(tune=adam(2e-3)),
    "batch 32": one_step(batch_size=32),
    "batch 128": one_step(batch_size=128),
    "width 32": one_step(network=net(32)),
    "rates fall": one_step(tune=adam(decay=Cosine(0.02))),
    "critic at half the rate": one_step(critic_tune=adam(5e-4)),
}


def r3gan(kind: type[DCGAN], tune: Adam, penalty: float) -> Setting:
    """`r3gan` with the batch norm of the generator, through which it takes labels."""

    def make(space: Space) -> Game:
        plan = net(16, kind)
        f = replace(plan, critic_batch_norm=False).critic(space, 1)
        D = Adversarial(Relativistic(), f, ZeroCentred(penalty, samples=True))
        return Matching(space, Pushforward.of(plan, Normal(64), space), D, tune, batch_size=64)

    return Setting(make)


def of(recipe: Callable[..., Game], **options: Any) -> Setting:
    """A recipe with critic without batch norm at rate 1e-3 and batch 64, but for these options."""
    known: dict[str, Any] = {"network": net(), "tune": adam(), "batch_size": 64}
    return Setting(lambda space: recipe(space, **known | options))


PENALISED = {
    "sn-gan": of(sn_gan),
    "sn-gan, critic at twice the rate": of(sn_gan, critic_tune=adam(2e-3)),
    "sn-gan, SNDCGAN": of(sn_gan, network=SNDCGAN(16)),
    "sn-gan, 2 critic steps": of(sn_gan, critic_steps=2),
    "r3gan": r3gan(DCGAN, adam(1e-3, 0.0, 0.99), 0.05),
    "r3gan, He": r3gan(HeDCGAN, adam(1e-3, 0.0, 0.99), 0.05),
    "r3gan, He, betas 0.5 0.99": r3gan(HeDCGAN, adam(1e-3, 0.5, 0.99), 0.05),
    "r3gan, He, penalty 0.5": r3gan(HeDCGAN, adam(1e-3, 0.0, 0.99), 0.5),
    "sn-smmd, 1 critic step": of(sn_smmd, critic_steps=1),
    "sn-smmd, 2 critic steps, 8 outputs": of(sn_smmd, critic_steps=2, outputs=8, exact=False),
    "wgan-gp, 2 critic steps": of(wgan_gp, critic_steps=2),
    "wgan-gp, He, 2 critic steps": of(wgan_gp, critic_steps=2, network=net(16, HeDCGAN)),
}


def ratio(critic_decay: float = 0.0, **options: Any) -> Setting:
    """`gram` on the convolutional pair, the critic's weights decayed."""

    def make(space: Space) -> Game:
        known: dict[str, Any] = {"network": net(), "tune": adam(), "batch_size": 100}
        game = gram(space, **known | options)
        game.tune = {**game.tune, "critic": replace(game.tune["critic"], weight_decay=critic_decay)}  # type: ignore[type-var]
        return game

    return Setting(make)


KERNELS = {
    "gram": ratio(),
    "gram, critic's weights decay": ratio(0.01),
    "gram, without labels": ratio(conditional=False),
    "gram, width 32": ratio(network=net(32)),
    "mmd-gan, Adam 1e-3, 1 critic step": Setting(
        lambda space: mmd_gan(space, network=DCGAN(16), tune=adam(), critic_steps=1)
    ),
    "mmd-net, batch 500": Setting(lambda space: mmd_net(space, batch_size=500), "32"),
}


def field(network: Any = None, precision: str = "32", **options: Any) -> Setting:
    """`drifting` by class, but for these options."""
    known = {} if network is None else {"network": network}
    return Setting(lambda space: drifting(space, **known | options), precision, 0.998)


DRIFTING = {
    "drifting": field(),
    "batch 512": field(batch_size=512),
    "width 512, batch 512": field(MLP((512, 512, 512), batch_norm=True), batch_size=512),
    "DCGAN": field(DCGAN(16), "bf16"),
    "DCGAN, width 32, batch 512": field(DCGAN(32), "bf16", batch_size=512),
    "halved temperatures": field(field=DoubleSoftmax((0.01, 0.025, 0.1))),
}

REASONS = {
    "sn-gan, rate 2e-4": of(sn_gan, tune=adam(2e-4)),
    "sn-gan, without labels": of(sn_gan, conditional=False),
    "sn-gan, the paper's": Setting(lambda space: sn_gan(space, paper=True)),
    "r3gan, the paper's": Setting(lambda space: recipes.r3gan(space, paper=True)),
    "wgan, RMSprop 5e-4, 2 critic steps": of(wgan, tune=RMSprop(5e-4), critic_steps=2),
}
"""What made critics without batch norm collapse or starve, and one try of a recipe that no family has."""

FAMILIES: Mapping[str, Mapping[str, Setting]] = {
    "one step": ONE_STEP,
    "precision": {"gan, float32": replace(ONE_STEP["known good point"], precision="32")},
    "penalised": PENALISED,
    "kernels": KERNELS,
    "drifting": DRIFTING,
    "reasons": REASONS,
}
