"""The toys as data sets: drawn by seed, never scaled, with modes and log-density."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch

from pushforward.data.base import Data
from pushforward.data.build import from_source
from pushforward.data.raw.options import Options
from pushforward.data.raw.source import Source
from pushforward.data.toys.base import Law
from pushforward.data.toys.curves import SwissRoll, TwoMoons
from pushforward.data.toys.gaussians import Grid, Ring, TiltedRing, UnequalRing

TOYS: dict[str, Law] = {law.name: law for law in (Ring(), UnequalRing(), Grid(), TiltedRing(), SwissRoll(), TwoMoons())}

# 60,000 of them train, as in the ratio-matching work, and 10,000 each validate and test.
POINTS = 80_000


def toy(law: Law, options: Options, spec: Mapping[str, Any]) -> Data:
    """Draw 80,000 points of a law: 60,000 to train, 10,000 to validate, 10,000 to test."""
    options.no_labels(law.name)
    options.no_named_split(law.name)
    options.no_columns(law.name)
    x = law.draw(POINTS, torch.Generator().manual_seed(options.seed)).numpy()
    data = from_source(Source(law.name, x), options, spec)
    return replace(data, modes=law.modes, log_prob=law.log_prob)
