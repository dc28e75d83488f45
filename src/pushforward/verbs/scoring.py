"""Any program's samples against any data."""

from pathlib import Path
from typing import Any

import torch

from pushforward.data import Data, load_like
from pushforward.data import load as load_data
from pushforward.errors import Refused
from pushforward.metrics import Verdict, verdict
from pushforward.runs import RunFolder
from pushforward.spaces import Batch
from pushforward.verbs.judging import TEST_ROWS, judged
from pushforward.verbs.run import load


def score(real: Any, fake: Any = None, *, seed: int = 0) -> Verdict:
    """Samples against data: scores with their errors, a two-sample test, and what it means in words.

    Args:
        real: data (a path, a name, an array), or a run folder.
        fake: samples in the same form, or a run folder; absent for a run folder judged on its own test part.
        seed: of the test's permutations, and of samples that are drawn.
    Raises:
        Refused: if one cannot be read, or they are not of one form.
    """
    if fake is None:
        if not _is_run(real):
            raise Refused(f"score needs REAL and FAKE, or a run folder; got only {real}.")
        run = load(real)
        x = run.data.test.all(TEST_ROWS)
        return judged(run.data, x, run.draw(len(x.x), seed), seed)
    data = real if isinstance(real, Data) else load(real).data if _is_run(real) else load_data(real)
    x, y = whole(data), _samples(data, fake, seed)
    return verdict(x.x.flatten(1)[:TEST_ROWS], y.x.flatten(1)[:TEST_ROWS], modes=data.modes, seed=seed)


def whole(data: Data) -> Batch:
    """All parts of the data, up to the number of rows that are judged."""
    return Batch(torch.cat([p.all(TEST_ROWS).x for p in (data.test, data.validation, data.train)])[:TEST_ROWS])


def _samples(data: Data, fake: Any, seed: int) -> Batch:
    if _is_run(fake):
        return load(fake).draw(TEST_ROWS, seed)
    return load_like(data, fake)


def _is_run(path: Any) -> bool:
    return isinstance(path, str | Path) and RunFolder(Path(path)).call.is_file()
