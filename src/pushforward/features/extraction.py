"""The extraction of features of many points: in blocks, by several processes, or from the disk."""

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor

from pushforward.errors import Refused
from pushforward.features import cache
from pushforward.features.base import Features, Mapped
from pushforward.features.blocks import Array, blocks
from pushforward.features.processes import Processes

CHUNK = 64
"""The number of blocks in one file of the cache: 1,024 pictures of Inception, 8 MB."""


def extraction(f: Features, *, workers: int = 1, keep: bool = False) -> Features:
    """Return the same map at work in several processes or from the disk; itself where that would gain nothing.

    Args:
        f: the map.
        workers: processes that map blocks; each holds a copy of the map, and takes seconds to begin.
        keep: look for features on the disk, and leave new ones there.

    Raises:
        Refused: for fewer than one process, or if features are to be kept of a map whose content cannot be known.
    """
    if workers < 1:
        raise Refused(f"--workers must be at least 1, got {workers}.")
    if f.rows is None or (workers == 1 and not keep):
        return f
    if keep and f.key is None:
        raise Refused(
            f"--cache keeps features by what made them, and of {f.protocol['features']} that cannot be known: it may "
            "change and keep its name. Leave --cache out, or give a Features with a key."
        )
    return Extraction(f, workers, keep)


class Extraction(Features):
    """A feature map at work: what it gives for points is what the map gives, to the last bit.

    Blocks begin at every `rows`-th point whatever the batches, so neither batches nor processes nor the cache change a
    number; only another number of threads in a process may change the last digits of a convolution (measured: 3e-7 of
    a feature of Inception for one thread against two, nothing of RandomConv). Features are kept by content of the
    points, of the map and of the program, never by name.

    Args:
        f: the map.
        workers: processes that map blocks.
        keep: on the disk.
    """

    rows: ClassVar[int] = 1  # of no consequence here: the map's own blocks are cut

    def __init__(self, f: Features, workers: int, keep: bool):
        self.f, self.workers, self.keep = f, workers, keep
        self.hit = self.seen = 0
        self.damaged: dict[str, None] = {}  # in order, each once

    @property
    def map(self) -> Features:
        return self.f

    @property
    def protocol(self) -> dict[str, Any]:
        return self.f.protocol

    @property
    def key(self) -> str | None:
        return self.f.key

    @property
    def notes(self) -> tuple[str, ...]:
        from_cache = (f"Features of {self.hit:,} of {self.seen:,} points came from the cache in {_folder()}.",)
        return (*self.f.notes, *(from_cache if self.hit else ()), *self.damaged)

    def block(self, x: Tensor) -> Float[Tensor, "n d"]:
        return self.f.mapped(x).features

    def classes(self, x: Tensor, z: Float[Tensor, "n d"]) -> Float[Tensor, "n c"] | None:
        return self.f.classes(x, z)

    def stream(self, batches: Iterable[Array], *, classes: bool = False) -> Iterator[Mapped]:
        with Processes(self.f, self.workers, classes) as processes:
            cut = blocks(batches, self.f.rows)
            yield from self._by_cache(cut, processes, classes) if self.keep else processes(cut)

    def _by_cache(self, cut: Iterator[Tensor], processes: Processes, classes: bool) -> Iterator[Mapped]:
        """Yield chunks from the disk, else map and store them at once, so that an interrupted call goes on there."""
        while chunk := list(islice(cut, CHUNK)):
            path = _folder() / f"{self._content(chunk, classes)}-{cache.FORM}.safetensors"
            stored, n = cache.load(path), sum(map(len, chunk))
            if isinstance(stored, cache.Damaged):
                self.damaged[stored.note], stored = None, None
            self.hit, self.seen = self.hit + n * (stored is not None), self.seen + n
            if stored is not None:
                yield Mapped(stored[0]["features"], stored[0].get("probabilities"))
                continue
            mapped = list(processes(iter(chunk)))
            parts = [p for m in mapped if (p := m.probabilities) is not None]
            tensors = {"features": torch.cat([m.features for m in mapped])}
            cache.store(path, tensors | ({"probabilities": torch.cat(parts)} if parts else {}), {})
            yield from mapped

    def _content(self, chunk: list[Tensor], classes: bool) -> str:
        made_by = f"{self.f.key} {classes} {version('pushforward')} {torch.__version__}"
        return cache.content(made_by, *chunk)


def _folder() -> Path:
    return cache.folder() / "features"
