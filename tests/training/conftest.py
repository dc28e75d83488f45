"""Small data, small games, and a way to stop a run after a given turn."""

import json
import signal
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
import pytest
import torch

import pushforward as pf
from pushforward.networks import DCGAN, MLP, Maxout
from pushforward.runs import RunFolder
from pushforward.samplers import Normal, Uniform
from pushforward.training import Batches, Engine, Pace, Probing, Training
from pushforward.tuning import SGD, Adam, Cosine, Linear, RMSprop, Steps


@dataclass(frozen=True)
class Number:
    """What a probe gives."""

    value: float
    stderr: float | None = None
    better: str = "lower"


def closeness(x, y) -> Number:
    """A probe that costs nothing."""
    return Number((x.mean(0) - y.mean(0)).norm().item(), 0.1)


small = MLP((16, 16))
GAMES = {
    "gan": partial(pf.recipes.gan, network=small, noise=Normal(3), tune=Adam(1e-3, decay=Cosine())),
    "gan of pictures": partial(pf.recipes.gan, network=DCGAN(4), noise=Normal(3)),
    "gan with dropout": partial(
        pf.recipes.gan, network=Maxout(16, 8, 2), noise=Uniform(3), critic_steps=2, tune=SGD(0.05, 0.5)
    ),
    "gram": partial(pf.recipes.gram, network=small, noise=Normal(3), tune=Adam(1e-3, decay=Linear(start=0.5))),
    "mmd_net": partial(pf.recipes.mmd_net, network=MLP((16,), batch_norm=True), noise=Uniform(3)),
    "mmd_net of codes": partial(
        pf.recipes.mmd_net, network=small, noise=Uniform(3), code_dim=2, autoencoder_width=8, autoencoder_steps=5
    ),
    "mmd_gan": partial(
        pf.recipes.mmd_gan,
        latent_dim=3,
        network=small,
        bound=0.1,
        critic_steps=Steps(2, burst=3, first=2, every=4),
        tune=RMSprop(1e-3),
    ),  # fmt: skip
}


@pytest.fixture(scope="session")
def rows() -> pf.data.Data:
    """140 training points of two coordinates."""
    return pf.data.load(np.random.default_rng(0).normal(size=(200, 2)).astype("float32"))


@pytest.fixture(scope="session")
def pictures() -> pf.data.Data:
    """42 colour pictures of 8×8 pixels, so that channels have an order in memory."""
    return pf.data.load(np.random.default_rng(0).integers(0, 256, (60, 8, 8, 3), dtype="uint8"))


@pytest.fixture
def make(rows, pictures):
    """Name → a fresh game and the data it was made for."""

    def made(name: str):
        data = pictures if "pictures" in name else rows
        return GAMES[name](data.space, batch_size=8), data

    return made


@pytest.fixture
def fit():
    """`pf.fit` with a cheap probe, no verdict, no words, and small steps."""

    def fitted(game, data, run, **settings):
        usual = {"steps": 12, "probe_every": 3, "log_every": 2, "checkpoint_every": 4}
        given = {"verdict": False, "quiet": True, "probes": {"closeness": closeness}, "device": "cpu"}
        return pf.fit(game, data, run=run, **usual | given | settings)

    return fitted


@pytest.fixture
def resume():
    """`pf.resume` with the same probe."""

    def resumed(run, data, **settings):
        return pf.resume(run, data=data, quiet=True, probes={"closeness": closeness}, **settings)

    return resumed


class Closeness:
    """Measures that probe alone."""

    def __init__(self, x):
        self.x = x

    def __call__(self, y):
        return {"closeness": asdict(closeness(self.x, y))}, {}

    def error(self, new, old):
        return 0.0


@pytest.fixture
def by_hand(make, tmp_path):
    """The training of a game, put together without `fit`, in a folder named for the device that it is told."""

    def made(name: str, pace: Pace, device: str = "cpu", watchers: tuple = ()) -> Training:
        torch.manual_seed(0)
        game, data = make(name)
        held_out = data.validation.all(10)
        batches, probing = Batches(data.train, 8, 0), Probing(Closeness(held_out.x), held_out, 0)
        engine, folder = Engine(torch.device(device), False), RunFolder.create(tmp_path / device)
        return Training(game, batches, folder, engine, probing, pace, 0.9, watchers=watchers)

    return made


@pytest.fixture
def stopping():
    """A game to which a signal comes during turn number `turn`, so that `turn` turns are completed."""

    def stopped(game, turn: int, number: int = signal.SIGINT):
        step = game.step

        def stepped(batch, t):
            step(batch, t)
            if t.number == turn - 1:
                signal.raise_signal(number)

        game.step = stepped
        return game

    return stopped


@pytest.fixture
def state():
    """Every tensor of a run's last checkpoint, by group and name, with its turn and place in the data."""

    def read(run):
        last = RunFolder(run).checkpoints.load_last()
        chosen = last.state["choice"] or {}
        tensors = {f"{group}/{name}": t for group, entries in last.tensors.items() for name, t in entries.items()}
        return {
            **tensors,
            "turn": torch.tensor(last.turn),
            **{f"choice/{s}": torch.tensor((at["turn"], at["value"], at["error"])) for s, at in chosen.items()},
        } | {f"batches/{k}": torch.tensor(v) for k, v in last.state["batches"].items()}

    return read


@pytest.fixture
def same(state):
    """Asserts that two runs have the same last state, bit for bit."""

    def compared(one, two):
        a, b = state(one), state(two)
        assert a.keys() == b.keys()
        different = [name for name in a if not torch.equal(a[name], b[name])]
        assert different == []

    return compared


@pytest.fixture
def records():
    """A log without the seconds."""

    def read(run, log):
        lines = [json.loads(line) for line in (run / log).read_text().splitlines()]
        return [{k: v for k, v in line.items() if k != "seconds"} for line in lines]

    return read
