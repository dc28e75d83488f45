"""The verdict on a run: its samples against the test part, which nothing was trained or chosen on."""

from pushforward.features import Identity
from pushforward.metrics import Judgement
from pushforward.progress import step
from pushforward.verbs.assessing import assessed, of_run
from pushforward.verbs.inputs import TEST_ROWS
from pushforward.verbs.panels import panels, views
from pushforward.verbs.reporting import report
from pushforward.verbs.run import Run
from pushforward.verbs.settings import Settings
from pushforward.verbs.units import in_units, usual


@step("judging")
def judge(run: Run, settings: Settings) -> Judgement:
    """Verdict, panels, samples and page of a trained run."""
    folder, case = run.folder, of_run(run, TEST_ROWS, settings.seed)
    f = in_units(Identity(), settings.scale, case.data, usual(case.data, run=True))
    found = assessed(case, None, f, rows=TEST_ROWS, seed=settings.seed)
    folder.write_json("verdict.json", found.to_json())
    assert case.encoded is not None  # of a run
    if settings.examples:
        folder.write_arrays("panels.npz", panels(case, found, f) | views(run, *case.encoded))
    run.codec.write(case.encoded[1], folder.inside(f"samples{run.codec.suffix}"))
    folder.check()
    report([folder.path])
    return found
