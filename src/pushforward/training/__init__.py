"""The loop: knows no recipe and no metric."""

from pushforward.training.averaging import Average, load_average
from pushforward.training.batches import Batches
from pushforward.training.budget import Budget
from pushforward.training.choice import Choice, Gain, Standing
from pushforward.training.engine import Engine, bf16_suits, convolutional, engine, same_start, small
from pushforward.training.loop import Training
from pushforward.training.pace import Pace
from pushforward.training.patience import Patience
from pushforward.training.probing import OfPoints, Probing, draw_samples, evaluation_mode, rng_preserved
from pushforward.training.progress import Progress
from pushforward.training.snapshots import Snapshots
from pushforward.training.subseeds import subseed
from pushforward.training.tensorboard import TensorBoard
from pushforward.training.three_sample_rule import Checks
from pushforward.training.turn import Turn

__all__ = [
    "Average",
    "Batches",
    "Budget",
    "Checks",
    "Choice",
    "Engine",
    "Gain",
    "Pace",
    "Patience",
    "OfPoints",
    "Probing",
    "Progress",
    "Snapshots",
    "Standing",
    "TensorBoard",
    "Training",
    "Turn",
    "bf16_suits",
    "convolutional",
    "draw_samples",
    "engine",
    "evaluation_mode",
    "load_average",
    "rng_preserved",
    "same_start",
    "small",
    "subseed",
]
