"""What a turn of a flow costs beside normflows, zuko and a bare loop, and what 10,000 samples cost.

    pip install --no-deps --target PEERS normflows zuko
    PYTHONPATH=PEERS python -m benchmarks.densities.turns

A turn is forward, backward and a step of fused Adam on the same batch, in one process, one contestant after another in
rounds; CPU milliseconds of one thread, medians over the rounds. The architecture is the same for all: so many affine
couplings, two hidden layers; for pictures eight steps of Glow on 4 × 14 × 14: a scale and shift, a mixing, and one
coupling by a network of convolutions, 3 × 3, 1 × 1, 3 × 3. `ratio` is theirs over ours, medians of the ratios of
rounds; so is `draws_ratio`, of 10,000 samples, which ours draws as `Run.draw` does. In the row `fit` a turn is one of
the library's own loop; in the row `bare`, of one by hand with the same batches, averaging and finite check.
"""

import time
import warnings
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor, nn

import pushforward as pf
from benchmarks.common.cells import write
from benchmarks.common.pictures import trained
from benchmarks.common.speed import speed
from pushforward.bijectors import ActNorm, Chain, Channels, Couplings, Flattened, Mixing, Squeeze
from pushforward.monotone import Affine
from pushforward.samplers import Flow, Normal
from pushforward.spaces import Batch, Vector
from pushforward.training import draw_samples

ROUNDS = 7
Step = Callable[[], None]


def turn(module: nn.Module, loss: Callable[[], Tensor], bf16: bool = False) -> Step:
    """One step of Adam down a loss."""
    optimizer = torch.optim.Adam(module.parameters(), 1e-4, fused=True)

    def step() -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            value = loss()
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        optimizer.step()

    return step


def milliseconds(step: Step, times: int) -> float:
    """CPU time of one call."""
    began = time.process_time()
    for _ in range(times):
        step()
    return 1e3 * (time.process_time() - began) / times


def beside(steps: dict[str, Step], times: int) -> dict[str, dict[str, float]]:
    """Medians of the times of all, and of their ratios to the first."""
    for step in steps.values():
        milliseconds(step, 3)
    rounds = [{name: milliseconds(step, times) for name, step in steps.items()} for _ in range(ROUNDS)]
    first = next(iter(steps))
    return {
        name: {"milliseconds": median(r[name] for r in rounds), "ratio": median(r[name] / r[first] for r in rounds)}
        for name in steps
    }


class Plain(nn.Module):
    """A network of three convolutions, as normflows' Glow has it."""

    def __init__(self, inputs: int, outputs: int, width: int):
        super().__init__()
        last = nn.Conv2d(width, outputs, 3, padding=1)
        nn.init.zeros_(last.weight)
        first = nn.Conv2d(inputs, width, 3, padding=1)
        self.layers = nn.Sequential(first, nn.ReLU(), nn.Conv2d(width, width, 1), nn.ReLU(), last)

    def forward(self, x: Tensor, label: Tensor | None = None) -> Tensor:
        """Parameters in float32."""
        return self.layers(x.contiguous(memory_format=torch.channels_last)).float()


def theirs_of_rows(d: int, layers: int, width: int) -> nn.Module:
    """The flow of normflows."""
    import normflows as nf

    flows: list[nn.Module] = []
    for _ in range(layers):
        network = nf.nets.MLP([d // 2, width, width, d], init_zeros=True)
        flows += [nf.flows.AffineCouplingBlock(network), nf.flows.Permute(d, mode="swap")]
    return nf.NormalizingFlow(nf.distributions.DiagGaussian(d), flows)


def rows(d: int, layers: int, width: int, size: int, times: int) -> dict[str, dict[str, float]]:
    """Turns on a batch of vectors, and draws."""
    import zuko

    x = torch.randn(size, d)
    ours = pf.recipes.real_nvp(Vector(d), layers=layers, widths=(width, width)).sampler
    nvp, other = (
        zuko.flows.RealNVP(d, 0, transforms=layers, hidden_features=(width, width)),
        theirs_of_rows(d, layers, width),
    )
    steps = {
        "ours": turn(ours, lambda: -ours.log_prob(Batch(x)).mean()),
        "zuko": turn(nvp, lambda: -nvp().log_prob(x).mean()),
        "normflows": turn(other, lambda: other.forward_kld(x)),
    }
    draws: dict[str, Step] = {
        "ours": lambda: draw_samples(ours, 10_000, 0),
        "zuko": lambda: nvp().sample((10_000,)),
        "normflows": lambda: other.sample(10_000),
    }
    found = beside(steps, times)
    with torch.no_grad():
        drawn = beside(draws, 3)
    return {n: found[n] | {"draws": drawn[n]["milliseconds"], "draws_ratio": drawn[n]["ratio"]} for n in steps}


def pictures(width: int, times: int) -> dict[str, dict[str, float]]:
    """Turns on a batch of pictures, ours in both precisions."""
    import normflows as nf

    x = torch.randn(64, 1, 28, 28)
    squeezed = torch.nn.functional.pixel_unshuffle(x, 2)

    def flow() -> Flow:
        parts: list[Any] = [Squeeze()]
        for _ in range(8):
            parts += [ActNorm(4), Mixing(4), Couplings(Channels(), Affine(), (2, 2), [Plain(2, 4, width)])]
        return Flow(Chain([*parts, Flattened((4, 14, 14))]), Normal(784), (1, 28, 28))

    rounded, single = flow(), flow()
    blocks = [nf.flows.GlowBlock(4, width, scale=True, split_mode="channel") for _ in range(8)]
    other = nf.NormalizingFlow(nf.distributions.DiagGaussian((4, 14, 14)), blocks)
    return beside(
        {
            "ours in bfloat16": turn(rounded, lambda: -rounded.log_prob(Batch(x)).mean(), bf16=True),
            "ours": turn(single, lambda: -single.log_prob(Batch(x)).mean()),
            "normflows": turn(other, lambda: other.forward_kld(squeezed)),
        },
        times,
    )


def loops(seconds: float = 5.0, rounds: int = 5) -> dict[str, dict[str, float]]:
    """A turn of `fit` on two moons, and of a bare loop with the same batches, averaging and finite check."""
    data, times = pf.data.load("two-moons"), []
    for i in range(rounds):
        game = pf.recipes.real_nvp(data.space)
        with TemporaryDirectory() as folder:
            _, found = trained(game, data, Path(folder) / "run", seconds, seed=i)
        game = pf.recipes.real_nvp(data.space)
        game.prepare(data.train)
        bare = turn_of(game.sampler, data.train.all().x, game.batch_size)
        milliseconds(bare, 20)
        times.append((1e3 * found["cpu_seconds"] / found["turns"], milliseconds(bare, int(found["turns"]))))
    fit, alone = median(a for a, _ in times), median(b for _, b in times)
    return {
        "fit": {"milliseconds": fit, "ratio": 1.0},
        "bare": {"milliseconds": alone, "ratio": median(b / a for a, b in times)},
    }


def turn_of(sampler: Flow, x: Tensor, size: int) -> Step:
    """One step of the bare loop: a batch, a step, a look at the loss, an average."""
    mean = deepcopy(sampler)
    optimizer = torch.optim.Adam(sampler.parameters(), 2e-3, (0.9, 0.99), fused=True)
    mine, theirs = list(mean.parameters()), list(sampler.parameters())

    def step() -> None:
        loss = -sampler.log_prob(Batch(x[torch.randint(len(x), (size,))])).mean() / 2
        if not torch.isfinite(loss):
            raise FloatingPointError
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            torch._foreach_lerp_(mine, theirs, 1e-3)

    return step


def main() -> None:
    """All rows, into one table."""
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)
    torch.manual_seed(0)
    table = []
    for task, found in (
        ("d = 2, 8 couplings of 64, batch 256", rows(2, 8, 64, 256, 20)),
        ("d = 64, 8 couplings of 256, batch 256", rows(64, 8, 256, 256, 8)),
        ("4 × 14 × 14, 8 steps of Glow of 32, batch 64", pictures(32, 2)),
        ("4 × 14 × 14, 8 steps of Glow of 64, batch 64", pictures(64, 2)),
        ("two moons, real-nvp as it comes", loops()),
    ):
        for name, row in found.items():
            table.append({"task": task, "whose": name, **{"draws": "", "draws_ratio": ""}, **row} | speed())
            print(table[-1], flush=True)
    write("density_turns", table)


if __name__ == "__main__":
    main()
