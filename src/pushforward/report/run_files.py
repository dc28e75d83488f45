"""The content of a run folder, read once; a file that is missing or damaged becomes an empty one and a sentence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from pushforward.errors import Refused
from pushforward.judging.judgement import READ, VERSION
from pushforward.judging.text_state import turn_in_words
from pushforward.report import file_forms as forms
from pushforward.report.judgement_page import Judged
from pushforward.report.numbers import duration
from pushforward.runs import RunFolder
from pushforward.runs.call_file import read_call

MEANING = {
    "verdict.json": "the scores and tests against the test part",
    "panels.npz": "examples of samples and data",
    "scores.jsonl": "the probes on the validation part",
    "log.jsonl": "the losses",
    "environment.json": "versions and device",
    "diagnostics.jsonl": "the critic",
    "progress.npz": "how the samples came about",
    "speeds.json": "the time a sample takes",
    "plane.json": "KID and FID beside the likelihood",
}


@dataclass(frozen=True, eq=False)
class RunFiles:
    """The content of a run folder, all of it in plain values.

    Args:
        folder: where it was read.
        call: recipe, arguments and data.
        log: losses, one record a player and turn.
        probes: scores as training went.
        environment: versions and device.
        judged: the verdict on the test part, and what is drawn.
        missing: one sentence for each file that is not there or damaged.
        diagnostics: of the critic as training went; empty without one.
        progress: samples of one noise at log-spaced turns; empty where none were kept.
        speeds: seconds a sample, beside a teacher's; empty without one.
        plane: KID and FID of its samples, and of data; empty where `report` measured none.
    """

    folder: RunFolder
    call: Mapping[str, Any]
    log: Sequence[Mapping[str, Any]]
    probes: Sequence[Mapping[str, Any]]
    environment: Mapping[str, Any]
    judged: Judged
    missing: tuple[str, ...]
    diagnostics: Sequence[Mapping[str, Any]] = ()
    progress: Mapping[str, np.ndarray] = field(default_factory=dict)
    speeds: Mapping[str, Any] = field(default_factory=dict)
    plane: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The title of the run: recipe, as the command line has it, and data."""
        return f"{self.recipe.replace('_', '-')} on {self.data}"

    @property
    def recipe(self) -> str:
        """The name of the recipe, without its module."""
        return str(self.call.get("recipe") or "own game").rpartition(".")[2]

    @property
    def data(self) -> str:
        """The name of the data; of a path, its last part."""
        spec = self.call.get("data")
        name = (spec.get("spec") or spec.get("name")) if isinstance(spec, Mapping) else spec
        return Path(str(name)).name if name else "unnamed data"

    @property
    def steps(self) -> int | None:
        """The number of turns played, or that of the call when the log is gone."""
        turns = [record["turn"] for record in [*self.log, *self.probes] if isinstance(record.get("turn"), int)]
        steps = (self.call.get("fit") or {}).get("steps")
        return max(turns) if turns else steps if isinstance(steps, int) else None

    @property
    def seconds(self) -> float | None:
        """The seconds that the training took."""
        spent = [record["seconds"] for record in [*self.log, *self.probes] if record.get("seconds") is not None]
        return float(max(spent)) if spent else None

    @property
    def played(self) -> str:
        """The turns and the time of training in words, as far as they are known."""
        state = self.judged.verdict.get("state")
        turns = [turn_in_words(state)] if state else [] if self.steps is None else [f"{self.steps:,} turns"]
        return " in ".join(turns + ([] if self.seconds is None else [duration(self.seconds)]))


def read(folder: RunFolder) -> RunFiles:
    """Read everything that a report needs of a run."""
    missing: list[str] = []

    def get(name: str, read_file: Callable[[str], Any], empty: Any) -> Any:
        if not (folder.path / name).is_file():
            missing.append(f"{name} is not there: {MEANING[name]} cannot be shown.")
            return empty
        try:
            return read_file(name)
        except Refused as damage:
            missing.append(str(damage))
            return empty

    def records(form: forms.Check) -> Callable[[str], Any]:
        return lambda name: [forms.check_form(record, form, name) for record in folder.read_jsonl(name)]

    def get_if_there(name: str, form: forms.Check) -> Any:
        if not (folder.path / name).is_file():
            return {}
        return get(name, lambda name: forms.check_form(folder.read_json(name), form, name), {})

    return RunFiles(
        folder=folder,
        call=read_call(folder.call),
        log=get("log.jsonl", records(forms.LOG), []),
        probes=get("scores.jsonl", records(forms.PROBE), []),
        environment=get("environment.json", lambda name: _entries(folder.read_json(name), name), {}),
        judged=Judged(
            get("verdict.json", lambda name: _of_this_version(folder.read_json(name)), {}),
            get("panels.npz", lambda name: forms.check_panels(folder.read_arrays(name), name), {}),
        ),
        # absent where there is no critic, and in runs of earlier versions
        diagnostics=get("diagnostics.jsonl", records(forms.DIAGNOSTICS), []) if folder.diagnostics.is_file() else [],
        progress=get("progress.npz", lambda name: forms.check_progress(folder.read_arrays(name), name), {})
        if (folder.path / "progress.npz").is_file()
        else {},
        speeds=get_if_there("speeds.json", forms.SPEEDS),
        plane=get_if_there("plane.json", forms.PLANE),
        missing=tuple(missing),
    )


def _entries(content: Any, name: str) -> Mapping[str, Any]:
    """Return the content of a file that must hold entries by name."""
    return forms.check_form(content, forms.entries(), name)


def _of_this_version(content: Any) -> Mapping[str, Any]:
    """Return the verdict, if this program can read it.

    Raises:
        Refused: if another version wrote it, or it has not the form of a verdict.
    """
    verdict = _entries(content, "verdict.json")
    if verdict.get("version") not in READ:
        raise Refused(
            f"verdict.json is of version {verdict.get('version')}, and this program reads {VERSION}; "
            "`pushforward score RUN` measures it again."
        )
    return forms.check_form(verdict, forms.VERDICT, "verdict.json")
