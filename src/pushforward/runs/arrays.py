"""Arrays of numbers and words in .npy and .npz files, which may come from anyone.

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
"""First bytes of a .npy file."""

LONGEST = 10_000
"""Bytes of a header at most; those of plain arrays take 118."""

# Types of a fixed width that hold numbers, truth values, or words: never Python objects, never records.
TYPE = re.compile(r"[<>|=]?([biufcSU])(\d{1,9})")
WIDTHS = {"b": (1,), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (2, 4, 8, 16), "c": (8, 16, 32)}


class Header(NamedTuple):
    """What stands before the numbers.

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
    """A memory-mapped array.

    Raises:
        Refused: if it is none, holds Python objects or records, or is cut short.
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
    """Every array of an archive, by name.

    Raises:
        Refused: if it is none, holds anything but arrays, or unpacks to more than its size makes likely.
    """
    with readable(path, "a NumPy archive"), open(path, "rb") as file, _opened(file, path) as archive:
        members = {m.filename: m for m in archive.infolist()}
        bounded(path, sum(m.file_size for m in members.values()))
        return {_name(member, path): _member(archive, member) for member in members.values()}


def keys(path: Path) -> list[str]:
    """Names of the arrays of an archive, none of which is read.

    Raises:
        Refused: if it is no archive.
    """
    with readable(path, "a NumPy archive"), open(path, "rb") as file, _opened(file, path) as archive:
        return [name.removesuffix(".npy") for name in archive.namelist()]


def _opened(file: BufferedIOBase, path: Path) -> zipfile.ZipFile:
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
        into, done = x.view(np.uint8).data, 0
        while done < header.size:
            if not (read := file.readinto(into[done : done + 2**24])):
                raise Refused(f"array {member.filename!r} is cut short.")
            done += read
        if file.read(1):  # at the end the checksum is compared
            raise Refused(f"array {member.filename!r} has more bytes than its header says.")
    return x.reshape(header.shape, order="F" if header.fortran else "C")


def _header(file: BufferedIOBase, there: int) -> Header:
    """What stands before the numbers of an array, of which `there` bytes are at hand."""
    if not there:
        raise ValueError("it is empty")
    if file.read(len(MAGIC)) != MAGIC:
        raise ValueError("it is no .npy file, whatever its name says")
    major = file.read(2)[0]
    if major not in (1, 2, 3):
        raise ValueError(f"it is of the unknown version {major}")
    before = 2 if major == 1 else 4
    (length,) = struct.unpack("<H" if before == 2 else "<I", file.read(before))
    if length > LONGEST:
        raise ValueError(f"its header has {length:,} bytes, where plain arrays need a hundred")
    shape, dtype, fortran = _described(file.read(length).decode("latin1" if major < 3 else "utf8"))
    width = int(dtype[2:]) if dtype[1] != "U" else 4 * int(dtype[2:])
    header = Header(shape, dtype, fortran, len(MAGIC) + 2 + before + length, prod(shape) * width)
    if header.offset + header.size > there:
        raise ValueError(f"it is cut short: shape {shape} needs {header.size:,} bytes, and {there - header.offset:,} "
                         "are there")  # fmt: skip
    return header


def _described(text: str) -> tuple[tuple[int, ...], str, bool]:
    """Shape, type and order."""
    try:
        # Python 2 wrote its long integers with an L
        found = ast.literal_eval(re.sub(r"(?<=\d)L\b", "", text).strip())
    except (SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError("its header is damaged") from error
    if not isinstance(found, dict) or set(found) != {"descr", "fortran_order", "shape"}:
        raise ValueError("its header is damaged")
    shape, dtype, fortran = found["shape"], found["descr"], found["fortran_order"]
    if not (isinstance(shape, tuple) and len(shape) <= 32 and all(type(n) is int and n >= 0 for n in shape)):
        raise ValueError(f"its header is damaged: it gives the shape {str(shape)[:80]}")
    return shape, _typed(dtype), bool(fortran)


def _typed(dtype: object) -> str:
    if isinstance(dtype, str) and "O" in dtype:
        raise ValueError("it holds Python objects instead of numbers, and those are never unpickled")
    if isinstance(dtype, list):
        raise ValueError("it holds records; save each of their fields as an array")
    found = TYPE.fullmatch(dtype) if isinstance(dtype, str) else None
    if found is None or int(found[2]) == 0 or int(found[2]) not in WIDTHS.get(found[1], (int(found[2]),)):
        raise ValueError(f"it holds {str(dtype)[:80]!r}, which are no plain numbers")
    order = str(dtype)[0] if str(dtype)[0] in "<>" else "|" if int(found[2]) == 1 else "="
    return f"{order}{found[1]}{found[2]}"
