"""The forms of tables that are texts: separators, the sign before decimals, the encoding, what is missing."""

import gzip
import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pushforward.errors import Refused
from pushforward.runs.file_errors import bounded

TEXTS = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
"""The endings of tables that are texts."""

ENDINGS = (*TEXTS, ".parquet")
"""The endings of tables."""


def table_ending(path: str | Path) -> str:
    """Return the ending of a table's file, in small letters; empty for other files.

    Example:
        >>> table_ending("a.csv.gz"), table_ending("B.Parquet"), table_ending("c.npz")
        ('.csv.gz', '.parquet', '')
    """
    name = Path(path).name.lower()
    return next((e for e in sorted(ENDINGS, key=len, reverse=True) if name.endswith(e) and name != e), "")


SIGNS: Mapping[str, str] = MappingProxyType({",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"})
"""What separates cells, with its name."""


@dataclass(frozen=True)
class TextForm:
    """The form of a table that is a text.

    Args:
        sep: what separates cells, one character; None for what the first line says, and tabs in .tsv files.
        decimal: what stands before decimals.
        encoding: Python's name of it.
        missing: what stands in missing cells besides nothing, NA and the like, commas between.
    """

    sep: str | None = None
    decimal: str = "."
    encoding: str = "utf-8"
    missing: str | None = None

    def __post_init__(self) -> None:
        if self.sep is not None and len(self.sep) != 1:
            raise Refused(f"--sep must be one character, such as ';', got {self.sep!r}; a tab is $'\\t' in the shell.")
        if len(self.decimal) != 1 or self.decimal == self.sep:
            raise Refused(f"--decimal must be one character that does not separate cells, got {self.decimal!r}.")
        try:
            "".encode(self.encoding)
        except LookupError:
            raise Refused(
                f"--encoding must be one that Python knows, such as utf-8, latin-1 or cp1252, got {self.encoding!r}."
            ) from None

    @property
    def words(self) -> list[str]:
        """The texts that stand in missing cells, besides those that always do."""
        return [word.strip() for word in (self.missing or "").split(",") if word.strip()]

    def between(self, path: Path) -> str:
        """Return what separates the cells of a file that is written."""
        return self.sep or ("\t" if table_ending(path).startswith(".tsv") else ",")

    def found(self, path: Path, header: str) -> tuple[str, tuple[str, ...]]:
        """Return what separates the cells of a file, and the sentence that says so where it is no comma.

        Args:
            path: of the file.
            header: its first line.
        """
        usual = self.between(path)
        if self.sep is not None or usual in header:
            return usual, ()
        others = [sign for sign in SIGNS if header.count(sign) > 0 and sign != usual]
        if not others:
            return usual, ()
        sign = max(others, key=header.count)
        return sign, (f"the columns of {path.name} are separated by {SIGNS[sign]}, as its first line is.",)

    def refuse_another(self, path: Path, header: str) -> None:
        """Refuse a separator that is asked for, where the first line has none but others.

        Args:
            path: of the file.
            header: its first line.
        """
        others = [sign for sign in SIGNS if sign in header]
        if self.sep is not None and self.sep not in header and others:
            raise Refused(f"--sep {self.sep!r} does not occur in the first line of {path}, and {SIGNS[others[0]]} do; "
                          "leave it out, or say the right one.")  # fmt: skip

    def open(self, path: Path) -> io.TextIOWrapper:
        """Return the file as text, unpacked where it ends in .gz, without a mark of UTF-8 at its beginning."""
        encoding = "utf-8-sig" if self.encoding.lower().replace("_", "-") in ("utf-8", "utf8") else self.encoding
        if path.name.lower().endswith(".gz"):
            with open(path, "rb") as packed:
                packed.seek(-4, io.SEEK_END)
                bounded(path, struct.unpack("<I", packed.read(4))[0])
            return io.TextIOWrapper(gzip.open(path), encoding=encoding, newline="")
        return open(path, encoding=encoding, newline="")

    def reading(self, sep: str) -> dict[str, Any]:
        """Return what pandas has to know of cells that are separated by `sep`."""
        words = {"na_values": self.words} if self.words else {}
        return {"sep": sep, "decimal": self.decimal, "encoding": self.encoding} | words

    def unreadable(self, path: Path, error: UnicodeError) -> Refused:
        """Return the sentence about a text of another encoding."""
        wide = isinstance(error, UnicodeDecodeError) and bytes(error.object[:2]) in (b"\xff\xfe", b"\xfe\xff")
        remedy = (
            "--encoding utf-16 may"
            if wide
            else "--encoding cp1252 is what Windows writes in the West, latin-1 reads any"
        )
        reason = str(error).partition(":")[0]
        return Refused(f"{path} cannot be read as a table in {self.encoding} ({reason}); {remedy}.")
