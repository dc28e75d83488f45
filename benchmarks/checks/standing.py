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
    for name, rows in table("digits").query("recipe in ('drifting', 'gram')").groupby("recipe"):
        scores = f"precision {rows.precision.min():.2f}, recall {rows.recall.min():.2f}"
        yield str(name), f"Digits: {scores} in {rows.fit_seconds.max():.0f} s."


def ring() -> Told:
    """Eight modes in the plane."""
    for name, rows in table("ring_grid").groupby("method"):
        yield str(name), f"Ring: all 8 modes in {(rows.modes == 8).sum()} of {len(rows)} runs."
    for name, rows in table("ring").groupby("recipe"):
        found = f"{rows.modes.min():.0f} of 8 modes, {rows.near.min():.2f} of the samples near one"
        yield str(name), f"Ring in {rows.cpu_seconds.max():.0f} s: {found}."


def tables() -> Told:
    """Rows of numbers, and rows with columns of levels, by the size of the difference to held-out rows: 0 for none."""
    words = {"numbers": "Table of numbers", "levels": "Table with categories"}
    for kind, rows in table("choosing").query("recipe != 'training rows'").groupby("data", sort=False):
        for name, of_recipe in rows.groupby("recipe"):
            worst = of_recipe.effect_size.max()
            yield str(name), f"{words[str(kind)]}: effect {worst:.2f} in {of_recipe.cpu_seconds.max():.0f} s."


def mixed_tables() -> Told:
    """Adult, with text and numbers, by what boosted trees tell from unseen rows: 0.5 for nothing."""
    for name, rows in table("tables").query("data == 'adult' and turns > 0").groupby("sampler"):
        told = f"{rows.detection.max():.2f} in {rows.cpu_seconds.max():.0f} s"
        yield str(name).replace("-", "_"), f"Adult, told from unseen rows by trees: {told}."


def mnist() -> Told:
    """KID on LeNet features after so long on one thread; of recipes that were not run so, older runs."""
    fresh = table("minutes").query("data == 'mnist' and labels == 'given' and seconds <= 90")
    for name, rows in fresh.groupby("recipe"):
        yield str(name), f"MNIST with labels in {rows.seconds.max()} s: KID {rows.kid.max():.3f}."
    older = pd.concat([table("mnist"), table("critics_mnist").query("method != 'data'")])
    for (name, minutes), rows in older[~older.method.isin(fresh.recipe)].groupby(["method", "minutes"]):
        yield str(name), f"MNIST in {minutes} minutes, the paper's numbers: KID {rows.kid.max():.2f}."


def measured() -> dict[str, list[str]]:
    """Sentences by the name of the recipe."""
    told = [pair for task in (digits, ring, mixed_tables, tables, mnist) for pair in task()]
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
