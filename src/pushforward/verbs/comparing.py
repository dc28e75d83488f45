"""The verb `compare`: which set of samples is closer to the data, and which differences are resolved."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal

import pandas as pd

from pushforward.features import Identity, Pixels
from pushforward.features.extraction import extraction
from pushforward.judging.feature_space import embedding
from pushforward.judging.judgement import remarks
from pushforward.judging.protocol import arithmetic, line
from pushforward.judging.request import TEST_ROWS
from pushforward.judging.units import Scale, default_scale, in_units
from pushforward.kernels import Polynomial
from pushforward.metrics import PairedRows, Ranking, ranking
from pushforward.metrics.scores.mmd import DEFAULT
from pushforward.notes import kind, of_kind
from pushforward.spaces import Image
from pushforward.verbs.argument_checks import check_compare
from pushforward.verbs.comparing_likelihoods import compared_likelihoods, likelihoods_in_words
from pushforward.verbs.harmonising import harmonised
from pushforward.verbs.inputs import Reading, first_rows, known_data, name_of, samples, unseen_part
from pushforward.verbs.matched_features import judged_by
from pushforward.verbs.trust import Trust, trusts

VERSION = 1
"""Of the JSON form."""


@dataclass(frozen=True, eq=False)
class Contest:
    """A ranking of models by their distance to the data, with what it was measured with.

    Args:
        data: name of the data.
        ranking: of the models, with every pair.
        sizes: samples of each model used, by name.
        protocol: all that the numbers depend on.
        notes: on how they were read.
        likelihoods: pairs of runs that have a density, on the same test rows, in bits per dimension of pictures and
            nats of rows.
    """

    data: str
    ranking: Ranking
    sizes: Mapping[str, int]
    protocol: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    likelihoods: tuple[PairedRows, ...] = ()

    def frame(self) -> pd.DataFrame:
        """Return a table with one row for each pair of models."""
        return self.ranking.frame()

    def to_json(self) -> dict[str, Any]:
        """Return the JSON contract of comparisons, version 1."""
        values = dict(zip(self.ranking.names, self.ranking.values, strict=True))
        return {
            "version": VERSION,
            "data": self.data,
            "models": {name: {"mmd": values[name], "n": n} for name, n in self.sizes.items()},
            "protocol": dict(self.protocol) | {"line": line(self.protocol)},
            "ranking": list(self.ranking.names),
            "comparisons": [c.to_json() for c in self.ranking.comparisons],
            "likelihoods": [pair.to_json() for pair in self.likelihoods],
            "skipped_files": list(of_kind(self.notes, "skipped")),
            "warnings": [note for note in self.notes if kind(note) != "skipped"],
        }


@trusts
def compare(
    real: Any,
    models: Any,
    *,
    features: Any = None,
    scale: Scale | None = None,
    level: float = 0.05,
    rows: int = TEST_ROWS,
    size: int | str | None = None,
    crop: bool = False,
    gray: bool | None = None,
    skip_corrupt: bool = False,
    frames: Literal["first", "all"] = "first",
    labels: str | None = None,
    workers: int = 1,
    cache: bool = False,
    seed: int = 0,
    trust: Trust = (),
) -> Contest:
    """Rank sets of samples by MMD² to the data, every pair by a three-sample test; densities of runs pair by pair.

    Args:
        real: data (a path, a name, an array), or a run folder.
        models: samples by name, each in a form that `score` takes; a sequence of paths names itself. Of data that one
            of them, a run, was fitted to, the test part alone is used.
        features: the space in which points are compared, as in `score`.
        scale: units in which rows of numbers are compared, none or robust, as in `score`.
        level: chance of one or more wrong answers among all pairs; p-values are corrected for their number.
        rows: most rows of each that are used.
        size: side, or height and width, that all images are resized to, as in `score`.
        crop: cut the centre square out of images instead of squeezing them.
        gray: one channel or three for all images; what the data have when left out.
        skip_corrupt: leave out images that cannot be read, count and list them, instead of refusing all.
        frames: first takes the first picture of an animation (GIF, WebP, APNG) and says how many it leaves, all takes
            every one; pages of a TIFF file are all taken.
        labels: name of the column or array that holds the class of each row, as in `score`.
        workers: processes that compute features; each has its share of the threads, which may change the last digits
            of a convolution (3e-7 of a feature of Inception), and nothing else depends on how many.
        cache: keep features on the disk by content of points and map, as in `score`.
        seed: of samples that are drawn.
        trust: modules outside this package that a run folder may name, with commas between them.

    Raises:
        Refused: if there are fewer than two models, or one cannot be read.
    """
    check_compare(models, data=real, level=level, features=features, scale=scale, rows=rows, workers=workers)
    notes: list[str] = []
    named = models if isinstance(models, Mapping) else {str(m): m for m in models}
    data = known_data(real, Reading(size, crop, gray, skip_corrupt, frames, labels), named.values())
    data, given = harmonised(data, list(named.values()), notes)
    named = dict(zip(named, given, strict=True))
    judged = unseen_part(data, rows, named.values(), notes)
    features = judged_by(features, data, tuple(named.values()), notes)
    f = in_units(embedding(features, data.space, data), scale, data, default_scale(data, judged is not None))
    f = extraction(f, workers=workers, keep=cache)
    # Learnt features have the scale for which the cubic kernel is meant; the data's own units have none.
    kernel = DEFAULT if isinstance(f.map, Identity | Pixels) else Polynomial(3)
    found = {name: f(samples(data, given, rows, seed, notes).x).double().cpu() for name, given in named.items()}
    x = f((first_rows(data, rows) if judged is None else judged).x).double().cpu()
    ranked = ranking(x, found, kernel=kernel, level=level, most=None, seed=seed)
    notes += _relabelled(ranked)
    likelihoods = compared_likelihoods(data, named, rows, level, notes)
    unit = (
        {"likelihood": "bits per dimension" if isinstance(data.space, Image) else "nats a row"} if likelihoods else {}
    )
    protocol = {
        "features": dict(f.protocol),
        "statistic": "difference of unbiased MMD²",
        "kernel": repr(kernel),
        "correction": "Holm",
        "level": level,
        "n_real": len(x),
        "rows at most": rows,
        "seed": seed,
        "arithmetic": arithmetic(dict(zip(ranked.names, ranked.arithmetic, strict=True))),
        "version": version("pushforward"),
        **unit,
    }
    sizes, all_notes = {name: len(y) for name, y in found.items()}, (*data.notes, *notes, *f.notes)
    return Contest(name_of(real, "real"), ranked, sizes, protocol, all_notes, likelihoods)


def _relabelled(found: Ranking) -> list[str]:
    """Return the sentence on p-values of a permutation test, which few rows make necessary."""
    if not found.relabelled:
        return []
    all_pairs = len(found.relabelled) == len(found.comparisons)
    pairs = "all pairs" if all_pairs else ", ".join(f"{a} and {b}" for a, b in found.relabelled)
    return [
        f"few rows: p-values of {pairs} are the larger of a t-law's and those of a permutation test "
        f"({found.relabellings} exchanges of rows between the two models)."
    ]


def words(found: Mapping[str, Any]) -> str:
    """The JSON form as a person reads it.

    Args:
        found: as `Contest.to_json` gives it.
    """
    order = [f"{place}. {name}  MMD² {found['models'][name]['mmd']:.4g}, {found['models'][name]['n']} samples"
             for place, name in enumerate(found["ranking"], 1)]  # fmt: skip
    pairs = [_pair(c) for c in found["comparisons"]]
    pairs += likelihoods_in_words(found.get("likelihoods", []), str(found["protocol"].get("likelihood")))
    warned = [f"Warning: {warning}" for warning in remarks(found)]
    return "\n".join([*order, "", *pairs, "", *warned, f"Protocol: {found['protocol']['line']}"])


def _pair(c: Mapping[str, Any]) -> str:
    low, high = c["interval"]
    numbers = f"difference {c['difference']:.3g} ({low:.2g} to {high:.2g}), p = {c['p_value']:.2g}"
    if c["better"] is None:
        return f"{c['a']} and {c['b']}: not resolved at these sizes; {numbers}."
    return f"{c['better']} is better than {c['b'] if c['better'] == c['a'] else c['a']}: {numbers}."
