"""A run on disk: a fitted sampler, its record and its verdict."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from torch import Tensor

from pushforward.data import Codec, Data
from pushforward.errors import Refused
from pushforward.games import Game
from pushforward.permission import permitting, trusted
from pushforward.runs import RunFolder
from pushforward.runs.plain_values import read_object
from pushforward.samplers import Sampler
from pushforward.spaces import Batch
from pushforward.verbs.call import recorded, restore_shares
from pushforward.verbs.classes_asked import Label, Shares
from pushforward.verbs.coding import Coder
from pushforward.verbs.densities import annealed, gan_kde, log_density
from pushforward.verbs.drawing import Weights, drawn
from pushforward.verbs.redrawing import CodeLaw
from pushforward.verbs.refining import Refine, Refinements
from pushforward.verbs.run_contents import give_weights, same_data


class Run:
    """A run on disk: what `fit` returns and `load` opens.

    Args:
        folder: of the run.
        game: with the shape of the saved one; a copy of it takes the weights that are asked for.
        data: what it was fitted to; loaded again when asked for.
    """

    def __init__(self, folder: RunFolder, game: Game, data: Data | None = None):
        self.folder, self.game, self._data = folder, deepcopy(game), data
        self._weights: Weights | None = None
        self._trust, self.refined = trusted(), Refinements()
        with permitting(() if data is None else data.codec.foreign):
            self.codec = Codec.from_json(read_object(path := folder.path / "codec.json"), str(path))

    @property
    def path(self) -> Path:
        """The path of the run folder."""
        return self.folder.path

    @property
    def verdict(self) -> dict[str, Any] | None:
        """The verdict on the test part; None if it was not asked for."""
        return read_object(self.folder.path / "verdict.json") if self.folder.verdict.exists() else None

    @property
    def kept(self) -> dict[str, Any] | None:
        """The choice of the state that is handed over, as docs/json.md has it; None in a run that has not ended yet."""
        return read_object(path) if (path := self.path / "kept.json").exists() else None

    @property
    def shares(self) -> list[float] | None:
        """The shares of the classes among the training data; None without classes, and in runs of earlier versions."""
        return restore_shares(read_object(self.folder.space), self.game.space, str(self.folder.space))

    @property
    def data(self) -> Data:
        """The data it was fitted to.

        Raises:
            Refused: if they lived only in memory, or have changed.
        """
        with permitting(self._trust):
            self._data = self._data or same_data(recorded(self.folder), whose=str(self.folder.call))
        return self._data

    def sample(
        self,
        n: int | None = None,
        seed: int = 0,
        label: Label = None,
        weights: Weights = "best",
        shares: Shares = None,
        labels: bool = False,
        given: Any = None,
        prior: CodeLaw = "own",
        means: bool = False,
        where: str | None = None,
        balance: str | None = None,
        drop_index: bool = False,
        rules: bool = False,
        constraints: str | None = None,
        refine: Refine = False,
    ) -> Any:
        """Return n samples, in the form the data came in.

        Args:
            n: at least 1; 1000 if absent, or as many as rows are given.
            seed: of the noise.
            label: class of all, by name or number, for a sampler that takes one; as among the training data if absent.
            weights: the averaged sampler of the best state (see `kept`), of the last one, or the last one not averaged.
            shares: weights by which classes are drawn instead, by name or number: {"cat": 2, "dog": 1}, or `even`.
            labels: whether to return samples and the class of each (tables have it in its column), None without any.
            given: rows that table-cdf completes, or of the columns that a triangular sampler draws first; in turn.
            prior: of codes: own, what they were drawn to; gmm, a mixture that is fitted to codes of training rows.
            means: whether to return means of p(x|z), not draws.
            where: conditions on columns of a table, "age > 60 and country == 'FR'".
            balance: column of levels, of each of which there are equally many samples.
            drop_index: whether to leave out the columns that only number or name rows.
            rules: whether to draw anew what breaks a rule that holds in all rows of the data, start <= end or age >= 0.
            constraints: more such rules, "start < end and age >= 18 and fixed(country, town) and unique(code)".
            refine: whether trees that tell samples from data thin those out; "auto" where held-out rows gain by it.
        """
        asked = given, prior, means, where, balance, rules, constraints, refine
        batch = drawn(self, n, seed, label, weights, shares, *asked)
        rows = (self.codec.without_index() if drop_index else self.codec).given_back(batch)
        return (rows, self.codec.classes_of(batch)) if labels else rows

    def write_samples(
        self,
        path: str | Path,
        n: int | None = None,
        seed: int = 0,
        label: Label = None,
        weights: Weights = "best",
        escape_formulas: bool = False,
        shares: Shares = None,
        **options: Any,
    ) -> Path:
        """Write n samples in the form that the ending says; a path without one is a folder of pictures.

        Args:
            path: of the file or folder.
            n: as in `sample`.
            seed: of the noise.
            label: class of all samples, as in `sample`.
            weights: as in `sample`.
            escape_formulas: in a .csv file, put an apostrophe before names and texts that a spreadsheet would run.
            shares: as in `sample`.
            options: given, prior, means, where, balance, drop_index, rules, constraints and refine, as in `sample`.
        """
        codec = self.codec.without_index() if options.pop("drop_index", False) else self.codec
        codec.write(self.draw(n, seed, label, weights, shares, **options), path, escape_formulas)
        return Path(path)

    def draw(
        self,
        n: int | None = None,
        seed: int = 0,
        label: Label = None,
        weights: Weights = "best",
        shares: Shares = None,
        **options: Any,
    ) -> Batch:
        """Return n samples as tensors of the space, on the CPU; arguments as of `sample`."""
        return drawn(self, n, seed, label, weights, shares, **options)

    def export(self, out: str | Path | None = None, weights: Weights = "best") -> Path:
        """Write the sampler as one ONNX file, as `pushforward.export` does, and return its path.

        Args:
            out: the file, which ends in .onnx; RUN/sampler.onnx if absent.
            weights: as in `sample`.
        """
        from pushforward.verbs.exporting import export  # which opens runs itself

        return export(self, out, weights=weights)

    def log_prob(self, x: Any, seed: int = 0, weights: Weights = "best", draws: int | None = None) -> np.ndarray:
        """Return the log-density at points, in nats and in the data's own unit: one number a row.

        Whole numbers, such as grey values, are made continuous by noise that is uniform over a step (Theis et al. 2016,
        §3.1): e to that density bounds their probability from below on average; so are columns by a sampler fitted so.
        Of points of two values it may be a log-probability; with classes, it is over all, where a point comes without.

        Args:
            x: points in the form the data came in, or (points, labels); the class of a row of a table is in its column.
            seed: of that noise, and of the codes that a bound is averaged over.
            weights: as in `sample`.
            draws: K, codes a point that a bound is averaged over; what the sampler has for None.

        Raises:
            Refused: if the run's sampler has no density, or no such bound, or the points are not like the data.
        """
        return self.density(self.codec.encode(x), seed, weights, draws).numpy()

    def density(
        self, batch: Batch, seed: int = 0, weights: Weights = "best", draws: int | None = None
    ) -> Float[Tensor, " n"]:
        """Return what `log_prob` does, of encoded points."""
        whose = f"{self.path.name}, a run of {self.recipe}"
        return log_density(self.sampler(weights), self.codec, batch, seed, draws, whose, self.shares)

    def annealed(self, x: Any, **options: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return log p at points by annealing, and the error of each; arguments as of `densities.annealed`."""
        return annealed(self, self.codec.encode(x), **options)

    def gan_kde(self, x: Any, **options: Any) -> np.ndarray:
        """Return log-densities of a window about each of many samples; arguments as of `densities.gan_kde`."""
        return gan_kde(self, x, **options)

    def encode(self, x: Any, weights: Weights = "best") -> np.ndarray:
        """Return the codes of points in the form the data came in, one row a point.

        Raises:
            Refused: if the game has no encoder, or the points are not like the data.
        """
        return self.coder(weights).codes(self.codec.encode(x)).numpy()

    def reconstruct(self, x: Any, weights: Weights = "best") -> Any:
        """Return what the codes of points stand for, in the form the data came in; errors as of `encode`.

        Args:
            x: points, or (points, labels) for a decoder that takes labels.
            weights: as in `sample`.
        """
        return self.codec.decode(self.coder(weights).rebuilt(self.codec.encode(x)))

    def interpolate(self, a: Any, b: Any, steps: int = 8, weights: Weights = "best") -> Any:
        """Return what the codes on the line from a's code to b's stand for, both ends included, as the data came.

        Args:
            a: one point, or several, in the form the data came in; with labels as in `reconstruct`.
            b: as many.
            steps: points on each line, at least 2; those of the first pair come first.
            weights: as in `sample`.
        """
        return self.codec.decode(self.coder(weights).between(self.codec.encode(a), self.codec.encode(b), steps))

    def coder(self, weights: Weights = "best") -> Coder:
        """Return encoder and decoder, or refuse a game that has none."""
        _, found = self.sampler(weights), self.game.coding()
        if found is None:
            raise Refused(f"{self.path.name} has no encoder: {self.recipe} finds no codes; fit another, such as vae.")
        return Coder(found)

    @property
    def recipe(self) -> str:
        """The name of the recipe as the command line has it, or that the game was made by hand."""
        return str(recorded(self.folder).get("recipe") or "a game made by hand").replace("_", "-")

    def sampler(self, weights: Weights = "best") -> Sampler:
        """Return the sampler in evaluation mode; weights as in `sample`."""
        if weights not in ("best", "last", "raw"):
            raise Refused(f"--weights must be best, last or raw, got {weights!r}.")
        if weights != self._weights:
            saved = self.folder.checkpoints.load_best() if weights == "best" else self.folder.checkpoints.load_last()
            give_weights(self.game, saved.tensors, averaged=weights != "raw", path=self.path)
            self._weights = weights
        self.game.eval()
        return self.game.sampler
