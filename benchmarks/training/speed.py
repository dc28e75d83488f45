"""What a turn of `fit` costs beside the same algorithm in a bare loop written by hand.

    python -m benchmarks.training.speed [MNIST.npz]

Both run in one process, in turns: so many turns of `fit` (log, averaging, finite check and all), then as many of the
bare loop, and again; the table holds the median of the ratios of their CPU times, with one thread. The bare loop has
the same networks, optimiser, averaging and finite check. Without MNIST.npz, pictures of noise take its place.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import torch
from torch.nn.functional import mse_loss, softplus

import pushforward as pf
from benchmarks.common.cells import write
from pushforward.networks import DCGAN, MLP
from pushforward.samplers import Normal
from pushforward.tuning import Adam

Step = Callable[[], None]
RATE = Adam(2e-4, (0.5, 0.999))


class Bare:
    """Networks, fused Adam, a plain average, a finite check, batches cut from a permutation."""

    def __init__(self, game: Any, data: Any, size: int, channels_last: bool):
        self.g = deepcopy(game.sampler.network)
        self.mean = deepcopy(self.g)
        self.dim, self.size, self.x = game.sampler.noise.dim, size, data.train.all().x
        self.at, self.order = 0, torch.randperm(len(self.x))
        self.channels_last = channels_last

    def adam(self, *networks: torch.nn.Module) -> torch.optim.Optimizer:
        parameters = [p for n in networks for p in n.parameters()]
        return torch.optim.Adam(parameters, lr=2e-4, betas=(0.5, 0.999), fused=True)

    def batch(self) -> torch.Tensor:
        if self.at + self.size > len(self.x):
            self.at, self.order = 0, torch.randperm(len(self.x))
        self.at += self.size
        return self.x[self.order[self.at - self.size : self.at]]

    def noise(self) -> torch.Tensor:
        return torch.randn(self.size, self.dim)

    @torch.no_grad()
    def averaged(self) -> None:
        mine = [t for t in (*self.mean.parameters(), *self.mean.buffers()) if t.is_floating_point()]
        theirs = [t for t in (*self.g.parameters(), *self.g.buffers()) if t.is_floating_point()]
        torch._foreach_lerp_(mine, theirs, 1e-3)


def descend(loss: torch.Tensor, optimizer: torch.optim.Optimizer, parameters: list[torch.Tensor]) -> None:
    """One step, of these parameters alone."""
    if not torch.isfinite(loss):
        raise FloatingPointError
    optimizer.zero_grad(set_to_none=True)
    loss.backward(inputs=parameters)
    optimizer.step()


def squared(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """‖x − y‖² as everybody writes it."""
    return (x.square().sum(1)[:, None] + y.square().sum(1)[None] - 2 * x @ y.T).clamp_min(0)


def gaussians(x: torch.Tensor, y: torch.Tensor, bandwidths: tuple[float, ...]) -> list[torch.Tensor]:
    """A matrix for each bandwidth."""
    s = squared(x, y)
    return [torch.exp(-s / (2 * b * b)) for b in bandwidths]


def root_mmd(xx: list, yy: list, xy: list) -> torch.Tensor:
    """√MMD², biased, bandwidths summed."""
    value = sum(a.mean() for a in xx) + sum(a.mean() for a in yy) - 2 * sum(a.mean() for a in xy)
    return torch.sqrt(torch.relu(value) + 1e-12)


def gan(game: Any, b: Bare) -> Step:
    f = deepcopy(game.discrepancy.f)
    of, og, pf_, pg = b.adam(f), b.adam(b.g), list(f.parameters()), list(b.g.parameters())

    def step() -> None:
        x = b.batch()
        with torch.no_grad():
            y = b.g(b.noise())
        descend(softplus(-f(x)).mean() + softplus(f(y)).mean(), of, pf_)
        b.batch()
        descend(softplus(-f(b.g(b.noise()))).mean(), og, pg)
        b.averaged()

    return step


def gram(game: Any, b: Bare) -> Step:
    f, k = deepcopy(game.projection), game.kernel.bandwidth
    k = k if isinstance(k, tuple) else (k,)
    of, og, pf_, pg = b.adam(f), b.adam(b.g), list(f.parameters()), list(b.g.parameters())
    eye = 1e-3 * torch.eye(b.size)

    def step() -> None:
        fx, fy = f(torch.cat([b.batch(), b.g(b.noise())])).chunk(2)
        xx, yy, xy = gaussians(fx, fx, k), gaussians(fy, fy, k), gaussians(fx, fy, k)
        r = sum(torch.linalg.solve(a + eye, c.sum(0)) for a, c in zip(yy, xy, strict=True)) / len(k)
        up, down = -(r - 1).square().mean() - game.positivity * r.sum(), root_mmd(xx, yy, xy)
        if not torch.isfinite(up + down):
            raise FloatingPointError
        of.zero_grad(set_to_none=True), og.zero_grad(set_to_none=True)
        up.backward(inputs=pf_, retain_graph=True)
        down.backward(inputs=pg)
        of.step(), og.step()
        b.averaged()

    return step


def mmd_net(game: Any, b: Bare) -> Step:
    k = game.discrepancy.discrepancy.kernel.bandwidth
    k, og, pg = k if isinstance(k, tuple) else (k,), b.adam(b.g), list(b.g.parameters())

    def step() -> None:
        x, y = b.batch().flatten(1), b.g(b.noise()).flatten(1)
        descend(root_mmd(gaussians(x, x, k), gaussians(y, y, k), gaussians(x, y, k)), og, pg)
        b.averaged()

    return step


def mmd_gan(game: Any, b: Bare) -> Step:
    encoder, decoder = deepcopy(game.discrepancy.f.encoder), deepcopy(game.discrepancy.f.decoder)
    k = (1.0, 2.0, 4.0, 8.0, 16.0)
    of, og = b.adam(encoder, decoder), b.adam(b.g)
    pf_, pg = [*encoder.parameters(), *decoder.parameters()], list(b.g.parameters())

    def value(fx: torch.Tensor, fy: torch.Tensor) -> torch.Tensor:
        m = root_mmd(gaussians(fx, fx, k), gaussians(fy, fy, k), gaussians(fx, fy, k))
        return m - 16 * torch.relu(fy.mean(0) - fx.mean(0)).mean()

    def step() -> None:
        for _ in range(5):
            with torch.no_grad():
                for p in encoder.parameters():
                    p.clamp_(-0.01, 0.01)
                y = b.g(b.noise())
            x = b.batch()
            fx, fy = encoder(x), encoder(y)
            rebuilt = mse_loss(decoder(fx), x) + mse_loss(decoder(fy), y)
            descend(8 * rebuilt - value(fx, fy), of, pf_)
        descend(value(encoder(b.batch()), encoder(b.g(b.noise()))), og, pg)
        b.averaged()

    return step


BARE = {"gan": gan, "gram": gram, "mmd_net": mmd_net, "mmd_gan": mmd_gan}


def games(data: Any, network: Any) -> dict[str, Any]:
    """The four recipes on the same networks."""
    common = dict(network=network, batch_size=64)
    return {
        "gan": pf.recipes.gan(data.space, conditional=False, noise=Normal(20), tune=RATE, **common),
        "gram": pf.recipes.gram(data.space, conditional=False, noise=Normal(20), tune=RATE, **common),
        "mmd_net": pf.recipes.mmd_net(
            data.space, noise=Normal(20), kernel=pf.kernels.Gaussian((1.0, 2.0, 4.0)), tune=RATE, **common
        ),
        "mmd_gan": pf.recipes.mmd_gan(data.space, latent_dim=20, critic_steps=5, tune=RATE, **common),
    }


def compared(game: Any, data: Any, name: str, turns: int, rounds: int, precision: str = "32") -> tuple[float, float]:
    """Milliseconds a turn of `fit`, and the median ratio to the bare loop, in the same precision."""
    bare = BARE[name](game, Bare(game, data, 64, False))

    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            bare()

    return beside(game, data, step, turns, rounds, precision)


def beside(game: Any, data: Any, other: Step, turns: int, rounds: int, precision: str = "32") -> tuple[float, float]:
    """Milliseconds a turn of `fit`, and the median ratio to another program's."""
    times, mark = list[tuple[float, float]](), [0.0]

    def watch(turn: int, seconds: float, losses: dict, scores: dict) -> None:
        mine = time.process_time() - mark[0]
        before = time.process_time()
        for _ in range(turns):
            other()
        times.append((mine, time.process_time() - before))
        mark[0] = time.process_time()

    with tempfile.TemporaryDirectory() as folder:
        training = prepared(game, data, Path(folder), turns, precision, watch)
        training.run(pf.training.Budget(steps=turns * rounds))
    kept = times[2:-1]  # the first is the first turn alone, the second warms up, the last saves
    return 1e3 * median(m for m, _ in kept) / turns, median(m / b for m, b in kept)


def prepared(game: Any, data: Any, folder: Path, turns: int, precision: str, watch: Any, device: str = "cpu") -> Any:
    """The training that `fit` runs, with a watcher and without probes."""
    from pushforward.runs import RunFolder
    from pushforward.training import Batches, Pace, Probing, Training, convolutional, engine

    at_work = engine(device, precision == "bf16")
    game.to(at_work.device)
    if convolutional(game) and (precision == "32" or device != "cpu"):  # as `fit` does
        game.to(memory_format=torch.channels_last)
    probing, run = Probing(None, data.validation.all(10), 0), RunFolder.create(folder / "run")
    batches = Batches(data.train.to(at_work.device), game.batch_size, 0)
    game.prepare(data.train)
    training = Training(game, batches, run, at_work, probing, Pace(turns, 10**9, 10**9), 0.999, None, (watch,))
    training._probe = lambda: None  # not even at the end
    return training


def pictures(argv: list[str]) -> Any:
    """MNIST, or noise of its size."""
    if argv:
        return pf.data.load(argv[0])
    return pf.data.load(np.random.default_rng(0).integers(0, 256, (2000, 28, 28), dtype=np.uint8))


if __name__ == "__main__":
    torch.set_num_threads(1)
    rows = []
    settings = [
        ("ring MLP", pf.data.load("ring"), MLP((100, 100)), 100, 13),
        ("MNIST DCGAN", pictures(sys.argv[1:]), DCGAN(), 5, 11),
    ]
    for what, data, network, turns, rounds in settings:
        for precision in ("32", "bf16") if "DCGAN" in what else ("32",):
            for name, game in games(data, network).items():
                ms, ratio = compared(game, data, name, turns, rounds, precision)
                rows.append(
                    {"setting": what, "precision": precision, "recipe": name, "ms_per_turn": ms, "to_bare": ratio}
                )
                print(rows[-1], flush=True)
    write("speed", rows)
