"""The loop: knows no recipe and no metric."""

from pushforward.training.averaging import Average
from pushforward.training.batches import Batches
from pushforward.training.budget import Budget
from pushforward.training.loop import Pace, Training, convolutional, engine, same_start, small
from pushforward.training.probing import Probe, Probing, drawn, undisturbed
from pushforward.training.progress import Progress
from pushforward.training.streams import stream
from pushforward.training.tensorboard import TensorBoard
from pushforward.training.turn import Turn

__all__ = [
    "Average",
    "Batches",
    "Budget",
    "Pace",
    "Probe",
    "Probing",
    "Progress",
    "TensorBoard",
    "Training",
    "Turn",
    "convolutional",
    "drawn",
    "engine",
    "same_start",
    "small",
    "stream",
    "undisturbed",
]
