"""The notes on what was chosen, left out or skipped: sentences for people, each with a kind for programs."""

from collections.abc import Iterable
from typing import Literal

Kind = Literal["choice", "left out", "skipped", "doubt"]


class Note(str):
    """A sentence for a person, with its kind for programs: no word of the sentence decides anything.

    Args:
        text: the sentence.
        kind: "choice" for what was chosen for the user, "left out" for what of the data is neither judged nor modelled,
            "skipped" for files and links that were not read, "doubt" for what makes a number hard to believe.
    Example:
        >>> Note("links are skipped: 3.", "skipped").kind, kind("a plain sentence")
        ('skipped', 'choice')
    """

    kind: Kind

    def __new__(cls, text: str, kind: Kind = "choice") -> "Note":
        note = super().__new__(cls, text)
        note.kind = kind
        return note


def kind(note: str) -> Kind:
    """Return the kind of a note; a plain sentence is about a choice."""
    return note.kind if isinstance(note, Note) else "choice"


def left_out(text: str) -> Note:
    """Return a note on what of the data is neither judged nor modelled."""
    return Note(text, "left out")


def skipped(text: str) -> Note:
    """Return a note on files, links or pages that were not read."""
    return Note(text, "skipped")


def of_kind(notes: Iterable[str], *kinds: Kind) -> tuple[str, ...]:
    """Return the notes of these kinds, in their order."""
    return tuple(note for note in notes if kind(note) in kinds)
