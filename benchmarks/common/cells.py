"""Cells of a long measurement: each is a run folder, so a measurement that was stopped skips what is done."""

import csv
import json
import multiprocessing
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1]
RUNS, RESULTS = HERE / "runs", HERE / "results"


Cell = dict[str, Any]
Measure = Callable[[Path, Cell], Cell]


def measured(name: str, cells: Iterable[Cell], run: Measure, told: Cell | None = None) -> list[Cell]:
    """`run(folder, cell)` for every cell, two at a time with one thread each; rows in the order of the cells.

    A cell's row is kept in FOLDER/row.json; a cell that has one is not run again. `told` is what every cell needs to
    know and no row repeats.
    """
    todo = [(RUNS / name / "-".join(str(v) for v in cell.values()), cell) for cell in cells]
    open_cells = [(folder, cell, told or {}, run) for folder, cell in todo if not (folder / "row.json").exists()]
    context = multiprocessing.get_context("spawn")
    with context.Pool(int(os.environ.get("CELLS", "2")), maxtasksperchild=1) as pool:
        for folder in pool.imap_unordered(_cell, open_cells):
            print(folder.name, flush=True)
    return [json.loads((folder / "row.json").read_text()) for folder, _ in todo]


def measured_here(name: str, cells: Iterable[Cell], run: Measure) -> list[Cell]:
    """The same, one cell after another in this process, so that data and their features are read once."""
    rows = []
    for cell in cells:
        folder = RUNS / name / "-".join(str(v) for v in cell.values())
        if not (folder / "row.json").exists():
            _cell((folder, cell, {}, run))
            print((folder / "row.json").read_text(), flush=True)
        rows.append(json.loads((folder / "row.json").read_text()))
    return rows


def done(name: str, cell: Cell) -> bool:
    """Tell whether a cell has its row."""
    return (RUNS / name / "-".join(str(v) for v in cell.values()) / "row.json").exists()


def _cell(task: tuple[Path, Cell, Cell, Measure]) -> Path:
    folder, cell, told, run = task
    row = {**cell, **run(folder, cell | told)}
    (folder / "row.json").write_text(json.dumps(row))
    return folder


def write(name: str, rows: list[Cell]) -> None:
    """benchmarks/results/NAME.csv."""
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / f"{name}.csv").open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(rows[0])
        table.writerows([_shown(v) for v in row.values()] for row in rows)


def _shown(value: object) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value)
