"""The mark in pictures that this program wrote, by which they are told from a person's own."""

from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

SIGNATURE = "pushforward"


def signature() -> PngInfo:
    """Return what `Image.save` writes into a PNG beside its pixels."""
    info = PngInfo()
    info.add_text("Software", SIGNATURE)
    return info


def has_signature(path: Path) -> bool:
    """Tell whether a file is a PNG that this program wrote."""
    try:
        with Image.open(path) as image:
            return bool(image.info.get("Software") == SIGNATURE)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
