"""The titles of all scores: names for a person and one line on each, as their metrics say."""

from types import MappingProxyType

from pushforward.judging.request import METRICS
from pushforward.metrics.diagnosis import classes, learning, modes
from pushforward.metrics.scores import bits_per_dimension, kl, log_likelihood
from pushforward.metrics.significance import memorisation

TITLES = MappingProxyType(
    {
        **{name: title for metric in METRICS for name, title in metric.titles.items()},
        "bits-per-dimension": bits_per_dimension.TITLE,
        "log-likelihood": log_likelihood.TITLE,
        "kl": kl.TITLE,
        "modes": modes.TITLE,
        "class-kl": classes.TITLE,
        "tstr": learning.TITLE,
        "memorisation": memorisation.TITLE,
    }
)
