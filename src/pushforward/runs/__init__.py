"""A run folder as files: paths, one writer at a time, atomic writes, checkpoints in two phases, a format version."""

from pushforward.runs.checkpoint_files import Checkpoint
from pushforward.runs.checkpoints import Checkpoints
from pushforward.runs.folder import RunFolder
from pushforward.runs.layout import FORMAT

__all__ = ["FORMAT", "Checkpoint", "Checkpoints", "RunFolder"]
