"""The probes: scores of the averaged sampler on the validation part, as training goes; they never change a run."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import hypot, isfinite
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from pushforward.samplers import Sampler
from pushforward.spaces import Batch

Scores = dict[str, dict[str, Any]]
Traces = dict[str, Tensor]


@runtime_checkable
class Measure(Protocol):
    """A measure that knows the validation part and what to score on it."""

    def __call__(self, y: Tensor) -> tuple[Scores, Traces]:
        """Return name → value, stderr, spread, better; and what `error` has to know of the first score, or nothing."""

    def error(self, new: Traces, old: Traces) -> float:
        """Return the standard error of the first score's change between two states, from what was kept of both."""


@dataclass(frozen=True)
class Best:
    """The first score of the best state so far.

    Args:
        value: of it.
        error: its own standard error, or its spread; 0 where none is known.
        trace: what the error of a change is made of; empty where only `error` is known.
    """

    value: float
    error: float = 0.0
    trace: Traces = field(default_factory=dict)


@dataclass(frozen=True)
class Probing:
    """The scoring of samples against the validation part; the first score chooses the best state.

    A state is the best if it beats the best so far by more than the standard error of the change. All states face the
    same data with the same noise, so the error of a kernel score's change is that of paired rows, much smaller than the
    score's own; of other scores it is taken as √(e² + e′²), which is too large if anything. Of states that cannot be
    told apart the first stays, the one that has seen the data least often, as in the rule of one standard error of
    Breiman et al. (1984); the last one is there too (`--weights last`).

    Args:
        measure: of samples.
        validation: at most a few thousand points.
        seed: of the samples, the same at every probe so that scores differ by the sampler alone.
        least: samples that are drawn where the validation part is smaller: two states are compared on the same points,
            so that the samples' own noise is what decides wrongly.
    """

    measure: Measure
    validation: Batch
    seed: int
    least: int = 2000

    def __call__(self, sampler: Sampler) -> tuple[Scores, Traces]:
        """Return the scores, and the trace of the first."""
        with rng_preserved():  # somebody's own probe may draw
            return self.measure(self.samples(sampler, self.seed))

    def samples(self, sampler: Sampler, seed: int) -> Tensor:
        """Draw as many samples as there are validation points, or `least`, with their labels in turn."""
        known, label = len(self.validation.x), self.validation.label
        n = max(known, self.least)
        labels = None if label is None else label[torch.arange(n) % known]
        return draw_samples(sampler, n, seed, labels).x.float().cpu()

    def change(self, scores: Scores, trace: Traces, best: Best) -> tuple[float, float]:
        """Return by how much the first score is better than the best so far, and the standard error of that."""
        first = next(iter(scores.values()))
        sign = 1.0 if first["better"] == "lower" else -1.0
        paired = bool(trace and best.trace)
        error = self.measure.error(trace, best.trace) if paired else hypot(_error(first), best.error)
        return sign * (best.value - first["value"]), error

    def new_best(self, scores: Scores, trace: Traces, best: Best | None) -> Best | None:
        """Return this state's first score if it is the best one now, else None."""
        first = next(iter(scores.values()), None)
        if first is None or not isfinite(first["value"]):
            return None
        gain, error = (1.0, 0.0) if best is None else self.change(scores, trace, best)
        return Best(first["value"], _error(first), trace) if gain > error else None


def _error(score: Mapping[str, Any]) -> float:
    """Return a score's standard error, or its spread; 0 where neither is known."""
    return score.get("stderr") or score.get("spread") or 0.0


@contextmanager
def rng_preserved() -> Iterator[None]:
    """Keep torch's generators, of the processor and of this process's own device, as they were before."""
    devices = [torch.cuda.current_device()] if torch.cuda.is_initialized() else []
    with torch.random.fork_rng(devices):
        yield


@contextmanager
def evaluation_mode(module: nn.Module) -> Iterator[None]:
    """Put a module into evaluation mode; afterwards every mode and torch's generators are as they were before."""
    modes = [(m, m.training) for m in module.modules()]
    module.eval()
    try:
        with rng_preserved():
            yield
    finally:
        for m, mode in modes:
            m.training = mode


def draw_samples(sampler: Sampler, n: int, seed: int, label: Tensor | None = None, block: int = 1000) -> Batch:
    """Draw n samples in blocks from a generator of their own, by this process alone; torch's own stays as it was.

    Args:
        sampler: in evaluation mode.
        n: number of samples.
        seed: of the noise.
        label: the class of each, for a sampler that takes one.
        block: samples made at a time.
    """
    with rng_preserved(), torch.no_grad():
        torch.manual_seed(seed)
        pieces = []
        for i in range(0, n, block):
            labels = None if label is None or not sampler.classes else label[i : min(i + block, n)]
            pieces.append(sampler.alone(min(block, n - i), labels))
    joined = [p.label for p in pieces if p.label is not None]
    return Batch(torch.cat([p.x for p in pieces]), torch.cat(joined) if joined else None)
