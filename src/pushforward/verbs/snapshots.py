"""The pictures of how samples come about: progress.npz at log-spaced turns, now.png as training goes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from pushforward.data import Data
from pushforward.games import Game
from pushforward.judging.panels import column_names
from pushforward.runs import RunFolder
from pushforward.spaces import Batch, Image
from pushforward.training import Snapshots, subseed
from pushforward.training.snapshots import is_landmark

PICTURES, KEPT_PICTURES = 64, 10
"""The pictures of now.png, and those of each turn in progress.npz: the first of them."""

POINTS = 500
COLUMNS = 12

Drawn = Callable[[int, bytes], None]


@dataclass(frozen=True, eq=False)
class ProgressFiles:
    """The two files of a run folder in which one sees how samples come about.

    Args:
        folder: of the run.
        show: turns a batch into arrays for the eye.
        known: data beside which samples are drawn (`data_examples`), and what columns are called.
        kept: samples of each turn that progress.npz holds.
        drawn: is given every picture that belongs to a landmark, or nothing.
    """

    folder: RunFolder
    show: Callable[[Batch], np.ndarray]
    known: Mapping[str, np.ndarray]
    kept: int
    drawn: Drawn | None = None

    def keep(self, turn: int, samples: Batch) -> None:
        """Add the samples of a turn to progress.npz, and drop what a run had that ended earlier or was taken back."""
        looks = self._before(turn) | {turn: self.show(samples)[: self.kept]}
        arrays = {
            "turns": np.array(list(looks)),
            "samples": np.stack(list(looks.values())),
            "data_examples": self.known["data_examples"][: self.kept],
        }
        self.folder.write_arrays("progress.npz", dict(self.known) | arrays)
        if self.drawn is not None:
            self.drawn(turn, self._picture(turn, samples))

    def glance(self, turn: int, samples: Batch) -> None:
        """Replace now.png by the samples of this turn beside the data."""
        self.folder.write_bytes("now.png", self._picture(turn, samples))

    def _before(self, turn: int) -> dict[int, np.ndarray]:
        """Return the samples of earlier landmarks by their turn."""
        if turn == 0 or not (self.folder.path / "progress.npz").is_file():
            return {}
        arrays = self.folder.read_arrays("progress.npz")
        looks = zip(arrays["turns"].tolist(), arrays["samples"], strict=True)
        return {earlier: shown for earlier, shown in looks if earlier < turn and is_landmark(earlier)}

    def _picture(self, turn: int, samples: Batch) -> bytes:
        from pushforward.report import moment  # with matplotlib, which only a picture needs

        return moment(dict(self.known) | {"sample_examples": self.show(samples)}, turn)


def snapshots(folder: RunFolder, game: Game, data: Data, seed: int, drawn: Drawn | None = None) -> Snapshots:
    """Return what looks at the samples of a game as training goes, and writes what it sees into the run folder.

    Args:
        folder: of the run.
        game: whose sampler is looked at.
        data: the samples' own kind; a part that nothing is trained on is drawn beside them.
        seed: of the run.
        drawn: is given every picture of a landmark, as PNG, with its turn.
    """
    pictures = isinstance(data.space, Image)
    n = PICTURES if pictures else POINTS
    show = data.codec.show if pictures else lambda batch: data.codec.show(batch)[:, :COLUMNS]
    known: dict[str, Any] = {"data_examples": show(data.validation.all(n))}
    known |= {name: words[:COLUMNS] for name, words in column_names(data.space).items()}
    files = ProgressFiles(folder, show, known, KEPT_PICTURES if pictures else POINTS, drawn)
    return Snapshots(n, subseed(seed, "snapshots"), _labels(game.sampler.classes, n), files.keep, files.glance)


def _labels(classes: int, n: int) -> Tensor | None:
    """Return the classes in turn, or ten of them, spread evenly, where there are more; None without any."""
    if not classes:
        return None
    shown = torch.linspace(0, classes - 1, min(classes, KEPT_PICTURES)).round().long()
    return shown[torch.arange(n) % len(shown)]
