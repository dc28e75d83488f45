"""The records for TensorBoard, beside the log."""

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from pushforward.errors import Refused
from pushforward.training.players import in_words


class TensorBoard:
    """A writer of losses and scores as scalars, and of samples as pictures, in a folder of events.

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
            self.writer.add_scalar(f"loss/{in_words(player)}", entry["loss"], turn)
        for name, score in scores.items():
            self.writer.add_scalar(f"score/{name}", score["value"], turn)

    def picture(self, turn: int, png: bytes) -> None:
        """Write a picture of the samples at a turn."""
        pixels = np.asarray(Image.open(BytesIO(png)).convert("RGB"))
        self.writer.add_image("samples", pixels, turn, dataformats="HWC")

    def close(self) -> None:
        """Close the folder after writing what is left."""
        self.writer.close()
