"""The optimisers, schedules, step counts and the rule of improvement: values that say what a gradient does."""

from pushforward.tuning.improvement import STEADY, ThreeSampleRule, Trend
from pushforward.tuning.optimizers import SGD, Adam, Optimizer, RMSprop
from pushforward.tuning.schedules import Constant, Cosine, Drop, Linear, Schedule
from pushforward.tuning.steps import Steps, steps_at

__all__ = [
    "SGD",
    "STEADY",
    "Adam",
    "Constant",
    "Cosine",
    "Drop",
    "Linear",
    "Optimizer",
    "RMSprop",
    "Schedule",
    "Steps",
    "ThreeSampleRule",
    "Trend",
    "steps_at",
]
