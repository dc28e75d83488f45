"""The place of runs on the plane of likelihood against quality: KID, FID and inception score of their samples."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pushforward.data import Data
from pushforward.errors import Refused
from pushforward.features import Features
from pushforward.judging.class_features import has_classes
from pushforward.judging.feature_space import embedding
from pushforward.metrics import KID, FrechetDistance, InceptionScore, Score
from pushforward.progress import step, tell
from pushforward.runs import RunFolder
from pushforward.samplers import LatentFlow
from pushforward.spaces import Batch
from pushforward.verbs.opening import load
from pushforward.verbs.run import Run

ROWS = 10_000
"""Rows of the test part, and samples, at most."""

BITS = ("bits-per-dimension", "log-likelihood")
"""The scores of a verdict that say how likely test rows are."""

FILE = "plane.json"


def place_on_plane(paths: Sequence[str | Path], features: Any = None) -> None:
    """Measure the samples of several runs, where one of them has a likelihood, and write plane.json into their folders.

    What was measured in the same space before is left as it is; a run whose data are not at hand is passed over, which
    is said.

    Args:
        paths: of the runs.
        features: the space; lenet for labelled pictures and identity for others if absent.

    Raises:
        Refused: if the features do not suit the data.
    """
    folders = [RunFolder.open(path) for path in dict.fromkeys(map(Path, paths)) if Path(path).is_dir()]
    if len(folders) < 2 or not any(_likely(folder) for folder in folders):
        return
    known: dict[str, tuple[Data, Features, dict[str, Any]]] = {}
    for folder in folders:
        try:
            run = load(folder.path)
            data = run.data
        except Refused as refusal:
            tell(f"{folder.path} has no place on the plane of likelihood and quality: {refusal}")
            continue
        if data.content_hash not in known:
            f = embedding(features or ("lenet" if has_classes(data) else None), data.space, data)
            known[data.content_hash] = data, f, {}
        _place(run, *known[data.content_hash])


def _place(run: Run, data: Data, f: Features, floor: dict[str, Any]) -> None:
    """Write where a run stands, unless that is known of the state that it hands over."""
    protocol = {"features": dict(f.protocol), "rows": min(ROWS, len(data.test)), "state": (run.kept or {}).get("turn")}
    path = run.path / FILE
    if path.is_file() and run.folder.read_json(FILE).get("protocol") == protocol:
        return
    with step(f"measuring {run.path.name}"):
        test = data.test.all(ROWS)
        if not floor:
            floor |= _scores(f, test, data.train.all(len(test.x)))
        laws = {"samples": run.draw(len(test.x), seed=0)}
        if isinstance(run.game.sampler, LatentFlow):
            means = run.draw(len(test.x), seed=0, means=True)
            laws = {"full law": laws["samples"], "decoder's means": means}
        points = {name: _scores(f, test, y) for name, y in laws.items()}
    run.folder.write_json(FILE, {"points": points, "floor": floor, "protocol": protocol})


def _scores(f: Features, x: Batch, y: Batch) -> dict[str, dict[str, Any]]:
    """Return the scores of samples by name: value, error and direction."""
    fx, fy = f(x.x), f(y.x)
    enough = [m for m in (KID(), FrechetDistance()) if min(len(fx), len(fy)) >= m.least_samples]
    found: list[Score] = [score for metric in enough for score in metric(fx, fy)]
    p, q = f.classify(x.x), f.classify(y.x)
    if p is not None and q is not None and len(q) >= InceptionScore().least_samples:
        found += InceptionScore()(p, q)
    return {s.name: {"value": s.value, "stderr": s.stderr or s.spread, "better": s.better} for s in found}


def _likely(folder: RunFolder) -> bool:
    """Return whether the verdict of a run has a likelihood."""
    scores = folder.read_json("verdict.json").get("scores", {}) if folder.verdict.is_file() else {}
    return any(name in scores for name in BITS)
