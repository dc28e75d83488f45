"""A turn of `fit` beside a bare loop on one device: plain, compiled by torch, and as one captured graph of CUDA.

    python -m benchmarks.training.gpu [--rehearse]

The conditional GAN on DCGANs of width 64, pictures of 32 pixels in colour, batch 128, in float32 and bfloat16. The bare
loop has the same networks, fused Adam and averaging; it draws its batches on the device and checks nothing. Wall time a
turn, the median of several spans that end when the device is done. With --rehearse small, on a processor: the captured
graph is left out there, and what is compiled is traced alone.
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
from torch.nn.functional import softplus

import pushforward as pf
from benchmarks.common.cells import measured as cell_by_cell
from benchmarks.common.cells import write
from benchmarks.training.speed import prepared
from pushforward.networks import DCGAN

WARM = 3


class Loop:
    """One turn of the GAN by hand.

    Args:
        game: whose networks are copied.
        data: all of it lies on the device.
        device: of everything.
        bf16: precision of products.
        compiled: torch's name of how networks are compiled; empty for not.
        captured: whether turns will be captured as a graph.
    """

    def __init__(self, game: Any, data: Any, device: str, bf16: bool, compiled: str = "", captured: bool = False):
        self.device, self.bf16, self.size = device, bf16, game.batch_size
        self.f, self.g = (deepcopy(m).to(device) for m in (game.discrepancy.f, game.sampler.network))
        self.mean = deepcopy(self.g)
        options = {"lr": 1e-3, "betas": (0.5, 0.999), "fused": True, "capturable": captured}
        self.mine, self.theirs = list(self.g.parameters()), list(self.f.parameters())
        self.og, self.of = (torch.optim.Adam(p, **options) for p in (self.mine, self.theirs))
        rows = data.train.all()
        self.x, self.label, self.noise = rows.x.to(device), rows.label.to(device), game.sampler.noise
        self.critic, self.sampler = (torch.compile(m, backend=compiled) if compiled else m for m in (self.f, self.g))

    def turn(self) -> None:
        """One step of the critic, one of the sampler, one of the average."""
        with torch.autocast(self.device, torch.bfloat16, enabled=self.bf16):
            x, label = self.batch()
            with torch.no_grad():
                y = self.sampler(self.noise.draw(self.size, device=self.device), label)
            up = softplus(-self.critic(x, label)).mean() + softplus(self.critic(y, label)).mean()
            self.descend(up, self.of, self.theirs)
            _, label = self.batch()
            y = self.sampler(self.noise.draw(self.size, device=self.device), label)
            self.descend(softplus(-self.critic(y, label)).mean(), self.og, self.mine)
        averaged, raw = ([t for t in (*m.parameters(), *m.buffers()) if t.is_floating_point()]
                         for m in (self.mean, self.g))  # fmt: skip
        with torch.no_grad():
            torch._foreach_lerp_(averaged, raw, 1e-3)

    def batch(self) -> tuple[torch.Tensor, torch.Tensor]:
        index = torch.randint(len(self.x), (self.size,), device=self.device)
        return self.x[index], self.label[index]

    def descend(self, loss: torch.Tensor, optimizer: torch.optim.Optimizer, parameters: list[torch.Tensor]) -> None:
        for p, slope in zip(parameters, torch.autograd.grad(loss, parameters), strict=True):
            p.grad = slope
        optimizer.step()
        torch.clear_autocast_cache()


def captured(turn: Callable[[], None]) -> Callable[[], None]:
    """The turn as one graph, replayed."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(WARM):
            turn()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        turn()
    return graph.replay


def done(device: str) -> float:
    """The time when the device has done what it was asked for."""
    if device == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter()


def spans(turn: Callable[[], None], turns: int, rounds: int, device: str) -> float:
    """Milliseconds a turn."""
    for _ in range(WARM):
        turn()
    times = []
    for _ in range(rounds):
        began = done(device)
        for _ in range(turns):
            turn()
        times.append((done(device) - began) / turns)
    return 1e3 * median(times)


def fitted(game: Any, data: Any, turns: int, rounds: int, precision: str, device: str) -> float:
    """Milliseconds a turn of the loop that `fit` runs."""
    ends: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        watch = lambda *_: ends.append(done(device))
        training = prepared(game, data, Path(folder), turns, precision, watch, device)
        training.run(pf.training.Budget(steps=turns * (rounds + 1)))
    return 1e3 * median(b - a for a, b in zip(ends[1:], ends[2:], strict=False)) / turns


def measured(way: str, precision: str, device: str, rehearsal: bool) -> float:
    """Milliseconds a turn in one way."""
    rng, side, (turns, rounds) = np.random.default_rng(0), 16 if rehearsal else 32, (2, 2) if rehearsal else (100, 5)
    pictures = rng.integers(0, 256, (2000, side, side, 3), dtype=np.uint8), rng.integers(0, 10, 2000)
    data = pf.data.load(pictures)
    game = pf.recipes.gan(data.space, DCGAN(4 if rehearsal else 64), batch_size=8 if rehearsal else 128)
    if way == "fit":
        return fitted(game, data, turns, rounds, precision, device)
    backend = ("inductor" if device == "cuda" else "eager") if way == "compiled" else ""
    turn = Loop(game, data, device, precision == "bf16", backend, way == "captured").turn
    return spans(captured(turn) if way == "captured" else turn, turns, rounds, device)


def name(device: str) -> str:
    """The device in words."""
    return torch.cuda.get_device_name() if device == "cuda" else "processor"


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """One cell, on whatever device is there."""
    device = "cpu" if cell["rehearsal"] else "cuda"
    folder.mkdir(parents=True, exist_ok=True)
    return {"device": name(device), "ms_per_turn": measured(cell["way"], cell["precision"], device, cell["rehearsal"])}


if __name__ == "__main__":
    rehearsal = "--rehearse" in sys.argv
    ways = ("fit", "bare", "compiled", *(() if rehearsal else ("captured",)))
    cells = [{"precision": precision, "way": way} for precision in ("32", "bf16") for way in ways]
    table = cell_by_cell("gpu_rehearsal" if rehearsal else "gpu_speed", cells, run, {"rehearsal": rehearsal})
    for row in table:
        print(row)
    if not rehearsal:
        write("gpu_speed", table)
