"""The verdict on samples against data: what is asked for, the evidence, the words and the JSON contract."""

from pushforward.judging.evidence import Evidence, Sorting
from pushforward.judging.judge import judge
from pushforward.judging.judgement import Judgement
from pushforward.judging.preset_metrics import CLEAN_FID, PRDC_PACKAGE, PYTORCH_FID, TORCH_FIDELITY
from pushforward.judging.protocol import comparable
from pushforward.judging.reference import Reference
from pushforward.judging.request import Request, requested

__all__ = [
    "CLEAN_FID",
    "Judgement",
    "Evidence",
    "PRDC_PACKAGE",
    "PYTORCH_FID",
    "Reference",
    "Request",
    "Sorting",
    "TORCH_FIDELITY",
    "comparable",
    "requested",
    "judge",
]
