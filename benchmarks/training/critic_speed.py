"""What a turn of `fit` costs for methods with a critic: beside a bare loop, and beside another program's own steps.

    python -m benchmarks.training.critic_speed [FOLDER]

As in speed.py: both in one process, in turns, one thread's CPU time, medians of ratios. The networks are DCGANs of
width 64 for 32 colour pixels, the critic without batch norm; pictures of noise serve. FOLDER holds the sources of
torch-mimicry 0.1.16, whose `train_step`s then train the same networks (its own layers where it normalises spectra), in
float32 as on a processor it must; its log, pictures and checkpoints are left out, ours are not.
"""

import sys
import types
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import relu

import pushforward as pf
from benchmarks.common.cells import write
from benchmarks.training import speed
from benchmarks.training.speed import RATE, Bare, Step, descend, squared
from pushforward.networks import DCGAN
from pushforward.samplers import Normal
from pushforward.spaces import without_classes

NETWORK = DCGAN(critic_batch_norm=False)
RECIPES = ("wgan_gp", "sn_gan", "smmd", "mmd_gan_gp")


def looped(b: Bare, f: nn.Module, steps: int, up: Any, down: Any) -> Step:
    """`steps` of the critic and one of the sampler."""
    of, og, theirs, mine = b.adam(f), b.adam(b.g), list(f.parameters()), list(b.g.parameters())

    def step() -> None:
        for _ in range(steps):
            x = b.batch()
            with torch.no_grad():
                y = b.g(b.noise())
            descend(up(x, y), of, theirs)
        descend(down(b.batch(), b.g(b.noise())), og, mine)
        b.averaged()

    return step


def slope(value: Tensor, at: Tensor) -> Tensor:
    """Squared norms of gradients, differentiable."""
    return torch.autograd.grad(value.sum(), at, create_graph=True)[0].flatten(1).square().sum(1)


def between(x: Tensor, y: Tensor) -> Tensor:
    """Points on the lines from y to x."""
    u = torch.rand(len(x), 1, 1, 1)
    return (u * x + (1 - u) * y).requires_grad_()


def wgan_gp(game: Any, b: Bare) -> Step:
    f = deepcopy(game.discrepancy.f)

    def up(x: Tensor, y: Tensor) -> Tensor:
        h = between(x, y)
        return f(y).mean() - f(x).mean() + 10 * (slope(f(h), h).sqrt() - 1).square().mean()

    return looped(b, f, 5, up, lambda x, y: -f(y).mean())


def sn_gan(game: Any, b: Bare) -> Step:
    f = deepcopy(game.discrepancy.f)
    up = lambda x, y: relu(1 - f(x)).mean() + relu(1 + f(y)).mean()
    return looped(b, f, 1, up, lambda x, y: -f(y).mean())


def unbiased(xx: Tensor, yy: Tensor, xy: Tensor) -> Tensor:
    """MMD² without the diagonals."""
    n = len(xx)
    return (xx.sum() - xx.trace() + yy.sum() - yy.trace()) / (n * (n - 1)) - 2 * xy.mean()


def smmd(game: Any, b: Bare) -> Step:
    f = deepcopy(game.discrepancy.f)
    k = lambda x, y: torch.exp(-squared(x, y) / 2)

    def value(x: Tensor, fx: Tensor, fy: Tensor) -> Tensor:
        fx, fy = fx.float(), fy.float()
        return unbiased(k(fx, fx), k(fy, fy), k(fx, fy))

    def up(x: Tensor, y: Tensor) -> Tensor:
        x.requires_grad_()
        fx = f(x)
        return -value(x, fx, f(y)) / (1 + 10 * slope(fx, x).mean())

    def down(x: Tensor, y: Tensor) -> Tensor:
        x.requires_grad_()
        fx = f(x)
        (g,) = torch.autograd.grad(fx.sum(), x, retain_graph=True)
        return value(x, fx, f(y)) / (1 + 10 * g.flatten(1).square().sum(1).mean())

    return looped(b, f, 5, up, down)


def rational(x: Tensor, y: Tensor) -> Tensor:
    """Five rational quadratic kernels and the linear one."""
    s = squared(x, y)
    return sum((1 + s / (2 * a)) ** -a for a in (0.2, 0.5, 1.0, 2.0, 5.0)) + x @ y.T


def mmd_gan_gp(game: Any, b: Bare) -> Step:
    f = deepcopy(game.discrepancy.f)

    def through(x: Tensor) -> tuple[Tensor, Tensor]:
        """Outputs, and the sum of mean squares of all layers."""
        penalty = torch.zeros(())
        for layer in f:
            x = layer(x)
            if isinstance(layer, nn.Conv2d | nn.Linear):
                penalty = penalty + x.float().square().mean()
        return x.float(), penalty

    def up(x: Tensor, y: Tensor) -> Tensor:
        (fx, a), (fy, c), h = through(x), through(y), between(x, y)
        fh = f(h).float()
        witness = rational(fh, fx).mean(1) - rational(fh, fy).mean(1)
        value = unbiased(rational(fx, fx), rational(fy, fy), rational(fx, fy))
        return (slope(witness, h).sqrt() - 1).square().mean() + a + c - value

    def down(x: Tensor, y: Tensor) -> Tensor:
        fx, fy = f(x).float(), f(y).float()
        return unbiased(rational(fx, fx), rational(fy, fy), rational(fx, fy))

    return looped(b, f, 5, up, down)


speed.BARE |= {"wgan_gp": wgan_gp, "sn_gan": sn_gan, "smmd": smmd, "mmd_gan_gp": mmd_gan_gp}


@dataclass
class Peer:
    """torch-mimicry: its base classes around the same layers, its optimisers, its loader, its scheduler."""

    folder: str

    def __post_init__(self) -> None:
        sys.path.insert(0, self.folder)
        for name in ("torchvision", "torchvision.utils", "skimage", "skimage.io", "torch_mimicry.metrics",
                     "torch_mimicry.datasets"):  # fmt: skip
            sys.modules[name] = types.ModuleType(name)  # which pictures, scores and downloads need, and steps do not
            parent, _, child = name.rpartition(".")
            if parent in ("torchvision", "skimage"):
                setattr(sys.modules[parent], child, sys.modules[name])

    def steps(self, name: str, game: Any, data: Any) -> Step:
        from torch_mimicry.modules.layers import SNConv2d, SNLinear
        from torch_mimicry.nets.sngan import sngan_base
        from torch_mimicry.nets.wgan_gp import wgan_gp_base
        from torch_mimicry.training import metric_log, scheduler

        bases = {"wgan_gp": (wgan_gp_base.WGANGPBaseGenerator, wgan_gp_base.WGANGPBaseDiscriminator),
                 "sn_gan": (sngan_base.SNGANBaseGenerator, sngan_base.SNGANBaseDiscriminator)}[name]  # fmt: skip
        through = {"forward": lambda self, x: self.main(x)}
        g = type("G", bases[:1], through)(nz=game.sampler.noise.dim, ngf=64, bottom_width=4)
        f = type("F", bases[1:], through)(ndf=64)
        critic = NETWORK.critic(without_classes(data.space), 1)
        if name == "sn_gan":
            critic = nn.Sequential(*(_theirs(m, SNConv2d, SNLinear) for m in critic))
        g.main, f.main = deepcopy(game.sampler.network), critic
        og, of = (torch.optim.Adam(m.parameters(), 2e-4, betas=(0.5, 0.999)) for m in (g, f))
        rates = scheduler.LRScheduler(optD=of, optG=og, num_steps=10**6, lr_decay=None)
        x = data.train.all()
        pictures = torch.utils.data.TensorDataset(x.x, torch.zeros(len(x.x), dtype=torch.long))
        loader = torch.utils.data.DataLoader(pictures, 64, shuffle=True, drop_last=True)
        state = {"batches": iter(loader), "turn": 0}

        def fetch() -> Any:
            try:
                return next(state["batches"])
            except StopIteration:
                state["batches"] = iter(loader)
                return next(state["batches"])

        def step() -> None:
            log = metric_log.MetricLog()
            for _ in range(5 if name == "wgan_gp" else 1):
                batch = fetch()
                log = f.train_step(real_batch=batch, netG=g, optD=of, log_data=log, global_step=state["turn"],
                                   device=torch.device("cpu"), scaler=None)  # fmt: skip
            log = g.train_step(real_batch=batch, netD=f, optG=og, log_data=log, global_step=state["turn"],
                               device=torch.device("cpu"), scaler=None)  # fmt: skip
            state["turn"] += 1
            rates.step(log_data=log, global_step=state["turn"])

        return step


def _theirs(layer: nn.Module, conv: Any, linear: Any) -> nn.Module:
    """A layer of theirs of the same size, or the same one where they have none."""
    if isinstance(layer, nn.Conv2d):
        return conv(layer.in_channels, layer.out_channels, layer.kernel_size, layer.stride, layer.padding)
    return linear(layer.in_features, layer.out_features) if isinstance(layer, nn.Linear) else layer


def games(data: Any) -> dict[str, Any]:
    """The four recipes on the same networks."""
    common = dict(network=NETWORK, conditional=False, noise=Normal(128), tune=RATE, batch_size=64, paper=True)
    return {name: getattr(pf.recipes, name)(data.space, **common, **_critic_steps(name)) for name in RECIPES}


def _critic_steps(name: str) -> dict[str, int]:
    return {"critic_steps": 5} if name == "smmd" else {}


if __name__ == "__main__":
    torch.set_num_threads(1)
    noise = np.random.default_rng(0).integers(0, 256, (2000, 32, 32, 3), dtype=np.uint8)
    data, rows = pf.data.load(noise), []
    peer = Peer(sys.argv[1]) if len(sys.argv) > 1 else None
    for name in RECIPES:
        for precision in ("32", "bf16"):
            ms, to_bare = speed.compared(games(data)[name], data, name, 1, 13, precision)
            row = {"recipe": name, "precision": precision, "ms_per_turn": ms, "to_bare": to_bare, "peer_to_ours": ""}
            if peer and name in ("wgan_gp", "sn_gan"):
                game = games(data)[name]
                _, to_peer = speed.beside(game, data, peer.steps(name, game, data), 1, 13, precision)
                row["peer_to_ours"] = 1 / to_peer
            rows.append(row)
            print(row, flush=True)
    write("critic_speed", rows)
