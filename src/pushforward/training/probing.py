"""Probes: scores of the averaged sampler on the validation part, as training goes; they never change a run."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from pushforward.samplers import Pushforward
from pushforward.spaces import Batch


@runtime_checkable
class Measured(Protocol):
    """A number with its error and direction."""

    @property
    def value(self) -> float:
        """The estimate."""

    @property
    def stderr(self) -> float | None:
        """Its standard error."""

    @property
    def better(self) -> str:
        """lower or higher."""


Probe = Callable[[Tensor, Tensor], Measured]


@dataclass(frozen=True)
class Probing:
    """Scores of samples against the validation part.

    Args:
        probes: name → (data (n, d), samples (m, d)) → score; the first chooses the best state.
        validation: at most a few thousand points.
        seed: of the samples, the same at every probe so that scores differ by the sampler alone.
        least: samples that are drawn where the validation part is smaller: two states are compared on the same points,
            so that the samples' own noise is what decides wrongly.
    """

    probes: Mapping[str, Probe]
    validation: Batch
    seed: int
    least: int = 2000

    def __call__(self, sampler: Pushforward) -> dict[str, dict[str, Any]]:
        """Name → value, error and direction."""
        known, label = len(self.validation.x), self.validation.label
        n = max(known, self.least)
        y = drawn(sampler, n, self.seed, None if label is None else label[torch.arange(n) % known]).x
        x, y = self.validation.x.flatten(1).cpu(), y.flatten(1).float().cpu()
        scores = {name: probe(x, y) for name, probe in self.probes.items()}
        return {n: {"value": s.value, "stderr": s.stderr, "better": s.better} for n, s in scores.items()}

    def improves(self, scores: Mapping[str, Mapping[str, Any]], best: float | None) -> float | None:
        """The first probe's value if it is better than the best so far, else None."""
        first = next(iter(scores.values()), None)
        if first is None or not isfinite(first["value"]):
            return None
        value, sign = first["value"], 1.0 if first["better"] == "lower" else -1.0
        return value if best is None or sign * value < sign * best else None


@contextmanager
def undisturbed(module: nn.Module) -> Iterator[None]:
    """Inside, evaluation mode; afterwards every mode and torch's generators are as they were before."""
    modes = [(m, m.training) for m in module.modules()]
    module.eval()
    try:
        with torch.random.fork_rng():
            yield
    finally:
        for m, mode in modes:
            m.training = mode


def drawn(sampler: Pushforward, n: int, seed: int, label: Tensor | None = None, block: int = 1000) -> Batch:
    """n samples from a generator of their own, in blocks, by this process alone; torch's generator is left as it was.

    Args:
        sampler: in evaluation mode.
        n: number of samples.
        seed: of the noise.
        label: the class of each, for a sampler that takes one.
        block: samples made at a time.
    """
    own = [torch.cuda.current_device()] if torch.cuda.is_initialized() else []
    with torch.random.fork_rng(own), torch.no_grad():
        torch.manual_seed(seed)
        pieces = []
        for i in range(0, n, block):
            given = None if label is None or not sampler.classes else label[i : min(i + block, n)]
            pieces.append(sampler.alone(min(block, n - i), given))
    labels = [p.label for p in pieces if p.label is not None]
    return Batch(torch.cat([p.x for p in pieces]), torch.cat(labels) if labels else None)
