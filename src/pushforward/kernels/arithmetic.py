"""What this machine multiplies fast: whether products in bfloat16 are worth the digits they lose."""

from functools import cache
from pathlib import Path

import torch

UNITS = frozenset({"avx512_bf16", "amx_bf16"})
"""Instructions, as Linux names them, that multiply bfloat16 at twice the rate of float32 or more."""


@cache
def fast_bf16() -> bool:
    """Does this processor multiply matrices in bfloat16 faster than in float32, through torch?

    Read from the processor's own list of instructions, so that the answer is the same in every process and at every
    load; False wherever that list cannot be read, which costs time and never correctness.
    """
    return torch.backends.mkldnn.is_available() and not UNITS.isdisjoint(_instructions(Path("/proc/cpuinfo")))


def _instructions(listing: Path) -> frozenset[str]:
    """The instruction sets that such a listing names; none without it."""
    if not listing.is_file():
        return frozenset()
    lines = (line.partition(":") for line in listing.read_text().splitlines())
    return frozenset(word for name, _, words in lines if name.strip() == "flags" for word in words.split())
