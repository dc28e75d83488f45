"""The records for TensorBoard, beside the log."""

from pathlib import Path
from typing import Any

from pushforward.errors import Refused


class TensorBoard:
    """A writer of losses and scores as scalars in a folder of events.

    Args:
        path: of that folder.
    Raises:
        Refused: if the extra is not installed.
    """

    def __init__(self, path: Path):
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ModuleNotFoundError as missing:
            raise Refused("--tensorboard needs the extra: pip install 'pushforward[tensorboard]'.") from missing
        self.writer = SummaryWriter(path)

    def __call__(self, turn: int, seconds: float, losses: dict[str, Any], scores: dict[str, Any]) -> None:
        for player, entry in losses.items():
            self.writer.add_scalar(f"loss/{player}", entry["loss"], turn)
        for name, score in scores.items():
            self.writer.add_scalar(f"score/{name}", score["value"], turn)

    def close(self) -> None:
        """Close the folder after writing what is left."""
        self.writer.close()
