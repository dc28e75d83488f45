"""What a turn of the recipes that our tables recommend costs beside a bare loop, and what 10,000 samples cost.

    CELLS=1 python -m benchmarks.training.turns MNIST.npz

As in speed.py: in one process, in turns, one thread's CPU time, medians of ratios. `gan` on labelled MNIST as it comes
(DCGANs of width 16, batch 64) in bfloat16, `drifting` on digits as it comes (class by class, batch 256), and the two on
the ring of which a large part is not arithmetic. Sampling: CPU seconds of 10,000 MNIST pictures, labels drawn, by a
generator of that width, as `Run.draw` makes them and under bfloat16. Each row has the GFLOP/s of its hour.
"""

import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch.nn.functional import softplus

import pushforward as pf
from benchmarks.common.cells import measured, write
from benchmarks.common.speed import speed
from benchmarks.training.speed import BARE, RATE, Bare, Step, beside, descend
from pushforward.networks import DCGAN, MLP
from pushforward.samplers import Normal

TEMPERATURES = (0.02, 0.05, 0.2)


class Labelled(Bare):
    """The same with labels."""

    def __init__(self, game: Any, data: Any):
        super().__init__(game, data, game.batch_size, False)
        self.label = data.train.all().label

    def pair(self) -> tuple[torch.Tensor, torch.Tensor]:
        x = self.batch()
        return x, self.label[self.order[self.at - self.size : self.at]]


def gan(game: Any, data: Any) -> Step:
    """The conditional GAN by hand."""
    b, f = Labelled(game, data), game.discrepancy.f
    of, og, theirs, mine = b.adam(f), b.adam(b.g), list(f.parameters()), list(b.g.parameters())

    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16):
            x, label = b.pair()
            with torch.no_grad():
                y = b.g(b.noise(), label)
            descend(softplus(-f(x, label)).mean() + softplus(f(y, label)).mean(), of, theirs)
            torch.clear_autocast_cache()
            _, label = b.pair()
            descend(softplus(-f(b.g(b.noise(), label), label)).mean(), og, mine)
            b.averaged()

    return step


def field(y: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The drifting field by hand, one slice a temperature."""
    n, c = len(x), torch.cat([x, y])
    r = torch.cdist(y, c)
    r = r / (r.sum() / (r.numel() - len(y)))
    r[:, n:].fill_diagonal_(1e6)
    slices = []
    for t in TEMPERATURES:
        a = ((-r / t).softmax(1) * (-r / t).softmax(0)).sqrt()
        to_data, to_samples = a[:, :n], a[:, n:]
        slices.append(to_samples.sum(1, True) * (to_data @ x) - to_data.sum(1, True) * (to_samples @ y))
    return torch.stack(slices)


def drifting(game: Any, data: Any) -> Step:
    """Drifting by hand, class by class."""
    b = Labelled(game, data)
    og, mine = b.adam(b.g), list(b.g.parameters())

    def step() -> None:
        x, label = b.pair()
        y = b.g(b.noise(), label).flatten(1)
        with torch.no_grad():
            x, at = x.flatten(1), y.detach()
            v = x.new_empty(len(TEMPERATURES), *x.shape)
            for c in label.unique():
                i = (label == c).nonzero()[:, 0]
                v[:, i] = field(at[i], x[i])
            goal = at + (v / v.square().mean((1, 2), keepdim=True).sqrt()).sum(0)
        descend((y - goal).square().sum(1).mean(), og, mine)
        b.averaged()

    return step


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """One cell."""
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    if cell["what"] == "10,000 samples":
        return {"ms_per_turn": "", "to_bare": "", "cpu_seconds": sampled(cell["recipe"], cell["mnist"])} | speed()
    if cell["recipe"] == "gan, labels":
        data = pf.data.load(cell["mnist"])
        game, (turns, rounds, precision) = pf.recipes.gan(data.space), (10, 12, "bf16")
        other = gan(pf.recipes.gan(data.space), data)
    elif cell["recipe"] == "drifting":
        data = pf.data.load("digits")
        game, (turns, rounds, precision) = pf.recipes.drifting(data.space), (20, 16, "32")
        other = drifting(pf.recipes.drifting(data.space), data)
    else:
        data, name = pf.data.load("ring"), cell["recipe"].removesuffix(", ring")
        game = getattr(pf.recipes, name)(data.space, MLP((100, 100)), noise=Normal(20), tune=RATE, batch_size=64)
        (turns, rounds, precision), other = (50, 20, "32"), BARE[name](game, Bare(game, data, 64, False))
    ms, ratio = beside(game, data, other, turns, rounds, precision)
    return {"ms_per_turn": ms, "to_bare": ratio, "cpu_seconds": ""} | speed()


def sampled(how: str, mnist: str) -> float:
    """CPU seconds of 10,000 samples, the median of three times."""
    from pushforward.samplers import Pushforward, Uniform
    from pushforward.training import draw_samples

    width, precision = how.split(", ")
    g = Pushforward.of(DCGAN(int(width.split()[1])), Uniform(100), pf.data.load(mnist).space).eval()
    label, times = torch.arange(10_000) % 10, []
    for _ in range(3):
        began = time.process_time()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            draw_samples(g, 10_000, 0, label)
        times.append(time.process_time() - began)
    return median(times)


if __name__ == "__main__":
    cells = [{"what": "a turn", "recipe": r} for r in ("gan, labels", "drifting", "gan, ring", "gram, ring")]
    cells += [{"what": "10,000 samples", "recipe": f"width {w}, {p}"} for w in (16, 64) for p in ("32", "bf16")]
    write("turns", measured("turns", cells, run, {"mnist": sys.argv[1]}))
