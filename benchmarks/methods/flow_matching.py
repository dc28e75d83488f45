"""Flow matching in twenty steps, what else one would train today: a U-Net as large as our default's two networks.

A row of `benchmarks.methods.minutes`. The network sees pictures at half their side, four pixels a channel, and has two
scales; it takes time and label. Euler's method from noise to pictures, 20 calls a sample, by the averaged network.
"""

import math
import time
from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import pixel_shuffle, pixel_unshuffle, silu

STEPS, WIDTH, BATCH, RATE, AVERAGE, GROUPS = 20, 32, 64, 2e-3, 0.998, 8


class Block(nn.Module):
    """Two convolutions beside an identity, shifted by the embedding."""

    def __init__(self, n: int, m: int, width: int):
        super().__init__()
        self.first, self.second = nn.Conv2d(n, m, 3, padding=1), nn.Conv2d(m, m, 3, padding=1)
        self.norms = nn.ModuleList([nn.GroupNorm(GROUPS, n), nn.GroupNorm(GROUPS, m)])
        self.shift, self.beside = nn.Linear(width, m), nn.Conv2d(n, m, 1) if n != m else nn.Identity()
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor, embedded: Tensor) -> Tensor:
        h = self.first(silu(self.norms[0](x))) + self.shift(embedded)[:, :, None, None]
        return self.beside(x) + self.second(silu(self.norms[1](h)))


class Velocity(nn.Module):
    """v(x, t, label) of pictures whose sides are multiples of 4."""

    def __init__(self, classes: int, channels: int = 1, w: int = WIDTH, width: int = 64):
        super().__init__()
        self.time = nn.Sequential(nn.Linear(32, width), nn.SiLU(), nn.Linear(width, width))
        self.label = nn.Embedding(classes, width)
        self.into, self.out = nn.Conv2d(4 * channels, w, 3, padding=1), nn.Conv2d(w, 4 * channels, 3, padding=1)
        self.down, self.up = nn.Conv2d(w, 2 * w, 3, 2, padding=1), nn.ConvTranspose2d(2 * w, w, 2, 2)
        self.fine, self.last = Block(w, w, width), Block(2 * w, w, width)
        self.coarse = nn.ModuleList([Block(2 * w, 2 * w, width), Block(2 * w, 2 * w, width)])

    def forward(self, x: Tensor, t: Tensor, label: Tensor) -> Tensor:
        angle = t[:, None] * 1000 ** (1 - torch.arange(16) / 16)
        embedded = silu(self.time(torch.cat([angle.sin(), angle.cos()], 1)) + self.label(label))
        fine = self.fine(self.into(pixel_unshuffle(x, 2)), embedded)
        h = self.down(fine)
        for block in self.coarse:
            h = block(h, embedded)
        return pixel_shuffle(self.out(self.last(torch.cat([self.up(h), fine], 1), embedded)), 2)


def trained(data: Any, cpu_seconds: float, seed: int) -> tuple[Velocity, dict[str, Any]]:
    """The averaged network after so many CPU seconds of this thread: min E‖v(x_t, t) − (x − e)‖², x_t = tx + (1 − t)e.

    Times are logit-normal, so that more of them lie in the middle; products are bfloat16, rates fall by a cosine.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    train, began = data.train.all(len(data.train)), time.process_time()
    v = Velocity(len(data.space.classes), data.space.channels)
    mean, turns = deepcopy(v).requires_grad_(False), 0
    steps = torch.optim.Adam(v.parameters(), RATE, (0.9, 0.99), fused=True)
    while (progress := (time.process_time() - began) / cpu_seconds) < 1:
        for group in steps.param_groups:
            group["lr"] = RATE * (0.02 + 0.49 * (1 + math.cos(math.pi * progress)))
        rows = torch.randint(len(train.x), (BATCH,))
        x, t, e = train.x[rows], torch.sigmoid(torch.randn(BATCH)), torch.randn(BATCH, *train.x.shape[1:])
        s = t[:, None, None, None]
        with torch.autocast("cpu", torch.bfloat16):
            found = v(s * x + (1 - s) * e, t, train.label[rows])
        steps.zero_grad()
        (found.float() - (x - e)).square().mean().backward()
        nn.utils.clip_grad_norm_(v.parameters(), 1.0)
        steps.step()
        turns += 1
        with torch.no_grad():
            share = 1 - min(AVERAGE, turns / (9 + turns))
            torch._foreach_lerp_(list(mean.parameters()), list(v.parameters()), share)
    spent = time.process_time() - began
    return mean, {"turns": turns, "state": turns, "cpu_seconds": spent, "fit_seconds": spent}


@torch.no_grad()
def drawn(v: Velocity, data: Any, n: int, block: int = 1000) -> Tensor:
    """n samples, labels as often as in the training part."""
    torch.manual_seed(1)
    label = data.train.all(len(data.train)).label
    label, pieces = label[torch.randint(len(label), (n,))], []
    for part in label.split(block):
        x = torch.randn(len(part), *data.space.shape)
        for i in range(STEPS):
            with torch.autocast("cpu", torch.bfloat16):
                x = x + v(x, torch.full((len(part),), i / STEPS), part).float() / STEPS
        pieces.append(x.clamp(data.space.low, data.space.high))
    return torch.cat(pieces)
