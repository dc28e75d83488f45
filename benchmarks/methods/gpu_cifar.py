"""CIFAR-10 with labels on one device, for as long as there is: KID and FID along the way.

    DATA=FOLDER UNTIL=SECONDS python -m benchmarks.methods.gpu_cifar [--rehearse]

FOLDER holds cifar10_train.zip, cifar10_test.zip and weights/inception_fid_768.safetensors; UNTIL is a time in seconds
since 1970. R3GAN, SN-SMMD and drifting, which follows its field among the network's features at 128 pixels, take turns
until then, a span of training each; what was trained goes on when the script is run again. After a span, KID and FID of
samples of the averaged generator against test pictures, on the 768 features (drifting was matched on them, the others
never saw them): a row of benchmarks/results/gpu_cifar.csv. With --rehearse one short span each, small, on a processor.
"""

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

import pushforward as pf
from benchmarks.common.cells import RUNS, write
from benchmarks.common.spans import read
from benchmarks.methods.critics_cifar import arrays
from pushforward.features import Inception
from pushforward.features.inception_layers import Layers
from pushforward.fields import DoubleSoftmax
from pushforward.games import Drift
from pushforward.metrics import KID, FrechetDistance
from pushforward.networks import DCGAN
from pushforward.samplers import Normal, Pushforward
from pushforward.tuning import Adam

METHODS = ("r3gan", "sn_smmd", "drifting")
WEIGHTS = "weights/inception_fid_768.safetensors"
ROWS, SPAN, LOOK, SIDE = 2500, 60.0, 15.0, 128
"""Samples that are scored, seconds of a span and of a look after it, and the side of pictures that drifting sees."""


class Device:
    """The network of features on the device that trains.

    Args:
        folder: of the data.
        device: cuda or cpu.
        block: pictures at a time.
    """

    def __init__(self, folder: Path, device: str, block: int):
        inception = Inception.from_file(folder / WEIGHTS, width=768)
        layers = Layers({name: t.to(device) for name, t in inception.layers._tensors.items()})
        self.inception, self.device, self.block = replace(inception, layers=layers), device, block

    @torch.no_grad()
    def features(self, x: Tensor) -> Tensor:
        """Return the features of pictures as everybody measures them, on the processor."""
        return torch.cat([self.inception.block(b.to(self.device)).float().cpu() for b in x.split(self.block)])

    def seen(self, x: Tensor) -> Tensor:
        """Return features that gradients pass through: the same network, without 8 bits, at a smaller side."""
        large = torch.nn.functional.interpolate(x, (SIDE, SIDE), mode="bilinear", align_corners=False)
        return self.inception.layers(large, 768)


def game(method: str, data: Any, device: Device, rehearsal: bool) -> Any:
    """The recipe at its defaults on DCGANs of width 64; drifting by hand, for its features."""
    network, size = DCGAN(4 if rehearsal else 64), {"batch_size": 20 if rehearsal else 256}
    if method != "drifting":
        return getattr(pf.recipes, method)(data.space, network=network, **(size if rehearsal else {}))
    sampler = Pushforward.of(network, Normal(64), data.space)
    return Drift(data.space, sampler, DoubleSoftmax(), features=device.seen, tune=Adam(1e-3, (0.9, 0.99)), **size)


def span(method: str, data: Any, device: Device, seconds: float, rehearsal: bool) -> dict[str, Any]:
    """Train one span, and look."""
    folder = RUNS / ("gpu_cifar_rehearsal" if rehearsal else "gpu_cifar") / method
    made, rows = game(method, data, device, rehearsal), 16 if rehearsal else ROWS
    before = read(folder / "curve.jsonl")
    minutes = (before[-1]["seconds"] if before else 0.0) / 60 + seconds / 60
    probes = {"none": lambda x, y: pf.metrics.Score("none", 0.0)}
    if before:
        done = pf.resume(folder / "run", minutes=minutes, data=data, game=made, quiet=True, probes=probes)
    else:
        done = pf.fit(made, data, minutes=minutes, run=folder / "run", overwrite=True, device=device.device,
                      precision="bf16", verdict=False, quiet=True, probe_every=10**9, checkpoint_every=10**9,
                      probes=probes)  # fmt: skip
    x, y = device.features(data.test.all(rows).x), device.features(done.draw(rows, weights="last").x)
    kid, fid = KID()(x, y)[0], FrechetDistance()(x, y)[0]
    last = done.folder.checkpoints.load_last()
    found = {"method": method, "turns": last.turn, "seconds": last.state["seconds"], "images": rows, "kid": kid.value,
             "kid_stderr": kid.stderr, "fid": fid.value, "matched_on": method == "drifting"}  # fmt: skip
    with (folder / "curve.jsonl").open("a") as file:
        file.write(json.dumps(found) + "\n")
    return found


def main(folder: Path, until: float, rehearsal: bool) -> None:
    """Spans in turn until the time is up; then the table, and beside it the protocol of the features."""
    device = Device(folder, "cpu" if rehearsal else "cuda", 8 if rehearsal else 250)
    data = pf.data.load(str(arrays(folder)))
    seconds, turn = 2.0 if rehearsal else SPAN, 0
    while turn < len(METHODS) if rehearsal else time.time() + seconds + LOOK < until:
        print(span(METHODS[turn % len(METHODS)], data, device, seconds, rehearsal), flush=True)
        turn += 1
    if not rehearsal:
        curves = [row for method in METHODS for row in read(RUNS / "gpu_cifar" / method / "curve.jsonl")]
        protocol = json.dumps(device.inception.protocol)
        write("gpu_cifar", [{**row, "device": torch.cuda.get_device_name(), "protocol": protocol} for row in curves])


if __name__ == "__main__":
    main(Path(os.environ["DATA"]), float(os.environ.get("UNTIL", "inf")), "--rehearse" in sys.argv)
