"""The verbs, where all rooms meet: fit, load, sample, encode, reconstruct, likelihood, score, compare and others."""

from pushforward.verbs.comparing import compare
from pushforward.verbs.encoding import encode, reconstruct
from pushforward.verbs.exporting import export
from pushforward.verbs.fitting import fit, resume
from pushforward.verbs.likely import likelihood
from pushforward.verbs.opening import load
from pushforward.verbs.reporting import report
from pushforward.verbs.run import Run
from pushforward.verbs.sampling import sample
from pushforward.verbs.scoring import score

__all__ = [
    "Run",
    "compare",
    "encode",
    "export",
    "fit",
    "likelihood",
    "load",
    "reconstruct",
    "report",
    "resume",
    "sample",
    "score",
]
