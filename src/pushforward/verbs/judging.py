"""The verdict on a run: its samples against the test part, which nothing was trained or chosen on."""

from pushforward.features import Identity
from pushforward.metrics import Judgement
from pushforward.verbs.assessing import assessed, of_run
from pushforward.verbs.inputs import TEST_ROWS
from pushforward.verbs.panels import panels, projected
from pushforward.verbs.reporting import report
from pushforward.verbs.run import Run
from pushforward.verbs.settings import Settings


def judge(run: Run, settings: Settings) -> Judgement:
    """Verdict, panels, samples and page of a trained run."""
    folder, case = run.folder, of_run(run, TEST_ROWS, settings.seed)
    found = assessed(case, None, Identity(), rows=TEST_ROWS, seed=settings.seed)
    folder.write_json("verdict.json", found.to_json())
    if settings.examples:
        folder.write_arrays("panels.npz", panels(case, found) | projected(run, case.x, case.y))
    run.codec.write(case.y, folder.inside(f"samples{run.codec.suffix}"))
    folder.check()
    report([folder.path])
    return found
