"""Blocks mapped by several processes of this machine, in order."""

import pickle
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any

import numpy as np
import torch
from torch import Tensor

from pushforward.errors import Refused
from pushforward.features.base import Features, Mapped

AHEAD = 2
"""Blocks on their way for each process, so that none waits for the next."""

HERE: dict[str, Any] = {}
"""In a process that maps: the feature map, and whether probabilities are wanted."""

Plain = tuple[np.ndarray, np.ndarray | None]


class Processes:
    """Maps blocks here, or in processes that live as long as the `with` block.

    They are spawned, since a fork of a process that ran threads may hang. Blocks travel as plain arrays.

    Args:
        f: the map.
        workers: how many processes; 1 maps here.
        classes: probabilities too.

    Raises:
        Refused: when entered, if the map cannot be sent to another process; later, if a process ends by itself.
    """

    def __init__(self, f: Features, workers: int, classes: bool):
        self.f, self.workers, self.classes = f, workers, classes
        self.pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> "Processes":
        if self.workers > 1:
            threads = max(1, torch.get_num_threads() // self.workers)
            start = (_packed(self.f), self.classes, threads)
            context = get_context("spawn")
            self.pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=_begin, initargs=start)
        return self

    def __exit__(self, *error: object) -> None:
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)

    def __call__(self, cut: Iterator[Tensor]) -> Iterator[Mapped]:
        """The blocks mapped, in their order; a few are taken ahead."""
        if self.pool is None:
            yield from (self.f.mapped(x, self.classes) for x in cut)
            return
        waiting: deque[Future[Plain]] = deque()
        try:
            for x in cut:
                waiting.append(self.pool.submit(_mapped, x.numpy(force=True)))
                if len(waiting) >= AHEAD * self.workers:
                    yield _tensors(waiting.popleft().result())
            while waiting:
                yield _tensors(waiting.popleft().result())
        except BrokenProcessPool as error:
            raise Refused(
                "a process of --workers ended by itself: out of memory, or your program calls `score` outside of "
                "`if __name__ == '__main__':`, which each process runs again; change that, or leave --workers out."
            ) from error


def _packed(f: Features) -> bytes:
    try:
        return pickle.dumps(f)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise Refused(
            f"--workers needs features that another process can be given, and {f.protocol['features']} cannot: put "
            "the function at the top of a module, or leave --workers out."
        ) from error


def _begin(packed: bytes, classes: bool, threads: int) -> None:
    torch.set_num_threads(threads)
    HERE["f"], HERE["classes"] = pickle.loads(packed), classes


def _mapped(x: np.ndarray) -> Plain:
    found = HERE["f"].mapped(torch.from_numpy(x), HERE["classes"])
    return found.features.numpy(), None if found.probabilities is None else found.probabilities.numpy()


def _tensors(found: Plain) -> Mapped:
    return Mapped(torch.from_numpy(found[0]), None if found[1] is None else torch.from_numpy(found[1]))
