"""The mapping of blocks by several processes of this machine, in order."""

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
"""The number of blocks on their way for each process, so that none waits for the next."""

WORKER: dict[str, Any] = {}
"""The feature map `f` and `classes`, whether probabilities are wanted, in a process that maps; else empty."""

Plain = tuple[np.ndarray, np.ndarray | None]


class Processes:
    """A pool of processes that map blocks and live as long as the `with` block, or none, to map them here.

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
            start = (_pickled(self.f), self.classes, threads)
            context = get_context("spawn")
            self.pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=_begin_worker, initargs=start)
        return self

    def __exit__(self, *error: object) -> None:
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)

    def __call__(self, cut: Iterator[Tensor]) -> Iterator[Mapped]:
        """Yield the blocks mapped, in their order; a few are taken ahead."""
        if self.pool is None:
            yield from (self.f.mapped(x, self.classes) for x in cut)
            return
        waiting: deque[Future[Plain]] = deque()
        try:
            for x in cut:
                waiting.append(self.pool.submit(_map_in_worker, x.numpy(force=True)))
                if len(waiting) >= AHEAD * self.workers:
                    yield _tensors(waiting.popleft().result())
            while waiting:
                yield _tensors(waiting.popleft().result())
        except BrokenProcessPool as error:
            raise Refused(
                "a process of --workers ended by itself: out of memory, or your program calls `score` outside of "
                "`if __name__ == '__main__':`, which each process runs again; change that, or leave --workers out."
            ) from error


def _pickled(f: Features) -> bytes:
    try:
        return pickle.dumps(f)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise Refused(
            f"--workers needs features that another process can be given, and {f.protocol['features']} cannot: put "
            "the function at the top of a module, or leave --workers out."
        ) from error


def _begin_worker(pickled: bytes, classes: bool, threads: int) -> None:
    torch.set_num_threads(threads)
    WORKER["f"], WORKER["classes"] = pickle.loads(pickled), classes


def _map_in_worker(x: np.ndarray) -> Plain:
    mapped = WORKER["f"].mapped(torch.from_numpy(x), WORKER["classes"])
    return mapped.features.numpy(), None if mapped.probabilities is None else mapped.probabilities.numpy()


def _tensors(plain: Plain) -> Mapped:
    features, probabilities = plain
    return Mapped(torch.from_numpy(features), None if probabilities is None else torch.from_numpy(probabilities))
