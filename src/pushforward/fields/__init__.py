"""V(y_i), where each sample should move: fields as values, each in a file of its own."""

from pushforward.fields.base import Field
from pushforward.fields.double_softmax import DoubleSoftmax
from pushforward.fields.mmd_gradient import MMDGradient
from pushforward.fields.score_difference import ScoreDifference
from pushforward.fields.sinkhorn import Sinkhorn

__all__ = ["DoubleSoftmax", "Field", "MMDGradient", "ScoreDifference", "Sinkhorn"]
