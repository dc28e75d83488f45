"""The probes: scores of the averaged sampler on the validation part, as training goes; they never change a run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from pushforward.samplers import Sampler
from pushforward.spaces import Batch
from pushforward.training.choice import Standing, Traces

Scores = dict[str, dict[str, Any]]


@runtime_checkable
class Measure(Protocol):
    """A measure that knows the validation part and what to score on it."""

    def __call__(self, y: Tensor) -> tuple[Scores, Traces]:
        """Return name → value, stderr, spread, better; and what `error` has to know of the first score, or nothing."""

    def error(self, new: Traces, old: Traces) -> float:
        """Return the standard error of the first score's change between two states, from what was kept of both."""


@dataclass(frozen=True)
class OfPoints:
    """A score that every validation point has for itself under a sampler, such as its log-density; the mean counts.

    Args:
        name: of the score.
        better: its direction, lower or higher.
        of: the points' scores under a sampler in evaluation mode.
    """

    name: str
    better: str
    of: Callable[[Sampler], Tensor]

    def __call__(self, sampler: Sampler) -> tuple[Scores, Traces]:
        """Return the mean with its error, and the score of each point."""
        with torch.no_grad():
            found = self.of(sampler).double().cpu()
        stderr = float(found.std() / len(found) ** 0.5)
        mean = {"value": float(found.mean()), "stderr": stderr, "spread": None, "better": self.better}
        return {self.name: mean}, {self.name: found}

    def error(self, new: Traces, old: Traces) -> float | None:
        """Return the standard error of the mean's change between two states; None where one was not scored so."""
        if self.name not in new or self.name not in old:
            return None
        change = new[self.name] - old[self.name]
        return float(change.std() / len(change) ** 0.5)


@dataclass(frozen=True)
class Probing:
    """The scores of samples against the validation part; the first of them chooses the state that is handed over.

    All states face the same data with the same noise, so the error of a kernel score's difference between two of them
    is that of paired rows, much smaller than the score's own.

    Args:
        measure: of samples.
        validation: at most a few thousand points.
        seed: of the samples, the same at every probe so that scores differ by the sampler alone.
        least: samples that are drawn where the validation part is smaller: samples are free, and their own noise is not
            to decide.
        own: a score that each validation point has for itself, the mean of which then comes first; None without.
    """

    measure: Measure
    validation: Batch
    seed: int
    least: int = 1000
    own: OfPoints | None = None

    def __call__(self, sampler: Sampler) -> tuple[Scores, Traces]:
        """Return the scores of a sampler in evaluation mode, and the trace of the first."""
        with rng_preserved():  # somebody's own probe may draw
            scores, trace = self.measure(self.samples(sampler, self.seed))
            if self.own is None:
                return scores, trace
            first, trace = self.own(sampler)
        return first | scores, trace

    def error(self, new: Traces, old: Traces) -> float:
        """Return the standard error of the first score's change between two states, of paired rows."""
        paired = None if self.own is None else self.own.error(new, old)
        return self.measure.error(new, old) if paired is None else paired

    def samples(self, sampler: Sampler, seed: int) -> Tensor:
        """Return as many samples as there are validation points, or `least`, with the points' labels in turn."""
        known, label = len(self.validation.x), self.validation.label
        n = max(known, self.least)
        labels = None if label is None else label[torch.arange(n) % known]
        return draw_samples(sampler, n, seed, labels).x.float().cpu()

    def standing(self, sampler: Sampler, turn: int) -> Standing | None:
        """Return the standing of a sampler, in whatever mode it is; None if its first score is not finite."""
        with evaluation_mode(sampler):
            return Standing.of(turn, *self(sampler))


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
    return Batch.joined(pieces)
