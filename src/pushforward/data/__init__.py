"""The data to be matched: toys with a density, arrays, tables, images, hub; split, encoded, given back as they came."""

from pushforward.data.base import Data, Modes, Part
from pushforward.data.codecs.base import Codec
from pushforward.data.codecs.column_type import ColumnType
from pushforward.data.codecs.image import ImageCodec
from pushforward.data.codecs.rows import RowsCodec
from pushforward.data.codecs.table import TableCodec
from pushforward.data.load import load, load_like
from pushforward.data.toys.base import Law
from pushforward.data.toys.curves import SwissRoll, TwoMoons
from pushforward.data.toys.gaussians import Grid, Ring, TiltedRing, UnequalRing

__all__ = [
    "Codec",
    "ColumnType",
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
    "UnequalRing",
    "load",
    "load_like",
]
