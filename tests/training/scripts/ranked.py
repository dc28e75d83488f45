"""One of several processes that train together: does what its scenario says and leaves what it found in a file.

Given: rank, size, port, folder, scenario.
"""

import json
import os
import signal
import sys
import warnings
from functools import partial
from pathlib import Path
from types import SimpleNamespace

rank, size, port, folder, scenario = (globals()[n] for n in ("rank", "size", "port", "folder", "scenario"))
os.environ |= {
    "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "RANK": str(rank), "LOCAL_RANK": str(rank),
    "WORLD_SIZE": str(size), "LOCAL_WORLD_SIZE": str(size),
}  # fmt: skip
os.chdir(folder)

import numpy as np
import torch
from safetensors.torch import save_file

import pushforward as pf
from pushforward import ranks
from pushforward.errors import Interrupted, Refused, TrainingFailed
from pushforward.networks import DCGAN, MLP
from pushforward.samplers import Normal, Uniform
from pushforward.training import engine
from pushforward.tuning import SGD, Steps

torch.set_num_threads(1)
warnings.simplefilter("error")
found = {}
tensors = {}
small = MLP((16, 16))
plain = {"network": small, "tune": SGD(0.05, 0.0), "batch_size": 16}
noisy = plain | {"noise": Normal(3)}
TAXED = ("wgan_gp", "cramer_gan", "mmd_gan_gp", "sn_gan", "smmd", "swgan", "gc_mmd", "repulsive_mmd_gan")

# a critic under constraints steps twice
GAMES = {name: partial(getattr(pf.recipes, name), **noisy, critic_steps=2) for name in TAXED} | {
    "gan": partial(pf.recipes.gan, **noisy),
    "gram": partial(pf.recipes.gram, **noisy, positivity=0.1, ridge=0.1),
    "mmd_net": partial(pf.recipes.mmd_net, **plain | {"noise": Uniform(3)}),
    "mmd_gan": partial(pf.recipes.mmd_gan, latent_dim=3, **plain, bound=0.2, critic_steps=2),
    "bgan": partial(pf.recipes.bgan, **noisy),
    "f_gan": partial(pf.recipes.f_gan, **noisy),
    "r3gan": partial(pf.recipes.r3gan, **noisy),
}


def probe(x, y):
    return SimpleNamespace(value=(x.mean(0) - y.mean(0)).norm().item(), stderr=None, better="lower")


def fit(game, data, run, **settings):
    usual = {"steps": 1, "verdict": False, "quiet": True, "device": "cpu", "probe_every": 2}
    return pf.fit(game, data, run=run, **usual | {"probes": {"closeness": probe}} | settings)


def one_step():
    """The players after one turn, for every recipe, in float64: what is left between processes is rounding."""
    torch.set_default_dtype(torch.float64)
    data = pf.data.load(np.random.default_rng(0).normal(size=(200, 2))).as_given()
    for name, make in GAMES.items():
        game = make(data.space)
        fit(game, data, f"{name}-{size}", clip_norm=0.7 if name == "gan" else None)
        tensors.update({f"{name}/{k}": v.clone() for k, v in game.state_dict().items()})


def several_turns():
    """With the recipes' own optimisers, batch norm, channels last, dropout and bf16: the processes stay together."""
    rows = pf.data.load(np.random.default_rng(0).normal(size=(200, 2)).astype("float32"))
    pictures = pf.data.load(np.random.default_rng(0).integers(0, 256, (60, 8, 8, 3), dtype="uint8"))
    for name, game, data in (
        ("gan", pf.recipes.gan(pictures.space, DCGAN(4), noise=Normal(3), batch_size=8), pictures),
        ("mmd_gan", pf.recipes.mmd_gan(rows.space, 3, small, critic_steps=Steps(1, 3, 2, 4), batch_size=8), rows),
        ("gram", pf.recipes.gram(rows.space, MLP((16,), batch_norm=True), noise=Normal(3), batch_size=8), rows),
    ):
        fit(game, data, name, steps=4, precision="bf16")
        tensors.update({f"{name}/{k}": v.detach().clone().contiguous() for k, v in game.named_parameters()})


def gathering():
    """Gradients of a loss of all rows; agreement; the first process's word."""
    engine("cpu", bf16=False)
    torch.manual_seed(0)
    x, weight = torch.randn(6, 3, dtype=torch.float64), torch.randn(3, 2, dtype=torch.float64)
    own = ranks.share(x)
    leaf, w = own.clone().requires_grad_(), weight.clone().requires_grad_()
    h = ranks.gather((leaf @ w).tanh())
    loss = (h @ h.T).exp().mean() + h.sum(0).square().sum()  # no sum over rows
    by_rows, by_weight = torch.autograd.grad(loss, [leaf, w])
    ranks.average_([by_weight])
    tensors.update(x=x, weight=weight, value=loss.detach(), by_rows=by_rows / size, by_weight=by_weight)
    found["agree"] = ranks.agree(rank == 1, rank, -rank)
    found["nobody"] = ranks.agree(False)
    found["first"] = ranks.first(lambda: {"rank": ranks.rank()})
    try:
        ranks.first(lambda: (_ for _ in ()).throw(Refused("no folder.")) if ranks.rank() == 0 else None)
    except Refused as refusal:
        found["refused"] = str(refusal)
    try:
        ranks.share(torch.zeros(7, 1))
    except Refused as refusal:
        found["uneven"] = str(refusal)


def whole_run():
    """A folder of its own choosing, an interruption that only the last process hears of, a resume, samples."""
    np.save("rows.npy", np.random.default_rng(0).normal(size=(200, 2)).astype("float32")) if rank == 0 else None
    engine("cpu", bf16=False)
    torch.distributed.barrier()
    data = pf.data.load("rows.npy")
    game = pf.recipes.gram(data.space, small, noise=Normal(3), batch_size=15)
    step = game.step

    def stepped(batch, turn):
        step(batch, turn)
        if turn.number == 4 and rank == size - 1:
            signal.raise_signal(signal.SIGTERM)

    game.step = stepped
    settings = {"steps": 10, "log_every": 1, "checkpoint_every": 3}
    try:
        fit(game, data, None, **settings)
    except Interrupted as stopped:
        found["stopped"] = [str(stopped), stopped.signal]
    run = pf.resume("runs/gram-rows", quiet=True, probes={"closeness": probe})
    found["path"] = str(run.path)
    found["batch"] = run.folder.read_json("environment.json")["batch_size"]
    tensors["samples"] = run.draw(10, seed=3).x
    again = fit(pf.recipes.gram(data.space, small, noise=Normal(3), batch_size=15), data, None, **settings)
    found["second"] = str(again.path)
    tensors["again"] = again.draw(10, seed=3).x
    try:
        fit(game, data, "runs/gram-rows", **settings)
    except Refused as refusal:
        found["refused"] = str(refusal)
    torch.distributed.barrier()


def by_the_clock():
    """A budget in minutes ends in the same turn everywhere, whatever the clocks of the processes say."""
    data = pf.data.load(np.random.default_rng(0).normal(size=(200, 2)).astype("float32"))
    game = pf.recipes.mmd_net(data.space, small, Uniform(3))
    run = fit(game, data, "clock", steps=None, minutes=0.005)
    torch.distributed.barrier()
    found["turn"] = run.folder.checkpoints.load_last().turn


def failing():
    """A weight ruined in the same way everywhere ends every process with the same sentence."""
    data = pf.data.load(np.random.default_rng(0).normal(size=(200, 2)).astype("float32"))
    game = pf.recipes.gan(data.space, small, noise=Normal(3), tune=SGD(1e12))
    try:
        fit(game, data, "failing", steps=50, probe_every=2)
    except TrainingFailed as failure:
        found["failed"] = str(failure)


sys.stderr = open(f"stderr-{rank}", "w")
globals()[scenario]()
if tensors:
    save_file({k: v.detach().clone() for k, v in tensors.items()}, f"{scenario}-{size}-{rank}.safetensors")
Path(f"{scenario}-{size}-{rank}.json").write_text(json.dumps(found))
