"""A log of JSON lines, one record a line, appended; a kill can only cost the line being written."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pushforward.errors import Refused
from pushforward.runs.atomic import replacing, writable
from pushforward.runs.bounded_parsing import json_value
from pushforward.runs.partial_files import CLOEXEC, NOFOLLOW
from pushforward.runs.plain_values import to_json

Record = dict[str, Any]


def append(path: Path, record: Record) -> None:
    """Append one line, handed to the system before this returns; on a full disk the log stays as it was.

    Raises:
        Refused: the disk does not take it.
    """
    line = (to_json(record) + "\n").encode()
    with writable(path), open(path, "ab", buffering=0, opener=_opener) as file:
        before = file.tell()
        try:
            if file.write(line) < len(line):  # a short write is how a disk says that this was its last block
                file.write(line[file.tell() - before :])
        except OSError:
            file.truncate(before)
            raise


def read(path: Path) -> list[Record]:
    """Read all records but a last line that a kill cut short; a missing file has none.

    Raises:
        Refused: a line before the last is damaged; the sentence says which.
    """
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return [
        record
        for number, line in enumerate(lines)
        if (record := _parse(path, number, line, last=len(lines) - 1)) is not None
    ]


def keep(path: Path, predicate: Callable[[Record], bool]) -> None:
    """Keep the records of which the predicate is true, atomically: so a resumed run takes back its log.

    Args:
        path: the log; a missing one stays missing.
        predicate: of one record.
    """
    if not path.exists():
        return
    lines = [to_json(record) + "\n" for record in read(path) if predicate(record)]
    with replacing(path) as file:
        file.write("".join(lines).encode())


def _opener(path: str, flags: int) -> int:
    """Open the file, or make it where there is none, but follow no link."""
    return os.open(path, flags | NOFOLLOW | CLOEXEC, 0o666)


def _parse(path: Path, number: int, line: bytes, last: int) -> Record | None:
    try:
        record = json_value(line.decode("utf-8"))
        if not isinstance(record, dict):
            raise ValueError("it is no record")
    except ValueError as error:
        if number == last:
            return None
        raise Refused(
            f"line {number + 1} of {path} must be a JSON record, but it is damaged; remove that line."
        ) from error
    return record
