"""The verdict: every score and test of one sampler, once, and what they mean in plain words."""

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor

from pushforward.metrics.classes import Classes, class_histogram
from pushforward.metrics.memorisation import Memorisation, memorisation
from pushforward.metrics.mmd import KID, EnergyDistance, KernelDistance
from pushforward.metrics.modes import KnownModes, Modes
from pushforward.metrics.modes import modes as count_modes
from pushforward.metrics.prdc import PRDC
from pushforward.metrics.rows import Array, chosen, generator, pair
from pushforward.metrics.score import Metric, Score
from pushforward.metrics.two_sample import TwoSample, two_sample_test
from pushforward.metrics.words import in_words, protocol_line

VERSION = 1
"""Of the JSON form."""

MOST = 10_000
"""Rows a side that are scored."""

METRICS: tuple[Metric, ...] = (KernelDistance(), EnergyDistance(), PRDC())


@runtime_checkable
class Embedding(Protocol):
    """A frozen map into a space where distances mean something."""

    @property
    def protocol(self) -> dict[str, Any]:
        """What it was made of."""

    def __call__(self, x: Array) -> Tensor:
        """Features, one row a point."""

    def classify(self, x: Array) -> Tensor | None:
        """Probabilities of classes, or None."""


@dataclass(frozen=True)
class Verdict:
    """What was measured of samples against held-out data.

    Args:
        n_data: rows of data that were scored.
        n_samples: samples that were scored.
        scores: in data space, then in feature space.
        two_sample: the test of equality.
        memorisation: the training-copy test, where training data were given.
        modes: where they are known.
        classes: where the features come with a classifier.
        features: protocol of the feature map.
        protocol: all that the numbers depend on, in one line.
        part: of the data that they were measured on.
    """

    n_data: int
    n_samples: int
    scores: tuple[Score, ...]
    two_sample: TwoSample
    memorisation: Memorisation | None
    modes: Modes | None
    classes: Classes | None
    features: dict[str, Any] | None
    protocol: str
    part: str = "test"

    def __getitem__(self, name: str) -> Score:
        """The score of that name."""
        return {score.name: score for score in self.scores}[name]

    @property
    def words(self) -> str:
        """The verdict as a paragraph."""
        sizes = (self.n_data, self.n_samples)
        return in_words(sizes, self.scores, self.two_sample, self.memorisation, self.modes, self.classes)

    def to_json(self) -> dict[str, Any]:
        """The contents of `verdict.json`."""
        tests = {"two-sample": self.two_sample} | ({"memorisation": self.memorisation} if self.memorisation else {})
        return {
            "version": VERSION,
            "n_data": self.n_data,
            "n_samples": self.n_samples,
            "part": self.part,
            "scores": {score.name: score.to_json() for score in self.scores},
            "tests": {name: test.to_json() for name, test in tests.items()},
            "modes": self.modes and self.modes.to_json(),
            "features": self.features,
            "protocol": self.protocol,
            "words": self.words,
        }


def verdict(
    x: Array,
    y: Array,
    *,
    train: Array | None = None,
    labels: Array | None = None,
    features: Embedding | None = None,
    modes: KnownModes | None = None,
    seed: int = 0,
) -> Verdict:
    """All scores and tests of samples y against held-out data x, on equally many rows a side.

    Args:
        x: data that nothing was trained or chosen on, one row a point; at least 6.
        y: samples, one row a point; as many as there are data, for scores that depend on the sizes.
        train: what the sampler was fitted to, for the training-copy test.
        labels: classes of x, to say how good the features' classifier is.
        features: a map for KID, and its classifier, if it has one, for the histogram of the classes.
        modes: of the data, where they are known; all of y is counted.
        seed: of draws of rows and of relabellings.

    Raises:
        Refused: if there are too few rows, the widths differ, a value is not finite, or no two rows of x differ.
    """
    whole, draw = pair(x, y, least=PRDC().least_samples, whose="verdict"), generator(seed)
    size = min(len(whole[0]), len(whole[1]), MOST)
    of_x, of_y = (chosen(len(z), size, draw) for z in whole)
    a, b = whole[0][of_x], whole[1][of_y]
    scores = [score for metric in METRICS for score in metric(a, b)]
    sorted_by = None
    if features is not None:
        scores += KID()(features(a), features(b))
        sorted_by = _classes(features, a, b, None if labels is None else torch.as_tensor(labels)[of_x])
    found = two_sample_test(a, b, seed=seed)
    copied = None if train is None else memorisation(train, a, b, seed=seed)
    return Verdict(
        n_data=len(a),
        n_samples=len(b),
        scores=(*scores, *(part.score() for part in (sorted_by, copied) if part is not None)),
        two_sample=found,
        memorisation=copied,
        modes=None if modes is None else count_modes(whole[1], modes),
        classes=sorted_by,
        features=None if features is None else dict(features.protocol),
        protocol=protocol_line(
            a.shape, len(b), PRDC(), found, copied, None if features is None else features.protocol, seed
        ),
    )


def _classes(features: Embedding, x: Tensor, y: Tensor, labels: Tensor | None) -> Classes | None:
    """The histogram of classes, where the features have a classifier."""
    p, q = features.classify(x), features.classify(y)
    return None if p is None or q is None else class_histogram(p, q, labels=labels)
