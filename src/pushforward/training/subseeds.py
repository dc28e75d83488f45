"""A seed of its own for every purpose, from the one seed of a run."""

from hashlib import sha256


def subseed(seed: int, purpose: str) -> int:
    """Return a seed of its own for every purpose: weights, noise, order and probes never share their numbers.

    What chooses the best state in particular must not be the noise that is judged later.

    Args:
        seed: of the run, any integer.
        purpose: a word.
    Example:
        >>> subseed(0, "noise") == subseed(0, "noise"), subseed(0, "noise") == subseed(0, "probe")
        (True, False)
    """
    return int.from_bytes(sha256(f"{purpose} {seed}".encode()).digest()[:7])
