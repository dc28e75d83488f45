"""The presets: what other programs measure, in which space, and what they call it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from pushforward.errors import Refused, nearest
from pushforward.features import Features
from pushforward.judging import CLEAN_FID, PRDC_PACKAGE, PYTORCH_FID, TORCH_FIDELITY, Judgement, Request
from pushforward.judging.case import Case
from pushforward.judging.request import requested
from pushforward.metrics.base import Metric, Score
from pushforward.metrics.scores.inception_score import InceptionScore
from pushforward.metrics.scores.kid_subsets import KIDSubsets
from pushforward.metrics.scores.prdc import BALLS
from pushforward.notes import left_out
from pushforward.spaces import Batch

Scores = Mapping[str, Score]
Read = Callable[[Scores], float | None]


def _value(name: str) -> tuple[tuple[str, ...], Read]:
    return (name,), lambda found: found[name].value


def _spread(name: str, times: float = 1.0) -> tuple[tuple[str, ...], Read]:
    return (name,), lambda found: times * (found[name].spread or 0.0)


def _f_score(found: Scores) -> float:
    p, r = found["precision"].value, found["recall"].value
    return 2 * p * r / max(1e-5, p + r)  # with its bound, so that none of either is 0


@dataclass(frozen=True)
class Preset:
    """A program's way of measuring: its metrics, its space, and its names.

    Args:
        metrics: with its options.
        space: name of its features; None for those that are given.
        keys: what it calls each number; the scores of ours that it is read from, and how.
    """

    metrics: tuple[Metric, ...]
    space: str | None
    keys: Mapping[str, tuple[tuple[str, ...], Read]]

    def theirs(self, scores: Sequence[Score]) -> dict[str, float | None]:
        """The same numbers under that program's names, as far as they were measured."""
        found = {score.name: score for score in scores}
        return {key: read(found) for key, (names, read) in self.keys.items() if set(names) <= set(found)}


SPLITS = InceptionScore().splits

PRESETS: dict[str, Preset] = {
    "pytorch-fid": Preset(PYTORCH_FID, "inception-pytorch-fid", {"FID": _value("fid")}),
    "torch-fidelity": Preset(
        TORCH_FIDELITY,
        "inception-torch-fidelity",
        {
            "inception_score_mean": _value("inception-score"),
            # the deviation over its splits, with a divisor of their number, where ours is that of their mean
            "inception_score_std": _spread("inception-score", (SPLITS - 1) ** 0.5),
            "frechet_inception_distance": _value("fid"),
            "kernel_inception_distance_mean": _value("kid-subsets"),
            "kernel_inception_distance_std": _spread("kid-subsets"),
            "precision": _value("precision"),
            "recall": _value("recall"),
            "f_score": (("precision", "recall"), _f_score),
        },
    ),
    "clean-fid": Preset(CLEAN_FID, "inception-clean-fid", {"fid": _value("fid"), "kid": _value("kid-subsets")}),
    "prdc": Preset(PRDC_PACKAGE, None, {name: _value(name) for name in BALLS}),
}


def preset(name: str, metrics: object, features: object) -> tuple[tuple[Metric, ...], object]:
    """Return that program's metrics, and its features unless others are given.

    Args:
        name: pytorch-fid, torch-fidelity, clean-fid or prdc.
        metrics: must be left out.
        features: as given; such as identity, where the rows are that program's features already.

    Raises:
        Refused: if there is no such program, or metrics are given too.
    """
    if name not in PRESETS:
        raise Refused(f"no preset '{name}'; {nearest(name, list(PRESETS))}")
    if metrics is not None:
        raise Refused("--preset says which metrics are measured; leave out --metrics, or name them without a preset.")
    return PRESETS[name].metrics, PRESETS[name].space if features is None else features


def with_subsets(metrics: Any, count: int | None, size: int | None) -> Any:
    """The metrics, with so many subsets of that size for KID.

    Args:
        metrics: as `score` takes them.
        count: of subsets; None leaves it.
        size: rows a side of each; None leaves it.

    Raises:
        Refused: if KID of subsets is not among the metrics, or a number is none.
    """
    asked: dict[str, Any] = {k: v for k, v in (("subsets", count), ("size", size)) if v is not None}
    if not asked:
        return metrics
    items = metrics.split(",") if isinstance(metrics, str) else list(metrics or ())
    metrics = [replace(found, **asked) if (found := _of_subsets(item)) else item for item in items]
    if not any(isinstance(item, KIDSubsets) for item in metrics):
        raise Refused("--kid-subsets and --kid-subset-size are of the metric kid-subsets; add it to --metrics, or take "
                      "--preset torch-fidelity or clean-fid.")  # fmt: skip
    return metrics


def _of_subsets(item: Any) -> KIDSubsets | None:
    return next((m for m in requested([item]).metrics if isinstance(m, KIDSubsets)), None)


def without_missing_classes(
    metrics: Sequence[Metric], f: Features, x: Tensor
) -> tuple[tuple[Metric, ...], tuple[str, ...]]:
    """A preset's metrics without those of class probabilities, where the map knows no classes; and the notes on that.

    Args:
        metrics: of a preset.
        f: the space.
        x: a point of it.
    """
    if all(m.reads == "features" for m in metrics) or f.classify(x) is not None:
        return tuple(metrics), ()
    left = [m.name for m in metrics if m.reads != "features"]
    why = f"it is of probabilities of classes, and features {f.protocol['features']} know none"
    return tuple(m for m in metrics if m.reads == "features"), (left_out(f"{', '.join(left)} is left out: {why}."),)


def draws_by_row_number(request: Request) -> bool:
    """Return whether a metric draws rows by their numbers, as other programs do."""
    return any(isinstance(metric.plain, KIDSubsets) for metric in request.metrics)


def in_file_order(case: Case) -> Case:
    """The rows of data in the order in which they came, where they are all there: in it other programs draw subsets.

    No row is then known to be of no training part, and so nothing is said of classes, as by those programs.

    Args:
        case: of a preset.
    """
    order = case.data.order
    if order is None or case.run or len(order) != len(case.x.x):
        return case
    back = torch.from_numpy(np.argsort(order))
    label = None if case.x.label is None else case.x.label[back]
    return replace(case, x=Batch(case.x.x[back], label), unseen=0)


def with_preset_names(found: Judgement, preset: str | None) -> Judgement:
    """The same, with the numbers under that program's names too; as it is without one.

    Args:
        found: what was measured.
        preset: name of the program.
    """
    return found if preset is None else replace(found, preset=PRESETS[preset].theirs(found.scores))
