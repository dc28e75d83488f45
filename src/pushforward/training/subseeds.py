"""One seed, many streams of random numbers."""

from hashlib import sha256


def stream(seed: int, purpose: str) -> int:
    """A seed of its own for every purpose: weights, noise, order and probes never share their numbers.

    What chooses the best state in particular must not be the noise that is judged later.

    Args:
        seed: of the run, any integer.
        purpose: a word.
    Example:
        >>> stream(0, "noise") == stream(0, "noise"), stream(0, "noise") == stream(0, "probe")
        (True, False)
    """
    return int.from_bytes(sha256(f"{purpose} {seed}".encode()).digest()[:7])
