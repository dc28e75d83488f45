"""How `fake` walks through the rooms in one fixed call of `score`: how often it enters a room, and comes back to one.

    python -m benchmarks.checks.argument_walk [TABLE]    # writes benchmarks/results/TABLE.csv, else argument_walk.csv

The call is profiled. `fake`, a file, is followed from frame to frame, and with it whatever a call that was given it
returns: arrays, tensors, and values that hold them. A *stay* is a maximal run of such frames in one top-level room; a
*return* is a stay in a room that was left before. The mathematics below a metric (kernels, discrepancies) is counted
with the metrics that ask for it, and the ground floor, whose values every room handles (rows, spaces, notes, errors,
progress), is no room.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import torch

import pushforward as pf
from benchmarks.common.cells import write

PACKAGE = f"{Path(pf.__file__).parent}/"
WITHIN = {"kernels": "metrics", "discrepancies": "metrics"}
GROUND = {"errors", "progress", "index", "notes", "ranks", "rows", "spaces", "dotted", "__init__", "__main__"}


def room(frame: FrameType) -> str | None:
    """The top-level room of a frame; None outside the package and in what only names or checks."""
    name = frame.f_code.co_filename
    if not name.startswith(PACKAGE):
        return None
    top = name.removeprefix(PACKAGE).partition("/")[0].removesuffix(".py")
    return None if top in GROUND else WITHIN.get(top, top)


def held(value: Any, depth: int = 3) -> Iterator[Any]:
    """A value, and what it holds: fields of dataclasses, items of lists, tuples and mappings."""
    yield value
    if not depth or isinstance(value, type):
        return
    inner: Any = value.values() if isinstance(value, dict) else value if isinstance(value, tuple | list) else ()
    if is_dataclass(value):
        inner = [getattr(value, f.name, None) for f in fields(value)]
    for item in inner:
        yield from held(item, depth - 1)


class Walk:
    """Follows one argument: `stays` are the rooms in the order in which it entered them, with the first function.

    Args:
        argument: where it begins.
    """

    def __init__(self, argument: Any):
        self.kept = {id(argument): argument}  # held, so that no other object gets its number
        self.stack: list[tuple[FrameType, bool]] = []
        self.stays: list[tuple[str, str]] = []

    def carries(self, value: Any) -> bool:
        """Whether it is the argument, was made of it, or holds such a value."""
        return any(id(part) in self.kept for part in held(value))

    def __call__(self, frame: FrameType, event: str, result: Any) -> None:
        """One event of the profiler."""
        where = room(frame)
        if where is None:
            return
        if event == "call":
            code = frame.f_code
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            followed = any(self.carries(frame.f_locals.get(name)) for name in names)
            self.stack.append((frame, followed))
            if followed and (not self.stays or self.stays[-1][0] != where):
                self.stays.append((where, f"{code.co_filename.removeprefix(PACKAGE)}:{code.co_name}"))
        elif event == "return":
            while self.stack and self.stack[-1][0] is not frame:
                self.stack.pop()
            if self.stack and self.stack.pop()[1]:
                arrays = [part for part in held(result) if isinstance(part, np.ndarray | torch.Tensor)]
                made = [result] if arrays or self.carries(result) else []
                self.kept |= {id(part): part for part in (*made, *arrays)}


def main(table: str = "argument_walk") -> None:
    """The walk of the samples of one call, as it is."""
    draw = np.random.default_rng(0)
    with tempfile.TemporaryDirectory() as folder:
        real, fake = (str(Path(folder) / f"{name}.npy") for name in ("real", "fake"))
        np.save(real, draw.normal(size=(300, 3)))
        np.save(fake, draw.normal(size=(300, 3)))
        walk = Walk(fake)
        sys.setprofile(walk)
        try:
            pf.score(real, fake)
        finally:
            sys.setprofile(None)
    rooms = [where for where, _ in walk.stays]
    print(f"{len(rooms)} stays in {len(set(rooms))} rooms, {len(rooms) - len(set(rooms))} returns")
    write(table, [{"stay": i + 1, "room": where, "enters by": name} for i, (where, name) in enumerate(walk.stays)])


if __name__ == "__main__":
    main(*sys.argv[1:])
