"""What tests and doctests share: one thread, and the same seed before each."""

import os

# Before torch is imported: the tests are many small computations, and several may run side by side.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import random

import numpy as np
import pytest
import torch

torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _seeds():
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
