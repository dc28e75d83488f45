"""A run folder as files: paths, atomic writes, checkpoints in two phases, format version."""

from pushforward.runs.checkpoints import Checkpoint, Checkpoints
from pushforward.runs.folder import RunFolder
from pushforward.runs.layout import FORMAT

__all__ = ["FORMAT", "Checkpoint", "Checkpoints", "RunFolder"]
