"""The reading of .npy and .npz files, which may come from anyone.

No pickle is read, headers are checked before anything is allocated, and each damage is one sentence.
"""

import ast
import re
import struct
import zipfile
from io import BufferedIOBase
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from pushforward.errors import Refused
from pushforward.runs.file_errors import bounded, readable

if TYPE_CHECKING:
    import numpy as np

MAGIC = b"\x93NUMPY"
"""The first bytes of a .npy file."""

LONGEST_HEADER = 10_000
"""The largest header in bytes; those of plain arrays take 118."""

# Types of a fixed width that hold numbers, truth values, or words: never Python objects, never records.
TYPE = re.compile(r"[<>|=]?([biufcSU])(\d{1,9})")
WIDTHS = {"b": (1,), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (2, 4, 8, 16), "c": (8, 16, 32)}


class Header(NamedTuple):
    """The header of an array, what stands before its numbers.

    Args:
        shape: of the array.
        dtype: as NumPy abbreviates it, such as <f4.
        fortran: whether the first index runs fastest.
        offset: bytes before the first number.
        size: bytes of all numbers.
    """

    shape: tuple[int, ...]
    dtype: str
    fortran: bool
    offset: int
    size: int


def read_npy(path: Path) -> "np.ndarray":
    """Return the array of a .npy file, memory-mapped.

    Raises:
        Refused: if the file is none, holds Python objects or records, or is cut short.
    """
    import numpy as np

    with readable(path, "a NumPy array"):
        with open(path, "rb") as file:
            header = _header(file, path.stat().st_size)
        if not header.size:
            return np.empty(header.shape, header.dtype)
        order: Literal["F", "C"] = "F" if header.fortran else "C"
        return np.memmap(path, header.dtype, "r", header.offset, header.shape, order)


def read_npz(path: Path) -> "dict[str, np.ndarray]":
    """Read every array of an archive, by name.

    Raises:
        Refused: if the file is none, holds anything but arrays, or unpacks to more than its size makes likely.
    """
    with readable(path, "a NumPy archive"), open(path, "rb") as file, _archive(file, path) as archive:
        members = {m.filename: m for m in archive.infolist()}
        bounded(path, sum(m.file_size for m in members.values()))
        return {_name(member, path): _member(archive, member) for member in members.values()}


def keys(path: Path) -> list[str]:
    """Return the names of the arrays of an archive, none of which is read.

    Raises:
        Refused: if it is no archive.
    """
    with readable(path, "a NumPy archive"), open(path, "rb") as file, _archive(file, path) as archive:
        return [name.removesuffix(".npy") for name in archive.namelist()]


def _archive(file: BufferedIOBase, path: Path) -> zipfile.ZipFile:
    if not zipfile.is_zipfile(file):
        raise Refused(f"{path} cannot be read as a NumPy archive: it is cut short or no .npz file.")
    return zipfile.ZipFile(file)


def _name(member: zipfile.ZipInfo, path: Path) -> str:
    if not member.filename.endswith(".npy"):
        raise Refused(f"{path} cannot be read as a NumPy archive: it holds {member.filename!r}, which is no array.")
    return member.filename.removesuffix(".npy")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> "np.ndarray":
    import numpy as np

    with cast(BufferedIOBase, archive.open(member)) as file:
        header = _header(file, member.file_size)
        x: np.ndarray = np.empty(prod(header.shape), header.dtype)
        memory, filled = x.view(np.uint8).data, 0
        while filled < header.size:
            if not (read := file.readinto(memory[filled : filled + 2**24])):
                raise Refused(f"array {member.filename!r} is cut short.")
            filled += read
        if file.read(1):  # at the end the checksum is compared
            raise Refused(f"array {member.filename!r} has more bytes than its header says.")
    return x.reshape(header.shape, order="F" if header.fortran else "C")


def _header(file: BufferedIOBase, available: int) -> Header:
    """Read the header of an array, of which `available` bytes are at hand, and check that they hold its numbers."""
    if not available:
        raise ValueError("it is empty")
    if file.read(len(MAGIC)) != MAGIC:
        raise ValueError("it is no .npy file, whatever its name says")
    major = file.read(2)[0]
    if major not in (1, 2, 3):
        raise ValueError(f"it is of the unknown version {major}")
    digits = 2 if major == 1 else 4
    (length,) = struct.unpack("<H" if digits == 2 else "<I", file.read(digits))
    if length > LONGEST_HEADER:
        raise ValueError(f"its header has {length:,} bytes, where plain arrays need a hundred")
    shape, dtype, fortran = _parse_header(file.read(length).decode("latin1" if major < 3 else "utf8"))
    width = int(dtype[2:]) if dtype[1] != "U" else 4 * int(dtype[2:])
    header = Header(shape, dtype, fortran, len(MAGIC) + 2 + digits + length, prod(shape) * width)
    if header.offset + header.size > available:
        rest = available - header.offset
        raise ValueError(f"it is cut short: shape {shape} needs {header.size:,} bytes, and {rest:,} are there")
    return header


def _parse_header(text: str) -> tuple[tuple[int, ...], str, bool]:
    """Return shape, type, and whether the first index runs fastest, from the text of a header."""
    try:
        # Python 2 wrote its long integers with an L
        entries = ast.literal_eval(re.sub(r"(?<=\d)L\b", "", text).strip())
    except (SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError("its header is damaged") from error
    if not isinstance(entries, dict) or set(entries) != {"descr", "fortran_order", "shape"}:
        raise ValueError("its header is damaged")
    shape, dtype, fortran = entries["shape"], entries["descr"], entries["fortran_order"]
    if not (isinstance(shape, tuple) and len(shape) <= 32 and all(type(n) is int and n >= 0 for n in shape)):
        raise ValueError(f"its header is damaged: it gives the shape {str(shape)[:80]}")
    return shape, _plain_dtype(dtype), bool(fortran)


def _plain_dtype(dtype: object) -> str:
    """Return the type with its byte order, if it is one of plain numbers or words."""
    if isinstance(dtype, str) and "O" in dtype:
        raise ValueError("it holds Python objects instead of numbers, and those are never unpickled")
    if isinstance(dtype, list):
        raise ValueError("it holds records; save each of their fields as an array")
    match = TYPE.fullmatch(dtype) if isinstance(dtype, str) else None
    if match is None or (width := int(match[2])) == 0 or width not in WIDTHS.get(match[1], (width,)):
        raise ValueError(f"it holds {str(dtype)[:80]!r}, which are no plain numbers")
    order = str(dtype)[0] if str(dtype)[0] in "<>" else "|" if width == 1 else "="
    return f"{order}{match[1]}{match[2]}"
