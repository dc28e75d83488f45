"""A score whose features are kept in many files, each of them slowly written.

Given: real, fake, cache (a folder), slow (seconds that a flush to the disk takes).
"""

import os
import sys
import time

import torch

import pushforward as pf
from pushforward.features import extraction

real, fake, cache, slow = (globals()[name] for name in ("real", "fake", "cache", "slow"))
sys.stderr = open(os.devnull, "w")
os.environ["PUSHFORWARD_CACHE"] = cache
torch.set_num_threads(1)
flush = os.fsync


def slowly(handle):
    time.sleep(slow)
    flush(handle)
    time.sleep(slow)


os.fsync = slowly
extraction.CHUNK = 1
pf.score(real, fake, features="random-conv", metrics="kid", cache=True)
