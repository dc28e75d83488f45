"""The kinds of a table's columns: found by what they hold, or as somebody says."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from pandas.api.types import is_integer_dtype

from pushforward.data.codecs.after import WORD, After, after_of
from pushforward.data.codecs.as_numbers import AsNumbers
from pushforward.data.codecs.column_type import ColumnType
from pushforward.data.codecs.dates import Dates
from pushforward.data.codecs.identifiers import Identifier, Naming, identifier_notes, identifiers
from pushforward.data.codecs.levels import of_levels
from pushforward.data.codecs.typed_columns import TypedColumn, describe
from pushforward.data.raw.row_numbers import RowNumber, row_number, row_number_notes, row_numbers
from pushforward.dotted import is_dotted
from pushforward.errors import Refused, nearest
from pushforward.notes import left_out
from pushforward.permission import demand_call
from pushforward.runs.plain_values import read_yaml

PARTS = {"class_path", "init_args"}
"""What says which type a column is of."""

NAMED = ("number", "levels", "date", "identifier", "none")
"""What a column may be said to be; `none` leaves it out, of samples too."""

Kind = str | Mapping[str, Any]
"""One of these words, or a type written elsewhere, by its class path and its arguments."""


@dataclass(frozen=True)
class Kinds:
    """The columns of a table, sorted.

    Args:
        frame: all that samples will have, without those that only name rows.
        counts: that count or number rows.
        identifiers: of texts that name rows.
        dates: that are modelled as whole steps.
        typed: that types written elsewhere read.
        after: how dates follow those of other columns.
        levels: names of those of levels.
        dropped: names of those that are left out because somebody says so.
    """

    frame: pd.DataFrame
    counts: tuple[RowNumber, ...]
    identifiers: tuple[Identifier, ...]
    dates: tuple[Dates, ...]
    typed: tuple[TypedColumn, ...]
    after: tuple[After, ...]
    levels: tuple[Any, ...]
    dropped: tuple[str, ...]

    @classmethod
    def of(cls, frame: pd.DataFrame, asked: Mapping[str, Kind], label: Any, whose: str) -> "Kinds":
        """Sort the columns of a table.

        Args:
            frame: all columns but that of the split.
            asked: what columns are said to be, by name.
            label: the column of classes, or None.
            whose: the table's name, for sentences.

        Raises:
            Refused: for a name that no column has, and a column that is not what it is said to be.
        """
        said = {name: asked[str(name)] for name in frame.columns if str(name) in asked}
        if unknown := [name for name in asked if name not in map(str, frame.columns)]:
            raise Refused(
                f"--columns names no column of {whose}: {unknown[0]!r}; "
                f"{nearest(unknown[0], list(map(str, frame.columns)))}"
            )
        if label in said:
            raise Refused(f"--columns says what {label!r} is, which --labels makes the class; leave one of them out.")
        dropped = [name for name, word in said.items() if word == "none"]
        frame, keep = frame.drop(columns=dropped), {label, *said}
        counts, names = row_numbers(frame, keep), identifiers(frame, keep)
        for name in (name for name, word in said.items() if word == "identifier"):
            column, i = frame[name], frame.columns.get_loc(name)
            if is_integer_dtype(column):
                counts += (row_number(column, name, i, key=True),)
            else:
                names += (Identifier.of(column, i),)
        found: tuple[Naming, ...] = (*counts, *names)
        frame = frame.drop(columns=[frame.columns[column.position] for column in found])
        features = frame.drop(columns=[label] if label in frame else [])
        types = {name: kind for name in features if isinstance(kind := said.get(name), Mapping)}
        typed = tuple(TypedColumn.of(features[name], kind, whose) for name, kind in types.items())
        dates = tuple(_dates(features, said, whose))
        known = {column.column for column in (*dates, *typed)}
        texts = tuple(n for n in features if n not in known and _levels(features[n], said.get(n)))
        starts = {d.column: str(said[d.column])[len(WORD) :] for d in dates if _is_after(said.get(d.column))}
        after = after_of(starts, dates, features, whose)
        return cls(frame, counts, names, dates, typed, after, texts, tuple(map(str, dropped)))

    @property
    def coded(self) -> tuple[AsNumbers, ...]:
        """The columns whose cells stand for numbers."""
        return (*self.dates, *self.typed)

    def notes(self, whose: str) -> tuple[str, ...]:
        """Return the sentences that say which columns are left out."""
        said = (
            (left_out(f"columns of {whose} are left out, as --columns says: {', '.join(self.dropped)}."),)
            if self.dropped
            else ()
        )
        return (*row_number_notes(self.counts, whose), *identifier_notes(self.identifiers, whose), *said)


def asked_kinds(given: str | Path | Mapping[str, Any] | None) -> dict[str, Kind] | None:
    """Return what columns are said to be, by name; None where nothing is said.

    Args:
        given: that, or the path of a YAML file of it.

    Raises:
        Refused: for a file that cannot be read, and for what no column can be.
    """
    if given is None:
        return None
    said: Any = read_yaml(Path(given).expanduser()) if isinstance(given, str | Path) else given
    if not isinstance(said, Mapping):
        raise Refused(f"--columns must say of columns by name what they are, as in zip: levels; got {said!r:.60}.")
    kinds = {str(name): _kind(name, word) for name, word in said.items()}
    for path in paths_of(kinds) if isinstance(given, str | Path) else ():
        demand_call(path, str(given))
    return kinds


def paths_of(kinds: Mapping[str, Kind]) -> list[str]:
    """Return the dotted paths of types written elsewhere that columns are said to be of."""
    return [str(kind["class_path"]) for kind in kinds.values() if isinstance(kind, Mapping)]


def _kind(name: Any, word: Any) -> Kind:
    """Return what a column is said to be: a word as it is, a type by its class path and arguments."""
    if isinstance(word, ColumnType):
        return describe(word)
    if isinstance(word, type) and issubclass(word, ColumnType):
        return describe(word())
    if isinstance(word, str) and is_dotted(word):
        return {"class_path": word, "init_args": {}}
    if isinstance(word, Mapping) and is_dotted(str(word.get("class_path"))) and not word.keys() - PARTS:
        return {"class_path": str(word["class_path"]), "init_args": dict(word.get("init_args") or {})}
    if word not in NAMED and not _is_after(word):
        raise Refused(
            f"--columns says that {str(name)!r} is {word!r}; it can be {', '.join(NAMED)}, `after` and another column "
            "of dates, or the dotted path of a ColumnType, such as mine.Euros."
        )
    return str(word)


def _is_after(kind: Kind | None) -> bool:
    return isinstance(kind, str) and kind.startswith(WORD)


def _dates(features: pd.DataFrame, said: Mapping[Any, Kind], whose: str) -> list[Dates]:
    found = list[Dates]()
    for name in features:
        if said.get(name, "date") != "date" and not _is_after(said[name]):
            continue
        if (dates := Dates.of(features[name])) is not None:
            found.append(dates)
        elif name in said:
            cell = next(iter(features[name].dropna()), None)
            raise Refused(
                f"--columns says that {name!r} of {whose} holds dates, and it holds cells such as {cell!r}; write all "
                "in one form, such as 2024-01-31."
            )
    return found


def _levels(column: pd.Series, said: Kind | None) -> bool:
    return said == "levels" or (said is None and of_levels(column))
