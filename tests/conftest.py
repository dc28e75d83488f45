"""What every test may ask for."""

import multiprocessing
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch


@pytest.fixture
def rng() -> torch.Generator:
    """A generator of its own, for tests that draw on purpose."""
    return torch.Generator().manual_seed(0)


def mutations(content: bytes, count: int, seed: int = 0) -> Iterator[bytes]:
    """Copies of a file's bytes with one to four damages each: flipped, set, cut, doubled, moved or inserted bytes.

    Args:
        content: of a sound file.
        count: of copies.
        seed: of the damages.
    """
    draw = np.random.default_rng(seed)
    for _ in range(count):
        found = bytearray(content)
        for _ in range(int(draw.integers(1, 5))):
            start, more = int(draw.integers(len(found) + 1)), int(draw.integers(1, 9))
            end, kind = start + more, int(draw.integers(7))
            if kind < 2:
                found[start:end] = bytes(b ^ (1 << int(draw.integers(8))) for b in found[start:end])
            elif kind == 2:
                found[start:end] = draw.choice([b"\0", b"\xff", b"9", b"-", b"\x7f"]) * len(found[start:end])
            elif kind == 3:
                del found[start : start + more ** int(draw.integers(1, 4))]
            elif kind == 4:
                found[start:start] = found[start:end] * int(draw.integers(1, 30))
            elif kind == 5:
                found[start:start] = draw.bytes(more)
            else:
                found = found[: max(1, start)]
        yield bytes(found)


@pytest.fixture(scope="session")
def damaged() -> Callable[..., Iterator[bytes]]:
    """`mutations`, for tests in every room."""
    return mutations


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real data beside the repository; tests that need it are skipped where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the folder of real data {folder} is not there")
    return folder


@pytest.fixture
def child():
    """Starts a script in a process of its own, with names given to it.

    Forked from a server that has imported torch once, so that a process costs a tenth of a second and has no threads.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pushforward.verbs"])
    started = []

    def start(script, **names):
        process = context.Process(target=runpy.run_path, args=(str(script),), kwargs={"init_globals": names})
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.join()
