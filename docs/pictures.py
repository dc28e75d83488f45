"""The pictures of README and documents, made by the command that the README shows.

python docs/pictures.py            # docs/digits.png, docs/progress.png: about a minute
"""

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from pushforward.report import picture
from pushforward.report.figures.drawing import to_png
from pushforward.report.figures.montage import montage
from pushforward.runs import RunFolder

DOCS = Path(__file__).parent
COMMAND = re.compile(r"pushforward (fit\b[^\n`]*--data digits)\b")
TURNS = 8


def command() -> list[str]:
    """The arguments of the README's first fit to digits."""
    found = COMMAND.search((DOCS.parent / "README.md").read_text(encoding="utf-8"))
    if found is None:
        raise SystemExit("README.md shows no `pushforward fit … --data digits`, so there is nothing to draw.")
    return shlex.split(found[1])


def progress(run: RunFolder) -> bytes:
    """What the same noise became: the first turn, and the last ones of those that the run keeps, a row each."""
    arrays = run.read_arrays("progress.npz")
    looks = list(zip(arrays["turns"].tolist(), arrays["samples"], strict=True))
    shown = [looks[0], *looks[1 - TURNS :]]
    n = len(shown[0][1])
    sheet = montage(np.concatenate([samples for _, samples in shown]), columns=n)
    figure = Figure(figsize=(6.6, 5.6 * sheet.shape[0] / sheet.shape[1]), layout="constrained")
    axes = figure.add_subplot()
    axes.imshow(sheet.squeeze(-1), cmap="gray", vmin=0, vmax=255, interpolation="none")
    high = sheet.shape[0] / len(shown)
    axes.set_yticks([(row + 0.5) * high for row in range(len(shown))], [f"turn {turn:,}" for turn, _ in shown])
    axes.set_xticks([])
    axes.tick_params(length=0, labelsize=9)
    axes.set_anchor("E")  # the room that is left over belongs to the names of the turns
    axes.spines[:].set_visible(False)
    return to_png(figure, dpi=110)


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        run = Path(place) / "run"
        fit = [*command(), "--run", str(run)]
        print("pushforward", shlex.join(fit), flush=True)
        subprocess.run([sys.executable, "-m", "pushforward", *fit], check=True)
        folder = RunFolder.open(run)
        (DOCS / "digits.png").write_bytes(picture(folder))
        (DOCS / "progress.png").write_bytes(progress(folder))


if __name__ == "__main__":
    main()
