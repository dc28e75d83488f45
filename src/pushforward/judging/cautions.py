"""The cautions of a verdict: what a reader must know before believing the numbers."""

from collections.abc import Iterable

from pushforward.judging.findings import Findings
from pushforward.judging.phrases import listed
from pushforward.notes import kind


def cautions(findings: Findings, notes: Iterable[str]) -> list[str]:
    """Return the sentences that a reader must know before believing the numbers.

    Args:
        findings: what was measured.
        notes: on how data and samples were read.
    """
    few = f"need more rows than {min(findings.sizes)} a side, and are left out."
    return [
        *([f"{listed(findings.left_out)} {few}"] if findings.left_out else []),
        *(f"{s.name}: {s.note}." for s in findings.scores if s.note and kind(s.note) == "doubt"),
        *_unequal(findings),
        *findings.outlying,
        *_repeated(findings),
        *(note for note in notes if kind(note) != "skipped"),
    ]


def _unequal(findings: Findings) -> list[str]:
    """Return what unequal sizes mean for biased scores."""
    sizes = next((s.rows for s in findings.scores if s.spread is not None and s.rows and s.rows[0] != s.rows[1]), None)
    if sizes is None:
        return []
    return [f"the sizes differ ({sizes[0]} and {sizes[1]}); biased scores are comparable at equal sizes only."]


def _repeated(findings: Findings) -> list[str]:
    """Return which shares of rows are no fresh draws."""
    sentences = []
    if (repeats := findings.repeats) is not None:
        shares = {
            "samples are exact copies of rows of data": repeats.copies,
            "data repeat another row": repeats.data,
            "samples repeat another row": repeats.samples,
        }
        sentences = [f"{100 * share:.3g} % of the {what}." for what, share in shares.items() if share > 0]
    if findings.copied is not None and findings.copied.copies_unseen > 0.5:
        sentences.append("most of the data equal training rows; name data that were not trained on with --test.")
    return sentences
