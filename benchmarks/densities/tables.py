"""Held-out nats of tables under our densities, and under scikit-learn's, zuko's and normflows', a minute a fit.

    CELLS=1 python -m benchmarks.densities.tables ADULT.parquet CALIFORNIA.parquet     # goes on where it was stopped
    python -m benchmarks.densities.tables written                                       # the table of what is there

Adult: its six columns of whole numbers; California: its nine columns of numbers, without rows with a missing value and
without those whose price is the cap of 500,001, which have no density. Columns with steps are filled by uniform noise
of one step, the same noise for all densities: train, validation and test rows (70, 15 and 15 %) are filled once,
standardised by the training part, and given to all alike. Nats are
means over the test rows, of the standardised coordinates, with standard errors; `against_best` is the difference from
the best density of the same table, row by row, with its error. Flows have 60 CPU seconds, of one thread; the state is
that of the best validation likelihood, looked at every tenth of the time; peers with the settings of their front pages
(zuko's NSF with 3 transforms and two layers of 64 units; normflows' autoregressive spline, 4 layers with 2 blocks of 64
units each), Adam at 1e-3 with a cosine, ours with our recipes' own rates; batches of 256 for all. One seed.

zuko and normflows are found with PEERS=FOLDER, where a throwaway environment holds them; without it they are left out.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.common.cells import RUNS, measured, write
from benchmarks.common.speed import speed

SECONDS, LOOKS, BATCH, CAP = 60.0, 10, 256, 500_000
OURS = ("kde", "gmm", "triangular", "maf", "real_nvp", "logistic coupling")
PEERS = ("scikit-learn KDE", "scikit-learn mixture", "zuko NSF", "normflows spline")
TABLES = {"adult": 0, "california": 1}


def cells() -> list[dict[str, Any]]:
    """Every density on every table."""
    names = OURS + (PEERS if os.environ.get("PEERS") or sys.argv[1:] == ["written"] else PEERS[:2])
    return [{"table": table, "density": name} for table in TABLES for name in names]


def rows_of(table: str, path: str) -> tuple[Any, Any, Any]:
    """Return train, validation and test rows: filled and standardised."""
    import pandas as pd
    import torch

    from pushforward.samplers import dequantised, grain

    frame = pd.read_parquet(path).select_dtypes("number").dropna()
    if table == "california":
        frame = frame[frame["median_house_value"] <= CAP]
    x = torch.from_numpy(frame.to_numpy("float64").copy())
    own = torch.Generator().manual_seed(0)
    x = dequantised(x, grain(x), own)
    x = x[torch.randperm(len(x), generator=own)]
    n = len(x) * 15 // 100
    train, validation, test = x[2 * n :], x[:n], x[n : 2 * n]
    mean, std = train.mean(0), train.std(0)
    return tuple((part - mean) / std for part in (train, validation, test))  # type: ignore[return-value]


def run(folder: Path, cell: dict[str, Any]) -> dict[str, Any]:
    """Fit one density and ask it how likely the test rows are."""
    import numpy as np
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    train, validation, test = rows_of(cell["table"], cell["paths"][TABLES[cell["table"]]])
    began = time.process_time()
    log_prob, turns = DENSITIES[cell["density"]](train, validation)
    seconds = time.process_time() - began
    nats = log_prob(test)
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "nats.npy", nats)
    row = {"rows": len(train), "columns": train.shape[1], "cpu_seconds": seconds, "turns": turns}
    return row | {"nats": float(nats.mean()), "stderr": float(nats.std(ddof=1)) / len(nats) ** 0.5} | speed()


Fit = Callable[[Any, Any], tuple[Callable[[Any], Any], int]]


def whole(name: str) -> Fit:
    """Return the fit of one of our recipes that sees all rows at once."""

    def fit(train: Any, validation: Any) -> tuple[Callable[[Any], Any], int]:
        from pushforward import recipes
        from pushforward.data.parts.stored import TensorPart
        from pushforward.spaces import Batch, Vector
        from pushforward.training import Turn

        game = getattr(recipes, name)(Vector(train.shape[1]))
        game.prepare(TensorPart(train))
        turn, number = Turn({}, {}), 0
        while game.turns is None and number < 500:
            turn.begin(number, 0.0)
            game.step(lambda: Batch(train[:1]), turn)
            number += 1
        return (lambda x: game.sampler.log_prob(Batch(x)).numpy()), number

    return fit


def scikit_learn(kde: bool) -> Fit:
    """Return the fit of scikit-learn's tree at Silverman's bandwidth, or of its mixture of ten components."""

    def fit(train: Any, validation: Any) -> tuple[Callable[[Any], Any], int]:
        from sklearn.mixture import GaussianMixture
        from sklearn.neighbors import KernelDensity

        law = KernelDensity(bandwidth="silverman") if kde else GaussianMixture(10, random_state=0)
        law.fit(train.numpy())
        return (lambda x: law.score_samples(x.numpy())), 1

    return fit


def learnt(make: Callable[[int], tuple[Any, Callable[[Any], Any], Callable[[Any], None]]], rate: Any = None) -> Fit:
    """Return the fit of a flow by Adam for the time that each has.

    Args:
        make: of the number of columns: a module, its loss of a batch with the log-density, and what it reads first.
        rate: of a recipe, its own optimiser; Adam at 1e-3 if absent.
    """

    def fit(train: Any, validation: Any) -> tuple[Callable[[Any], Any], int]:
        from copy import deepcopy

        import torch

        module, log_prob, prepare = make(train.shape[1])
        train, validation = train.float(), validation.float()
        prepare(train[:10_000])
        first, betas, last = rate or (1e-3, (0.9, 0.999), 0.02)
        adam = torch.optim.Adam(module.parameters(), lr=first, betas=betas, fused=True)
        began, turns, best, best_nats, looks, looked = time.process_time(), 0, None, -float("inf"), 1, 0.0
        while (spent := time.process_time() - began - looked) < SECONDS:
            share = spent / SECONDS
            adam.param_groups[0]["lr"] = first * (last + (1 - last) * (1 + torch.tensor(share * torch.pi).cos()) / 2)
            loss = -log_prob(train[torch.randint(len(train), (BATCH,))]).mean()
            adam.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(module.parameters(), 10.0)
            adam.step()
            turns += 1
            if spent >= looks * SECONDS / LOOKS or spent > SECONDS * 0.999:
                before = time.process_time()
                with torch.no_grad():
                    nats = float(log_prob(validation).mean())
                if nats > best_nats:
                    best, best_nats = deepcopy(module.state_dict()), nats
                looks, looked = looks + 1, looked + time.process_time() - before
        module.load_state_dict(best)

        def asked(x: Any) -> Any:
            with torch.no_grad():
                return log_prob(x.float()).double().numpy()

        return asked, turns

    return fit


def ours(name: str, **options: Any) -> Fit:
    """Return the fit of one of our flows, by its own optimiser."""

    def fit(train: Any, validation: Any) -> tuple[Callable[[Any], Any], int]:
        from pushforward import recipes
        from pushforward.spaces import Batch, Vector

        game = getattr(recipes, name)(Vector(train.shape[1]), **options)
        tune = game.tune["sampler"]
        sampler = game.sampler
        make = lambda d: (sampler, lambda x: sampler.log_prob(Batch(x)), lambda x: sampler.prepare(Batch(x)))
        return learnt(make, (tune.lr, tune.betas, 0.02))(train, validation)

    return fit


def zuko(name: str) -> Fit:
    """Return the fit of one of zuko's flows."""

    def make(d: int) -> tuple[Any, Callable[[Any], Any], Callable[[Any], None]]:
        _with_peers()
        import zuko.flows

        flow = getattr(zuko.flows, name)(d, transforms=3, hidden_features=(64, 64))
        return flow, (lambda x: flow().log_prob(x)), (lambda x: None)

    return learnt(make)


def normflows() -> Fit:
    """Return the fit of normflows' autoregressive splines."""

    def make(d: int) -> tuple[Any, Callable[[Any], Any], Callable[[Any], None]]:
        _with_peers()
        import normflows as nf

        layers = []
        for _ in range(4):
            layers += [nf.flows.AutoregressiveRationalQuadraticSpline(d, 2, 64), nf.flows.LULinearPermute(d)]
        model = nf.NormalizingFlow(nf.distributions.DiagGaussian(d, trainable=False), layers)
        return model, model.log_prob, (lambda x: None)

    return learnt(make)


def _with_peers() -> None:
    """Look for peers in their environment too, after our own."""
    if (folder := os.environ["PEERS"]) not in sys.path:
        sys.path.append(folder)


def logistic_coupling() -> Fit:
    """Return the fit of couplings whose maps are mixtures of logistic laws."""

    def fit(train: Any, validation: Any) -> tuple[Callable[[Any], Any], int]:
        from pushforward.monotone import LogisticMixture

        return ours("real_nvp", coupling=LogisticMixture(8))(train, validation)

    return fit


DENSITIES: dict[str, Fit] = {
    "kde": whole("kde"),
    "gmm": whole("gmm"),
    "triangular": ours("triangular"),
    "maf": ours("maf"),
    "real_nvp": ours("real_nvp"),
    "logistic coupling": logistic_coupling(),
    "scikit-learn KDE": scikit_learn(True),
    "scikit-learn mixture": scikit_learn(False),
    "zuko NSF": zuko("NSF"),
    "normflows spline": normflows(),
}


def with_pairs(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to every row how far it is below the best of its table, row by row."""
    import numpy as np

    nats = [np.load(RUNS / "density_tables" / f"{row['table']}-{row['density']}" / "nats.npy") for row in rows]
    for row, own in zip(rows, nats, strict=True):
        best = max((i for i, r in enumerate(rows) if r["table"] == row["table"]), key=lambda i: rows[i]["nats"])
        behind = own - nats[best]
        row |= {"against_best": float(behind.mean()), "error": float(behind.std(ddof=1)) / len(behind) ** 0.5}
    return rows


if __name__ == "__main__":
    todo = cells()
    if sys.argv[1:] == ["written"]:
        todo = [c for c in todo if (RUNS / "density_tables" / "-".join(c.values()) / "row.json").exists()]
    write("density_tables", with_pairs(measured("density_tables", todo, run, {"paths": sys.argv[1:]})))
