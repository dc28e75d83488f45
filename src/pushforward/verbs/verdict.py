"""The verdict on a run: its samples against the test part, which nothing was trained or chosen on."""

import numpy as np
import torch

from pushforward.features import Identity
from pushforward.judging import Judgement, judge
from pushforward.judging.gathering import gather
from pushforward.judging.panels import POINTS, panels, plane
from pushforward.judging.request import TEST_ROWS, requested
from pushforward.judging.units import default_scale, in_units
from pushforward.progress import step
from pushforward.spaces import Batch
from pushforward.training import evaluation_mode
from pushforward.verbs.cases import case_of_run
from pushforward.verbs.code_panels import code_panels
from pushforward.verbs.reporting import report
from pushforward.verbs.run import Run
from pushforward.verbs.settings import Settings


@step("judging")
def write_verdict(run: Run, settings: Settings) -> Judgement:
    """Write verdict, panels, samples and page of a trained run."""
    folder, case = run.folder, case_of_run(run, TEST_ROWS, settings.seed)
    f, request = in_units(Identity(), settings.scale, case.data, default_scale(case.data, run=True)), requested()
    request = request.suited(case.data.space)
    evidence = gather(case, request, f, target=settings.target, rows=TEST_ROWS, seed=settings.seed)
    found = judge(evidence, request, features=f.protocol, seed=settings.seed, rows=TEST_ROWS, state=case.state)
    folder.write_json("verdict.json", found.to_json())
    assert case.encoded is not None  # of a run
    if settings.examples:
        seen = views(run, *case.encoded) | code_panels(run, case.encoded[0], f)
        folder.write_arrays("panels.npz", panels(case, found, f) | seen)
    run.codec.write(case.encoded[1], folder.inside(f"samples{run.codec.suffix}"))
    folder.check()
    report([folder.path])
    return found


def views(run: Run, x: Batch, y: Batch) -> dict[str, np.ndarray]:
    """Return data and samples as the players see them, by what is seen; nothing for a game without critic or codes.

    Args:
        run: whose players they are.
        x: test data.
        y: samples.
    """
    with evaluation_mode(run.game), torch.no_grad():
        seen = [run.game.views(b.rows(slice(POINTS))) for b in (x, y)]
    arrays: dict[str, np.ndarray] = {}
    for name in seen[0]:
        both = plane(*(each[name].flatten(1) for each in seen))
        arrays |= {f"{name}_view_data": both[0], f"{name}_view_samples": both[1]}
    return arrays
