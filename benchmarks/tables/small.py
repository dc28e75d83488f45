"""Which sampler serves small tables: recipes on the first few rows of tables, and `table-cdf` held back more.

    python -m benchmarks.tables.small FOLDER       # that holds the .parquet files

Random rows of the training part of Adult and California housing; a tenth is the validation part. Detection is of
2,000 unseen rows against as many samples (0.5 for equal laws), `copies` the percentage of samples that are training
rows, `turn` the state that is handed over. One thread; CPU seconds are those of fitting.
"""

import sys
from pathlib import Path
from typing import Any

from benchmarks.common.cells import measured_here, write
from benchmarks.tables import judged
from benchmarks.tables.tables import table

UNSEEN = 2000
SAMPLERS: dict[str, tuple[str, dict[str, Any]]] = {
    "independent": ("independent", {}),
    "copula": ("copula", {}),
    "cart": ("cart", {}),
    "table-cdf": ("table_cdf", {}),
    "table-cdf, dropout 0.5": ("table_cdf", {"dropout": 0.5}),
}


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Fit one sampler to few rows, and measure its samples."""
    import torch

    from benchmarks.tables.tables import fitted
    from pushforward.metrics import Detection

    torch.set_num_threads(1)
    train, test = table(Path(cell["folder"]), cell["data"])
    few = train.sample(cell["rows"], random_state=cell["seed"]).reset_index(drop=True)
    unseen = test.sample(UNSEEN, random_state=cell["seed"]).reset_index(drop=True)
    recipe, options = SAMPLERS[cell["sampler"]]
    samples, cost = fitted(recipe, few, unseen, cell["seed"], folder, UNSEEN, **options)
    return {
        "detection": judged.score(Detection(), unseen, samples),
        "copies": 100 * judged.copies(few, samples),
        "turn": cost["state"],
        "cpu_seconds": cost["cpu_seconds"],
    }


if __name__ == "__main__":
    todo = [dict(data=d, rows=1000, sampler=s, seed=0) for d in ("california", "adult") for s in SAMPLERS]
    told = {"folder": sys.argv[1]}
    write("small_tables", measured_here("small_tables", todo, lambda folder, cell: run(folder, cell | told)))
