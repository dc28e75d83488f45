"""The metrics of other programs with their options: `requested` takes any of these tuples."""

from pushforward.metrics.base import Metric
from pushforward.metrics.scores.frechet import FrechetDistance
from pushforward.metrics.scores.inception_score import InceptionScore
from pushforward.metrics.scores.kid_subsets import KIDSubsets
from pushforward.metrics.scores.prdc import PRDC

PYTORCH_FID: tuple[Metric, ...] = (FrechetDistance(),)
"""pytorch-fid: on 2,048 features of `Inception` with `PytorchFID()`."""

TORCH_FIDELITY: tuple[Metric, ...] = (
    InceptionScore(splits=10, seed=2020),
    FrechetDistance(),
    KIDSubsets(subsets=100, size=1000, seed=2020),
    PRDC(k=3),
)
"""torch-fidelity: on 2,048 features of `Inception` with `TorchFidelity()`; its precision and recall default to VGG."""

CLEAN_FID: tuple[Metric, ...] = (FrechetDistance(), KIDSubsets(subsets=100, size=1000, capped=True))
"""clean-fid: on 2,048 features of `Inception` with `CleanFID()`; its subsets come from a generator without a seed."""

PRDC_PACKAGE: tuple[Metric, ...] = (PRDC(k=5, strict=True),)
"""The package prdc with `nearest_k=5`: a point on a radius is outside."""
