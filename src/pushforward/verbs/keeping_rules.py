"""The samples of a table that keep the rules of the data: those that break one are drawn anew."""

from collections.abc import Callable

import numpy as np
import torch

from pushforward.data.codecs.rules import comparable
from pushforward.data.codecs.table import TableCodec
from pushforward.errors import Refused
from pushforward.progress import tell
from pushforward.spaces import Batch
from pushforward.training import subseed

ROUNDS = 50
"""Times that samples are drawn, at most."""


def keeping(codec: object, draw: Callable[[int, int], Batch], n: int, seed: int) -> Batch:
    """Return n samples that keep every rule that holds in all rows of the data; say how many do.

    Args:
        codec: of the data.
        draw: gives so many samples of a seed.
        n: samples.
        seed: of the first of them.

    Raises:
        Refused: for data without rules, and where hardly a sample keeps them.
    """
    if not isinstance(codec, TableCodec) or not codec.rules:
        raise Refused(
            "--rules keeps orders between columns that hold in all rows, and the data have none; leave it out."
        )
    kept, drawn, met = list[Batch](), 0, 0
    for i in range(ROUNDS):
        more = draw(n, subseed(seed, f"rules {i}") if i else seed)
        values = comparable(codec.decode(more), codec.dates)
        good = torch.from_numpy(np.all([rule.met(values) for rule in codec.rules], axis=0))
        kept.append(Batch(more.x[good], None if more.label is None else more.label[good]))
        drawn, met = drawn + n, met + int(good.sum())
        if met >= n:
            break
    rules = " and ".join(map(str, codec.rules))
    if met < n:
        raise Refused(
            f"--rules: {rules} is kept by {met:,} of {drawn:,} samples, and {n:,} were asked for; ask for fewer."
        )
    tell(f"{100 * met / drawn:.3g} % of {drawn:,} samples keep {rules}; the others are thrown away.")
    labels = [batch.label for batch in kept if batch.label is not None]
    return Batch(torch.cat([batch.x for batch in kept])[:n], torch.cat(labels)[:n] if labels else None)
