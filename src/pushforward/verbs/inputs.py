"""Whatever people hold samples in, as batches of the data's space."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from pushforward.data import Codec, Data, load_like
from pushforward.data import load as load_data
from pushforward.errors import Refused
from pushforward.runs import RunFolder
from pushforward.spaces import Batch
from pushforward.verbs.run import load

TEST_ROWS = 10_000
"""Rows of data and of samples that are judged, at most."""


def is_run(path: Any) -> bool:
    """Whether it is a run folder."""
    return isinstance(path, str | Path) and RunFolder(Path(path)).call.is_file()


def known_data(real: Any) -> Data:
    """The data of a path, a name, an array, an iterator of batches, or a run folder."""
    if isinstance(real, Data):
        return real
    return load(real).data if is_run(real) else load_data(_joined(real))


def whole(data: Data, rows: int) -> Batch:
    """All parts of the data, up to that number of rows; those of the training part last."""
    parts = [p.all(rows) for p in (data.test, data.validation, data.train)]
    labels = [p.label for p in parts if p.label is not None]
    return Batch(torch.cat([p.x for p in parts])[:rows], torch.cat(labels)[:rows] if len(labels) == 3 else None)


def samples(data: Data | Codec, fake: Any, rows: int, seed: int) -> Batch:
    """At most that many samples, encoded as the data are.

    Args:
        data: what they are like.
        fake: a run folder, a path, an object in the form of the data, an iterator of such batches, or a callable
            `sample(n, seed)`.
        rows: most that are used, the first ones.
        seed: for what has to be drawn.

    Raises:
        Refused: if they cannot be read, or are not of the data's form.
    """
    if is_run(fake):
        return load(fake).draw(rows, seed)
    if isinstance(fake, Batch):
        return Batch(fake.x[:rows])
    found = load_like(data, _joined(fake(rows, seed) if callable(fake) else fake))
    return Batch(found.x[:rows])


def name_of(given: Any, otherwise: str) -> str:
    """What to call it."""
    if isinstance(given, str | Path):
        return str(given)
    return given.name if isinstance(given, Data) else otherwise


def _joined(given: Any) -> Any:
    """One array of an iterator of batches; anything else as it is."""
    if not isinstance(given, Iterator):
        return given
    parts = [part.numpy(force=True) if isinstance(part, torch.Tensor) else np.asarray(part) for part in given]
    if not parts:
        raise Refused("an iterator of batches must give at least one, got none.")
    return np.concatenate(parts)
