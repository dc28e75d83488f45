"""The cautions of a verdict: what a reader must know before believing the numbers."""

import torch

from pushforward.judging.evidence import Evidence, Side
from pushforward.judging.findings import Findings
from pushforward.judging.phrases import listed
from pushforward.metrics.diagnosis.outlying import outlying
from pushforward.metrics.numerics.neighbours.duplicates import identities
from pushforward.notes import kind


def cautions(evidence: Evidence, findings: Findings) -> list[str]:
    """Return the sentences that a reader must know before believing the numbers.

    Args:
        evidence: what was judged.
        findings: what was measured.
    """
    few = f"need more rows than {min(findings.sizes)} a side, and are left out."
    sentences = [f"{listed(findings.left_out)} {few}"] if findings.left_out else []
    if isinstance(evidence.real, Side):
        sentences += [f"{s.name}: {s.note}." for s in findings.scores if s.note and kind(s.note) == "doubt"]
        sentences += _of_rows(evidence.real, evidence.fake, findings)
    return sentences + [note for note in evidence.notes if kind(note) != "skipped"]


def _of_rows(real: Side, fake: Side, findings: Findings) -> list[str]:
    """Return what the rows themselves make doubtful: unequal sizes, outlying rows, repeated and copied ones."""
    x, y = real.features, fake.features
    sizes = next((s.rows for s in findings.scores if s.spread is not None and s.rows and s.rows[0] != s.rows[1]), None)
    sentences = []
    if sizes is not None:
        n, m = sizes
        sentences.append(f"the sizes differ ({n} and {m}); biased scores are comparable at equal sizes only.")
    sentences += outlying(x, y)
    of_x, of_y = identities(x.double(), y.double())
    if bool((shared := torch.isin(of_y, of_x)).any()):
        share = 100 * float(shared.double().mean())
        sentences.append(f"{share:.3g} % of the samples are exact copies of rows of data.")
    for name, ids in (("data", of_x), ("samples", of_y)):
        repeated = 1 - len(ids.unique()) / len(ids)
        if repeated > 0:
            sentences.append(f"{100 * repeated:.3g} % of the {name} repeat another row.")
    if findings.copied is not None and findings.copied.copies_unseen > 0.5:
        sentences.append("most of the data equal training rows; name data that were not trained on with --test.")
    return sentences
