"""What every test may ask for."""

from pathlib import Path

import pytest
import torch


@pytest.fixture
def rng() -> torch.Generator:
    """A generator of its own, for tests that draw on purpose."""
    return torch.Generator().manual_seed(0)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real data beside the repository; tests that need it are skipped where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the folder of real data {folder} is not there")
    return folder
