"""What is matched: toys with a density, arrays, tables, images, hub; split, encoded, and given back as they came."""

from pushforward.data.base import Data, Modes, Part
from pushforward.data.codec import Codec
from pushforward.data.curves import SwissRoll, TwoMoons
from pushforward.data.gaussians import Grid, Ring, TiltedRing
from pushforward.data.laws import Law
from pushforward.data.load import load, load_like
from pushforward.data.pixels import ImageCodec
from pushforward.data.rows import RowsCodec
from pushforward.data.tables import TableCodec

__all__ = [
    "Codec",
    "Data",
    "Grid",
    "ImageCodec",
    "Law",
    "Modes",
    "Part",
    "Ring",
    "RowsCodec",
    "SwissRoll",
    "TableCodec",
    "TiltedRing",
    "TwoMoons",
    "load",
    "load_like",
]
