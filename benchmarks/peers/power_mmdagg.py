"""Power of the package MMDAgg on the draws of benchmarks/judge/power.py; writes benchmarks/results/power_mmdagg.csv.

nice -n 10 python benchmarks/peers/power_mmdagg.py            # in the environment of setup.sh; needs nothing of ours

Gaussian kernels of ten bandwidths, as `two_sample_test` has, 199 permutations for quantiles and for the level.
"""

import csv
import sys
from datetime import date
from pathlib import Path

from mmdagg.np import mmdagg

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE / "common"))

import alternatives  # noqa: E402  (its folder is known only now)

OPTIONS = {"kernel": "gaussian", "number_bandwidths": 10, "B1": 199, "B2": 199, "B3": 50}


def power(name: str, n: int, d: int) -> float:
    """The share of draws in which it rejects at level 5 %."""
    drawn = enumerate(alternatives.draws(name, n, d))
    found = [mmdagg(x.numpy(), y.numpy(), alpha=0.05, seed=seed, **OPTIONS) for seed, (x, _, y) in drawn]
    return sum(map(int, found)) / len(found)


def main() -> None:
    """A row as soon as it is known, so that a measurement that is stopped keeps what it has."""
    path = HERE / "results" / "power_mmdagg.csv"
    done = (
        list(csv.reader(path.open())) if path.exists() else [["alternative", "n", "d", "power", "simulations", "date"]]
    )
    known = {tuple(row[:3]) for row in done}
    for name, n, d in alternatives.cells():
        if (name, str(n), str(d)) in known:
            continue
        done.append([name, n, d, power(name, n, d), alternatives.SIMULATIONS, date.today().isoformat()])
        with path.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(done)


if __name__ == "__main__":
    main()
