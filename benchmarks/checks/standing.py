"""What each recipe got on our standard tasks, in the words of `pushforward list recipes`, made of the committed tables.

    python -m benchmarks.checks.standing            # writes src/pushforward/recipes/measured.json
    python -m benchmarks.checks.standing --check    # says where that file is not what the tables make

Of several seeds the worst is told.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from benchmarks.common.cells import HERE, RESULTS

FILE = HERE.parent / "src" / "pushforward" / "recipes" / "measured.json"
NAMES = sorted(path.stem for path in FILE.parent.glob("*.py"))

Told = Iterator[tuple[str, str]]


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(RESULTS / f"{name}.csv")


def digits() -> Told:
    """The mean over draws of 270 samples against the 270 test digits, in pixels, k = 5."""
    found = table("drifting").query("data == 'digits' and turns == 2000 and what in ('drifting', 'double softmax')")
    yield "drifting", _digits(found.last_precision.min(), found.last_recall.min(), found.cpu_seconds.max())
    gram = table("digits").query("seed == 'worst'").iloc[0]
    yield "gram", _digits(gram.precision, gram.recall, gram.cpu_seconds)


def _digits(precision: float, recall: float, seconds: float) -> str:
    return f"Digits: precision {precision:.2f}, recall {recall:.2f} in {seconds:.0f} s."


def ring() -> Told:
    """Eight modes in the plane."""
    for name, rows in table("ring_grid").groupby("method"):
        yield str(name), f"Ring: all 8 modes in {(rows.modes == 8).sum()} of {len(rows)} runs."
    for _, row in table("drifting").query("data == 'ring'").iterrows():
        yield "drifting", f"Ring: {row.last_modes:.0f} of 8 modes, {row.last_near:.2f} of the samples near one."


def tables() -> Told:
    """Rows of numbers, and rows with columns of levels, by the size of the difference to held-out rows: 0 for none."""
    words = {"numbers": "Table of numbers", "levels": "Table with categories"}
    for kind, rows in table("choosing").query("recipe != 'training rows'").groupby("data", sort=False):
        for name, of_recipe in rows.groupby("recipe"):
            worst = of_recipe.effect_size.max()
            yield str(name), f"{words[str(kind)]}: effect {worst:.2f} in {of_recipe.cpu_seconds.max():.0f} s."


DEFAULTS = {
    "drifting": "drifting",
    "gan": "known good point",
    "gram": "gram",
    "sn_gan": "sn-gan",
    "sn_smmd": "sn-smmd, 1 critic step",
}
"""The settings of the sweep that are defaults; tests/recipes/test_measured_defaults.py holds them to it."""


def mnist() -> Told:
    """KID on LeNet features after so long on one thread; of older runs with the papers' numbers."""
    swept = table("sweep").query("data == 'mnist'")
    for name, setting in DEFAULTS.items():
        rows = swept[swept.setting == setting]
        yield name, f"MNIST with labels in {rows.cpu_seconds.max():.0f} s: KID {rows.kid.max():.3f}."
    older = pd.concat([table("mnist"), table("critics_mnist").query("method != 'data'")])
    for (name, minutes), rows in older[~older.method.isin(DEFAULTS)].groupby(["method", "minutes"]):
        yield str(name), f"MNIST in {minutes} minutes, the paper's numbers: KID {rows.kid.max():.2f}."


def measured() -> dict[str, list[str]]:
    """Sentences by the name of the recipe."""
    told = [pair for task in (digits, ring, tables, mnist) for pair in task()]
    return {name: found for name in NAMES if (found := [words for recipe, words in told if recipe == name])}


def main(argv: list[str]) -> int:
    text = json.dumps(measured(), indent=1) + "\n"
    if argv != ["--check"]:
        Path(FILE).write_text(text)
    elif FILE.read_text() != text:
        print(f"{FILE} is not what the tables make: run python -m benchmarks.checks.standing.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
