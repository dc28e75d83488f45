"""One autoencoder of pythae trained on black-and-white pictures, in the peers' environment; prints JSON.

python autoencoders_once.py MODEL PICTURES.npz SECONDS RATE DRAWS   # MODEL vae or wae; SECONDS of the processor

Its trainer and its loader of data are used as they come, with the networks, the batch and the data of the other
side, on one thread. DRAWS is K of the bound, 0 for none.
"""

import contextlib
import io
import json
import logging
import sys
import tempfile
import time
from typing import Any

import numpy as np
import torch
from pythae.data.datasets import BaseDataset
from pythae.models import VAE, WAE_MMD, VAEConfig, WAE_MMD_Config
from pythae.models.base.base_utils import ModelOutput
from pythae.models.nn import BaseDecoder, BaseEncoder
from pythae.trainers import BaseTrainer, BaseTrainerConfig
from pythae.trainers.training_callbacks import TrainingCallback
from torch import nn

WIDTH, CODE, BATCH, PIXELS = 400, 40, 100, 784


class Encoder(BaseEncoder):
    """A hidden layer, then the mean and the log-variance of the code."""

    def __init__(self, variance: bool) -> None:
        super().__init__()
        self.hidden = nn.Sequential(nn.Flatten(), nn.Linear(PIXELS, WIDTH), nn.ReLU())
        self.said = nn.Linear(WIDTH, CODE * (1 + variance))
        self.variance = variance

    def forward(self, x: torch.Tensor) -> ModelOutput:
        said = self.said(self.hidden(x))
        if not self.variance:
            return ModelOutput(embedding=said)
        return ModelOutput(embedding=said[:, :CODE], log_covariance=said[:, CODE:])


class Decoder(BaseDecoder):
    """A hidden layer, then the probability of each pixel."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(CODE, WIDTH), nn.ReLU(), nn.Linear(WIDTH, PIXELS), nn.Sigmoid(), nn.Unflatten(1, (1, 28, 28))
        )

    def forward(self, z: torch.Tensor) -> ModelOutput:
        return ModelOutput(reconstruction=self.layers(z))


class Enough(Exception):
    """The seconds are spent."""


class Clock(TrainingCallback):
    """The processor's seconds of training, and its steps."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.steps, self.began = seconds, 0, time.process_time()

    def on_train_begin(self, *_: Any, **__: Any) -> None:
        self.began = time.process_time()

    def on_train_step_end(self, *_: Any, **__: Any) -> None:
        self.steps += 1
        self.spent = time.process_time() - self.began
        if self.spent > self.seconds:
            raise Enough


def main(kind: str, path: str, seconds: float, rate: float, draws: int) -> None:
    """Train, and print steps, seconds and the bound of the test pictures."""
    torch.set_num_threads(1)
    logging.disable(logging.INFO)
    train, test = (
        torch.from_numpy(np.load(path)[f"{part}_images"]).float()[:, None] / 255 for part in ("train", "test")
    )
    given = {"input_dim": (1, 28, 28), "latent_dim": CODE}
    if kind == "vae":
        model = VAE(VAEConfig(**given, reconstruction_loss="bce"), Encoder(True), Decoder())
    else:
        scales = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]
        model = WAE_MMD(WAE_MMD_Config(**given, kernel_choice="imq", scales=scales), Encoder(False), Decoder())
    clock = Clock(seconds)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        config = BaseTrainerConfig(output_dir=folder, per_device_train_batch_size=BATCH, learning_rate=rate,
                                   num_epochs=10**6, no_cuda=True)  # fmt: skip
        loaded = BaseDataset(train, torch.zeros(len(train)))
        with contextlib.suppress(Enough):
            BaseTrainer(model, loaded, training_config=config, callbacks=[clock]).train()
    found = {"steps": clock.steps, "cpu_seconds": clock.spent, "weights": sum(p.numel() for p in model.parameters())}
    if draws:
        model.eval()
        with torch.no_grad():
            found["nll"] = -float(model.get_nll(test, n_samples=draws, batch_size=BATCH))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))
