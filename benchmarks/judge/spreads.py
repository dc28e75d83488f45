"""The spread that precision, recall, density and coverage report, over their deviation; writes results/spreads.csv.

python -m benchmarks.judge.spreads     # some minutes of one core; tests/metrics/test_spreads.py runs the same

Data are N(0, I), samples N(0, I), N(0, 0.8²·I) or N(0.3·1, I); every replicate draws both anew. "ratio" is the mean
reported spread over the standard deviation of the values, which 500 replicates know to 3 %; it must lie between "low"
and "high" wherever that deviation exceeds 0.01.
"""

import argparse
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

import torch
from torch import Generator, Tensor

from pushforward.metrics import PRDC

LOW, HIGH = 0.85, 1.35
EXCEEDED = 0.01
"""Deviation from which on the ratio is asked for."""

LAWS = {"same": (0.0, 1.0), "narrow": (0.0, 0.8), "shifted": (0.3, 1.0)}
"""Shift of every coordinate, and scale, of the samples."""


@dataclass(frozen=True)
class Setting:
    """Laws and sizes.

    Args:
        law: of the samples.
        n: rows of data.
        m: samples.
        d: coordinates.
        k: the neighbour that sets the radii.
        replicates: with fresh data and samples.
    """

    law: str
    n: int
    m: int
    d: int
    k: int = 5
    replicates: int = 500

    def draw(self, g: Generator) -> tuple[Tensor, Tensor]:
        """Data and samples."""
        shift, scale = LAWS[self.law]
        x, y = (torch.randn(size, self.d, generator=g, dtype=torch.float64) for size in (self.n, self.m))
        return x, scale * y + shift

    def rows(self) -> list[dict[str, Any]]:
        """A row for each score."""
        g = torch.Generator().manual_seed(crc32(str(self).encode()))
        found = [PRDC(self.k)(*self.draw(g)) for _ in range(self.replicates)]
        return [self._row([scores[i] for scores in found]) for i in range(4)]

    def _row(self, found: list[Any]) -> dict[str, Any]:
        values, spreads = (torch.tensor([getattr(s, name) for s in found]) for name in ("value", "spread"))
        deviation = float(values.std())
        asked = deviation > EXCEEDED
        return {
            "samples": self.law,
            "n": self.n,
            "m": self.m,
            "d": self.d,
            "k": self.k,
            "score": found[0].name,
            "replicates": self.replicates,
            "mean": float(values.mean()),
            "deviation": deviation,
            "mean_spread": float(spreads.mean()),
            "ratio": float(spreads.mean()) / deviation if deviation else "",
            "low": LOW if asked else "",
            "high": HIGH if asked else "",
            "date": date.today().isoformat(),
        }


TABLE = (
    *(Setting(law, n, n, d) for n, d in ((200, 5), (300, 40)) for law in LAWS),
    Setting("same", 400, 100, 10, replicates=300),
    Setting("shifted", 100, 400, 20, replicates=300),
    Setting("narrow", 150, 150, 2, 3, replicates=300),
)


def of_setting(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """The rows of one setting, for a process of its own."""
    torch.set_num_threads(1)
    folder.mkdir(parents=True, exist_ok=True)
    return {"rows": TABLE[cell["setting"]].rows()}


def main() -> None:
    """Run what was not run before, and write the table."""
    from benchmarks.common.cells import measured, write  # beside this file, which the tests load by its path

    argparse.ArgumentParser(description=__doc__).parse_args()
    cells = measured("spreads", [{"setting": i} for i in range(len(TABLE))], of_setting)
    write("spreads", [row for cell in cells for row in cell["rows"]])


if __name__ == "__main__":
    main()
