"""The checks of a call before anything is read or computed: names, numbers and paths.

A verb begins with its own, lest hours of work end at an unwritable file; the command line has them before torch.
"""

import os
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pushforward.data import Codec
from pushforward.data.codecs.kinds import asked_kinds
from pushforward.data.load import PICTURES, existing_path, refuse_unknown
from pushforward.data.raw.options import Options
from pushforward.errors import Refused
from pushforward.judging import Request, requested, units
from pushforward.judging import bits as densities
from pushforward.judging import feature_space as embedding
from pushforward.judging.presets import preset as as_preset
from pushforward.judging.presets import with_subsets
from pushforward.judging.reference import is_statistics
from pushforward.judging.reference import named as statistics_named
from pushforward.judging.request import DEFAULT
from pushforward.metrics import Jackknife
from pushforward.runs import RunFolder
from pushforward.runs.atomic import placeable
from pushforward.runs.clearing import check_vacant
from pushforward.training import Budget
from pushforward.verbs.coding import check_encode as check_encode
from pushforward.verbs.densities import check_likelihood as check_likelihood
from pushforward.verbs.inputs import FEWEST
from pushforward.verbs.path_kind import is_run
from pushforward.verbs.probes import probes_of
from pushforward.verbs.reporting import check_report as check_report
from pushforward.verbs.settings import DEFAULT_STEPS, Settings


def check_fit(data: Any = None, *, run: Any = None, overwrite: bool = False, **given: Any) -> None:
    """Refuse a call of `fit` that cannot succeed; here and below, other arguments pass.

    Args:
        data: a word for them, or an object, which passes.
        run: folder of the run.
        overwrite: whether an existing run there is replaced.
        given: the fields of `Settings` and of `Options`, and the recipe's `batch_size`.

    Raises:
        Refused: for a number beyond its range, a name that nothing has, or a path where nothing is or can be made.
    """
    _options(given)
    _word(data)
    settings = Settings(**_share(given, Settings))
    at_least("--batch_size", given.get("batch_size"))
    probes_of(settings.probes)
    embedding.known(settings.probe_features)
    if settings.warm_start is not None:
        begun = RunFolder.open(settings.warm_start).path
        if run is not None and Path(run).absolute() == begun.absolute():
            raise Refused(f"--warm_start {run} is the run itself, which would be replaced; give --run another folder.")
    if os.environ.get("WORLD_SIZE", "1") == "1":  # several processes ask together, or one would wait for a refused one
        if run is not None:
            check_vacant(Path(run), overwrite)
        placeable(Path(run or "runs"))


def check_resume(resume: Any, *, steps: int | None = None, minutes: float | None = None, **_: Any) -> None:
    """Refuse to continue what is no run, or with a budget that is none."""
    RunFolder.open(resume)
    Budget(DEFAULT_STEPS if steps is None and minutes is None else steps, minutes)


def check_sample(run: Any, n: int | None = None, *, out: Any = None, given: Any = None, **_: Any) -> None:
    """Refuse to draw nothing, from no run, given no file, or into a file of no kind that its data have."""
    folder = RunFolder.open(run)
    at_least("-n", n)
    if given is not None:
        existing_path(given)
    if out is not None:
        placeable(Path(out))
        whose = str(folder.path / "codec.json")
        Codec.from_json(folder.read_json("codec.json"), whose, tried=False).named(out)


check_reconstruct = check_sample


def check_export(run: Any, *, out: Any = None, **_: Any) -> None:
    """Refuse to export no run, or into a file of another kind."""
    RunFolder.open(run)
    if out is not None:
        if Path(out).suffix != ".onnx":
            raise Refused(f"--out of export must be a file that ends in .onnx, got {str(out)!r}.")
        placeable(Path(out))


def check_score(
    real: Any,
    fake: Any = None,
    *,
    train: Any = None,
    test: Any = None,
    log_prob: Any = None,
    save_reference: Any = None,
    report: Any = None,
    **given: Any,
) -> None:
    """Refuse a call of `score` that cannot succeed.

    Args:
        real: data, as `score` takes them.
        fake: samples.
        train: what the sampler was fitted to.
        test: held-out data.
        log_prob: log densities.
        save_reference: the file of statistics that is written.
        report: the page that is written.
        given: what else was asked for.
    """
    asked_for(**given)
    judged(**given)
    _places(save_reference, report)
    if fake is None and is_statistics(real):
        raise Refused("score needs FAKE beside a file of statistics.")
    if fake is None and not is_run(real):
        raise Refused(f"score needs REAL and FAKE, or a run folder; got only {real}.")
    _word(real)
    for samples in (fake, train, test):
        _samples(samples, names=is_statistics(real))
    if isinstance(log_prob, str | Path):
        densities.density_file(log_prob)


def check_compare(models: Any = (), *, data: Any = None, level: float = 0.05, **given: Any) -> None:
    """Refuse a call of `compare` that cannot succeed."""
    if data is None:
        raise Refused("compare needs the data that the samples should be like; name them with --data.")
    judged(**given)
    distinct(models)
    if is_statistics(data):
        raise Refused(f"compare needs the data themselves, and {data} is a file of statistics; name them by --data.")
    if not 0 < level < 1:
        raise Refused(f"--level must lie between 0 and 1, got {level}.")
    _word(data)
    for samples in models.values() if isinstance(models, Mapping) else models:
        _samples(samples)


def judged(
    *,
    features: Any = None,
    scale: Any = None,
    rows: int | None = None,
    workers: int = 1,
    size: int | str | None = None,
    **_: Any,
) -> None:
    """Refuse what `score` and `compare` are asked for in the same words."""
    embedding.known(features)
    units.check_scale(scale)
    at_least("--rows", rows, FEWEST)
    at_least("--workers", workers)
    Options(size=size)


def asked_for(
    *,
    metrics: Any = None,
    preset: str | None = None,
    uncertainty: Any = None,
    kid_subsets: int | None = None,
    kid_subset_size: int | None = None,
    **given: Any,
) -> Request:
    """The metrics of a call of `score`.

    Raises:
        Refused: if one of them, the preset or the way to an error is not known.
    """
    if preset is not None:
        metrics, _ = as_preset(preset, metrics, given.get("features"))
    metrics = with_subsets(metrics, kid_subsets, kid_subset_size)
    request, error = requested(metrics or DEFAULT), jackknife(uncertainty)
    return request if error is None else request.with_error(error)


def jackknife(uncertainty: str | Jackknife | None) -> Jackknife | None:
    """The value of a name, such as jackknife-50.

    Raises:
        Refused: if it is no such name.
    """
    if uncertainty is None or isinstance(uncertainty, Jackknife):
        return uncertainty
    name, _, blocks = uncertainty.partition("-")
    if name != "jackknife" or not (blocks.isdecimal() if "-" in uncertainty else True):
        raise Refused(f"--uncertainty must be jackknife, or jackknife-50 for 50 blocks, got '{uncertainty}'.")
    return Jackknife(int(blocks)) if blocks else Jackknife()


def distinct(models: Any) -> None:
    """Refuse fewer than two sets of samples, or one of them twice."""
    names = list(models) if isinstance(models, Mapping) else [str(m) for m in models]
    if len(set(names)) < max(2, len(names)):
        raise Refused(f"compare needs two or more different models, got {', '.join(names) or 'none'}.")


def at_least(option: str, value: int | None, least: int = 1) -> None:
    """Refuse a number below its range; None, which is left out, passes."""
    if value is not None and value < least:
        raise Refused(f"{option} must be at least {least}, got {value}.")


def _places(save_reference: Any, report: Any) -> None:
    if save_reference is not None:
        statistics_named(save_reference)
        placeable(Path(save_reference))
    if report is not None:
        from pushforward.report import page_path  # with matplotlib, which only a page needs

        placeable(page_path(report))


def _samples(given: Any, names: bool = False) -> None:
    """A path of samples, or of a run that makes some; a name of data too, where they are not like any."""
    if names:
        _word(given)
    elif isinstance(given, str | Path) and not is_run(given):
        existing_path(str(given).removeprefix(PICTURES))


def _word(data: Any) -> None:
    """A word that names data or a run."""
    if isinstance(data, str | Path) and not is_run(data):
        refuse_unknown(str(data))


def _options(given: Mapping[str, Any]) -> None:
    kinds = {"columns": asked_kinds(given.get("columns"))}
    _ = Options(**_share({**given, **kinds}, Options)).shares  # which refuses what is none


def _share(given: Mapping[str, Any], kind: type) -> dict[str, Any]:
    return {f.name: given[f.name] for f in fields(kind) if f.name in given}
