"""Samples of a run into a folder, slowly.

Given: run, out, n, seed, slow (seconds that each step of the writing takes).
"""

import os
import shutil
import time

import torch
from PIL import Image

import pushforward as pf
from pushforward.data.codecs import image_writing as picture_writing
from pushforward.runs import exchange

run, out, n, seed, slow = (globals()[name] for name in ("run", "out", "n", "seed", "slow"))
torch.set_num_threads(1)


def slowly(act, times=1):
    def acted(*arguments, **named):
        time.sleep(slow * times)
        done = act(*arguments, **named)
        time.sleep(slow * times)
        return done

    return acted


Image.Image.save = slowly(Image.Image.save)
os.rename = slowly(os.rename, 5)
shutil.rmtree = slowly(shutil.rmtree, 5)
exchange.exchanged = picture_writing.exchanged = slowly(exchange.exchanged, 5)
pf.load(run).write_samples(out, n, seed)
