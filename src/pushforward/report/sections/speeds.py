"""The section on how long a sample takes, beside the map that the sampler was taught by."""

from pathlib import Path

from pushforward.report.markup import Html, note, section, tag
from pushforward.report.numbers import number
from pushforward.report.run_files import RunFiles


def speeds(run: RunFiles) -> Html:
    """Return the milliseconds that a sample takes, and its teacher's, in a sentence; nothing for a run without one."""
    if not run.speeds:
        return Html()
    own, its = (run.speeds[name] for name in ("seconds_a_sample", "teacher_seconds_a_sample"))
    said = f"A sample takes {_time(own)}, one of its teacher {_teacher(run)} {_time(its)}: "
    compared = f"{number(its / own)} times as long" if its >= own else f"a share of {number(its / own)}"
    how = note(f"The shortest of a few times for {run.speeds['at_once']} samples at once, without reading the run.")
    return section("speeds", "Time a sample", tag("p", said + compared + "."), how)


def _time(seconds: float) -> str:
    return f"{number(1e3 * seconds)} ms" if seconds >= 1e-3 else f"{number(1e6 * seconds)} µs"


def _teacher(run: RunFiles) -> str:
    return Path(str(run.speeds.get("teacher") or "given in Python")).name
