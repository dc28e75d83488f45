"""What is told on the way: a line every five seconds, a bar on a terminal, scalars for TensorBoard."""

import sys
import time

import pytest

from pushforward import progress as telling
from pushforward.progress import hushed, mention, step, watched
from pushforward.training import Budget, Pace, Progress, TensorBoard

LOSSES = {"sampler": {"loss": 0.5, "terms": {}}}
SCORES = {"energy": {"value": 0.012345, "stderr": 0.001, "better": "lower"}}


@pytest.fixture
def clock(monkeypatch):
    """Seconds since the beginning, set by hand."""
    now = [1000.0]
    with monkeypatch.context() as patch:
        patch.setattr(time, "monotonic", lambda: now[0])
        counted_from_here()
        yield now
    counted_from_here()


def counted_from_here():
    """The first step of all begins anew to count the seconds since a line was printed."""
    with hushed(), step("nothing"):
        pass


def test_a_line_every_five_seconds_with_rate_time_left_and_scores(clock, capsys):
    """150 of 1000 turns after 90 seconds, 100 of them in the 5 seconds of this sitting: 15 % done."""
    progress = Progress(Budget(steps=1000), begun=50)
    clock[0] += 3
    progress(100, 88.0, LOSSES, SCORES)
    assert capsys.readouterr().err == ""
    clock[0] += 2
    progress(150, 90.0, LOSSES, SCORES)
    assert capsys.readouterr().err == "turn 150/1000  20.0/s  8:30 left  energy 0.01235\n"
    clock[0] += 4
    progress(200, 94.0, LOSSES, SCORES)
    assert capsys.readouterr().err == ""


@pytest.fixture
def hasty(monkeypatch):
    """Half a second of silence is too much."""
    monkeypatch.setattr(telling, "SILENCE", 0.5)


def test_a_step_that_counts_nothing_is_named(hasty, capsys):
    with step("asking the oracle"):
        with step("climbing the hill"):
            time.sleep(1.3)
        assert "climbing the hill  0:0" in capsys.readouterr().err
        time.sleep(1.3)
        assert capsys.readouterr().err.startswith("asking the oracle  0:0")
    time.sleep(0.7)
    assert capsys.readouterr().err == ""


def test_a_step_that_ends_at_once_is_not_named_and_nothing_is_where_it_is_hushed(hasty, capsys):
    with step("blinking"):
        pass
    with hushed(), step("sleeping"):
        mention("I sleep.")
        time.sleep(1.0)
    assert capsys.readouterr().err == ""
    mention("Awake.")
    assert capsys.readouterr().err == "Awake.\n"


def test_a_budget_in_minutes_counts_down(clock, capsys):
    progress = Progress(Budget(minutes=180.0))
    clock[0] += 60
    progress(30, 60.0, LOSSES, {})
    assert capsys.readouterr().err.split("  ") == ["turn 30", "0.5/s", "2:59:00 left", "\n"]


def test_on_a_terminal_there_is_a_bar_that_leaves_nothing_behind(clock, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    shown = []
    monkeypatch.setattr(
        "rich.progress.Progress.update", lambda self, task, **now: shown.append((now["completed"], now["description"]))
    )
    progress = Progress(Budget(steps=10))
    progress(1, 0.5, LOSSES, SCORES)
    assert shown == [], "work that ends at once needs no bar"
    clock[0] += 3
    progress(5, 1.0, LOSSES, SCORES)
    progress.close()
    assert shown == [(0.5, "turn 5/10  1.7/s  0:01 left  energy 0.01235")]
    assert capsys.readouterr().out == "", "everything goes to standard error"


def test_items_that_are_watched_go_by_unchanged_and_are_counted(clock, capsys):
    seen = []
    for rows in watched([[1, 2], [3], [4, 5, 6]], "rows", total=12, size=len):
        seen.append(rows)
        clock[0] += 3
    assert seen == [[1, 2], [3], [4, 5, 6]]
    # after 6 seconds 3 of 12: a quarter; the third comes 3 seconds after that line
    assert capsys.readouterr().err == "rows 3/12  0.5/s  0:18 left\n"


def test_records_come_when_the_log_is_due(by_hand):
    told = []
    watcher = lambda turn, seconds, losses, scores: told.append((turn, sorted(losses), sorted(scores)))
    by_hand("gram", Pace(2, 4, 100), watchers=(watcher,)).run(Budget(steps=5))
    both = ["critic", "sampler"]
    assert told == [(1, both, []), (2, both, []), (4, both, ["closeness"]), (5, both, ["closeness"])]


@pytest.mark.parametrize("quiet", [False, True])
def test_a_run_says_how_far_it_is_unless_it_is_quiet(quiet, make, fit, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(telling, "SILENCE", 0.0)  # a line for every record
    game, data = make("gram")
    fit(game, data, tmp_path / "run", steps=5, log_every=2, probe_every=4, quiet=quiet)
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("turn ")]
    assert [line.split()[1] for line in lines] == ([] if quiet else ["1/5", "2/5", "4/5", "5/5"])
    assert quiet or all("closeness" in line for line in lines[2:])


def test_tensorboard_gets_losses_and_scores(make, fit, tmp_path):
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    game, data = make("gram")
    fit(game, data, tmp_path / "run", steps=4, tensorboard=True)
    events = EventAccumulator(str(tmp_path / "run" / "tensorboard")).Reload()
    assert set(events.Tags()["scalars"]) == {"loss/critic", "loss/generator", "score/closeness"}
    assert [e.step for e in events.Scalars("loss/generator")] == [1, 2, 4]


def test_without_the_extra_tensorboard_is_refused(monkeypatch, tmp_path):
    from pushforward.errors import Refused

    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(Refused, match=r"pip install 'pushforward\[tensorboard\]'"):
        TensorBoard(tmp_path)
