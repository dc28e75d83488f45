"""The test whether this processor multiplies in bfloat16 so fast that it is worth the digits lost."""

from functools import cache
from pathlib import Path

import torch

BF16_UNITS = frozenset({"avx512_bf16", "amx_bf16"})
"""The instructions, as Linux names them, that multiply bfloat16 at twice the rate of float32 or more."""


@cache
def fast_bf16(listing: Path = Path("/proc/cpuinfo")) -> bool:
    """Return whether this processor multiplies matrices in bfloat16 faster than in float32, through torch.

    Read from the processor's own list of instructions, so that the answer is the same in every process and at every
    load; False wherever that list cannot be read, which costs time and never correctness.

    Args:
        listing: the file of that list, in the form of Linux.
    """
    return torch.backends.mkldnn.is_available() and not BF16_UNITS.isdisjoint(_instructions(listing))


def _instructions(listing: Path) -> frozenset[str]:
    """Return the instruction sets that a file like /proc/cpuinfo names; none if there is no such file."""
    if not listing.is_file():
        return frozenset()
    lines = (line.partition(":") for line in listing.read_text().splitlines())
    return frozenset(word for name, _, words in lines if name.strip() == "flags" for word in words.split())
