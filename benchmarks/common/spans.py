"""A budget of one thread's CPU time, spent in spans of turns: a run that was stopped goes on at the last one's end."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pushforward.errors import Interrupted
from pushforward.metrics import Score

Record = dict[str, Any]
Look = Callable[[Any], Record]
FIRST = 50
NONE = {"turned": lambda x, y: Score("turned", 0.0)}
"""In place of the energy distance, whose time would count."""


def spent(
    folder: Path, game: Any, data: Any, minutes: float, look: Look, *, span: float, seed: int = 0, once: bool = False
) -> list[Record]:
    """Turns until so many minutes of CPU time are spent; after each span of `span` minutes, what `look(run)` says.

    Records are kept in FOLDER/curve.jsonl, and a state in FOLDER/run at the end of each span alone, so that turns and
    time agree whenever it is stopped. The time is that of training, the looks excluded.

    Args:
        folder: of one run.
        game: what a recipe returned.
        data: as `pushforward.data.load` gives them.
        minutes: of CPU time, those of earlier calls included.
        look: at the run as it stands.
        span: minutes between two looks.
        seed: of the run.
        once: return after one span, to take up another run.
    """
    import pushforward as pf

    folder.mkdir(parents=True, exist_ok=True)
    records = read(folder / "curve.jsonl")
    if records and len(records[-1]) == 2:  # stopped while it looked
        _append(folder, records, look(pf.load(folder / "run")), again=True)
    while not records or records[-1]["cpu_seconds"] < 60 * minutes - 1:
        target = _target(records, minutes, span)
        before = time.process_time()
        try:
            if records:
                run = pf.resume(folder / "run", steps=target, data=data, quiet=True, probes=NONE)
            else:
                run = pf.fit(game, data, steps=target, seed=seed, run=folder / "run", overwrite=True, device="cpu",
                             threads=1, precision="32", verdict=False, quiet=True, probe_every=10**9,
                             checkpoint_every=10**9, probes=NONE)  # fmt: skip
        except Interrupted:
            run = pf.load(folder / "run")
            target = run.folder.checkpoints.load_last().turn
            _append(folder, records, {"turns": target, "cpu_seconds": total(records) + time.process_time() - before})
            raise
        _append(folder, records, {"turns": target, "cpu_seconds": total(records) + time.process_time() - before})
        _append(folder, records, look(run), again=True)
        if once:
            break
    return records


def total(records: list[Record]) -> float:
    """CPU seconds so far."""
    return float(records[-1]["cpu_seconds"]) if records else 0.0


def _target(records: list[Record], minutes: float, span: float) -> int:
    """Turns at the end of the next span, at the pace of the last one."""
    if not records:
        return FIRST
    before = records[-2] if len(records) > 1 else {"turns": 0, "cpu_seconds": 0.0}
    last = records[-1]
    pace = (last["cpu_seconds"] - before["cpu_seconds"]) / (last["turns"] - before["turns"])
    return last["turns"] + max(1, round(min(60 * span, 60 * minutes - last["cpu_seconds"]) / pace))


def _append(folder: Path, records: list[Record], found: Record, again: bool = False) -> None:
    """Add a record, or add to the last one, and write all."""
    if again:
        records[-1] |= found
    else:
        records.append(found)
    path = folder / "curve.jsonl"
    path.with_suffix(".new").write_text("".join(json.dumps(r) + "\n" for r in records))
    path.with_suffix(".new").replace(path)


def read(path: Path) -> list[Record]:
    """The records of a file of one a line; none if it is not there."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
