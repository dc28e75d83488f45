"""The verb `score`: any program's samples against any data."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pushforward.data.parts.all_rows import all_rows
from pushforward.errors import Refused
from pushforward.features import Identity
from pushforward.features.extraction import extraction
from pushforward.judging import Judgement, judge, requested
from pushforward.judging.bits import bits_of_densities
from pushforward.judging.class_features import has_classes
from pushforward.judging.feature_space import embedding
from pushforward.judging.gathering import gather
from pushforward.judging.panels import panels
from pushforward.judging.presets import (
    draws_by_row_number,
    in_file_order,
    with_preset_names,
    with_subsets,
    without_missing_classes,
)
from pushforward.judging.presets import preset as as_preset
from pushforward.judging.reference import is_statistics
from pushforward.judging.request import TEST_ROWS
from pushforward.judging.table_evidence import check_target
from pushforward.judging.units import Scale, default_scale, in_units
from pushforward.metrics import Jackknife
from pushforward.verbs.argument_checks import check_score, jackknife
from pushforward.verbs.cases import case_of_call, reference_of, with_parts
from pushforward.verbs.inputs import Reading
from pushforward.verbs.matched_features import judged_by
from pushforward.verbs.reporting import report_judged
from pushforward.verbs.scoring_reference import score_against_reference
from pushforward.verbs.trust import Trust, trusts


@trusts
def score(
    real: Any,
    fake: Any = None,
    *,
    metrics: Any = None,
    features: Any = None,
    preset: str | None = None,
    kid_subsets: int | None = None,
    kid_subset_size: int | None = None,
    scale: Scale | None = None,
    train: Any = None,
    test: Any = None,
    log_prob: Any = None,
    uncertainty: str | Jackknife | None = None,
    floor: bool | None = None,
    classes: bool = True,
    target: str | None = None,
    rows: int | None = None,
    size: int | str | None = None,
    crop: bool = False,
    gray: bool | None = None,
    skip_corrupt: bool = False,
    frames: Literal["first", "all"] = "first",
    labels: str | None = None,
    workers: int = 1,
    cache: bool = False,
    save_reference: Any = None,
    report: str | Path | None = None,
    seed: int = 0,
    trust: Trust = (),
) -> Judgement:
    """Score samples against data: errors, a two-sample test, and what the numbers mean in words.

    Args:
        real: data (a path, a name, an array, an iterator of batches), a run folder, or a file of statistics (.npz with
            mu and sigma, as --save-reference and pytorch-fid write them).
        fake: samples in the same form, a callable sample(n, seed), or a run folder; absent for a run folder judged on
            its own test part. Of data that the run was fitted to, the test part alone is used.
        metrics: which, with commas between them: kid, fid, fid-infinity, inception-score, mmd, energy,
            sliced-wasserstein, precision, recall, density, coverage, c2st, memorisation, modes, kid-subsets, gan-kde,
            parzen, bits-per-dimension; of runs on toys, whose law is known, kl; of tables detection, shape and trend,
            which are measured anyhow; names of torch-fidelity and prdc are understood. In Python also a list with
            metrics of your own.
        features: the space in which points are compared: identity, pixels, pca or pca-32 (whitened, fitted to the
            training part), random-conv, lenet (trained there), inception or inception-768, dinov2, clip,
            transformers:WHERE (a folder, or a model of the hub that is here), run:FOLDER (the codes of a run with an
            encoder), a dotted path to a feature map or a function of yours; in Python also the map or function itself.
        preset: measure what another program does, in its space: pytorch-fid, torch-fidelity, clean-fid or prdc; with
            --features identity on features that were made elsewhere.
        kid_subsets: number of random subsets that the metric kid-subsets is a mean over, 100 when left out.
        kid_subset_size: rows a side of each subset, 1000 when left out; both are torch-fidelity's.
        scale: units in which rows of numbers are compared: none for those in which they came; robust for the median and
            the interquartile range of all real rows, column by column. When left out robust for tables and for a run
            that is judged on its own data, none for arrays, presets, statistics and every map but identity.
        train: what the sampler was fitted to, for the memorisation test.
        test: held-out data; with train, every score is also measured between generated, train and test.
        log_prob: log densities of the rows of data under the sampler, in nats and in the unit in which the data came
            (pictures of bytes: grey values from 0 to 255), for bits-per-dimension: a .npy or .csv file of one number a
            row. In Python also an array, or a callable that is given the rows as they came.
        uncertainty: jackknife takes the error of every score from its values with one of 20 blocks of the rows left
            out, at 21 times the cost; jackknife-50 from 50 blocks. Each score has the error that suits it when left
            out. In Python also `Jackknife(blocks=50, seed=1)`.
        floor: also score random parts of the data against each other, of the sizes of data and samples or in their
            ratio; done where it is cheap when left out.
        classes: also say which classes are missed or over-produced, by a classifier trained on the data's labels, where
            the data are labelled pictures.
        target: of tables the column that boosted trees learn from the others, of samples and of as many rows of data,
            both tested on rows that they never saw (tstr); the classes when left out, where both sides have them.
        rows: most rows of each that are used, drawn at random from more; of train up to 100,000. When left out, scores
            that one pass over the rows can give (fid, fid-infinity, inception-score, and kid where coordinates are few)
            use all of them, and everything else 10,000.
        size: side in pixels that all images are resized to, antialiased, or height and width as 48x64; they keep theirs
            when left out, and those of unequal sizes are refused.
        crop: cut the centre square out of images instead of squeezing them.
        gray: one channel or three for all images; what the data have when left out.
        skip_corrupt: leave out images that cannot be read, count and list them, instead of refusing all.
        frames: first takes the first picture of an animation (GIF, WebP, APNG) and says how many it leaves, all takes
            every one; pages of a TIFF file are all taken.
        labels: name of the column or array that holds the class of each row, of which a run's folder knows its own;
            classes of rows of numbers are not compared.
        workers: processes that compute features; each has its share of the threads, which may change the last digits
            of a convolution (3e-7 of a feature of Inception), and nothing else depends on how many.
        cache: look for features on the disk ($PUSHFORWARD_CACHE, else ~/.cache/pushforward), by content of points and
            map, and leave new ones there; what came from there is said.
        save_reference: write what is known of the data to this .npz file, which later calls take in place of the data.
        report: write a self-contained page with the verdict, and what is missed and over-produced, to this .html file.
        seed: of the test's permutations, and of samples that are drawn.
        trust: modules outside this package that a run folder may name, with commas between them.

    Raises:
        Refused: if one cannot be read, they are not of one form, or a score needs what is not there.
    """
    check_score(
        real, fake, train=train, test=test, log_prob=log_prob, save_reference=save_reference, report=report,
        metrics=metrics, features=features, preset=preset, uncertainty=uncertainty, rows=rows, workers=workers,
        scale=scale, kid_subsets=kid_subsets, kid_subset_size=kid_subset_size,
    )  # fmt: skip
    if preset is not None:
        metrics, features = as_preset(preset, metrics, features)
        scale = scale or "none"
    request = requested(with_subsets(metrics, kid_subsets, kid_subset_size) or None)
    reading = Reading(size, crop, gray, skip_corrupt, frames, labels)
    if (error := jackknife(uncertainty)) is not None:
        request = request.with_error(error)
    at_work = partial(extraction, workers=workers, keep=cache)
    limit, foreign = rows or TEST_ROWS, preset is not None
    if is_statistics(real):
        _rows_wanted(log_prob, report, target)
        judgement = score_against_reference(
            real, fake, request, reading, at_work, foreign, features=features, scale=scale, rows=limit, seed=seed
        )
        return with_preset_names(judgement, preset)
    case = case_of_call(real, fake, request, reading, rows=rows, seed=seed, beside=(train, test))
    check_target(target, case.data)
    case = with_parts(case, train, test, limit, seed)
    of_features: list[str] = []
    features = judged_by(features, case.data, (real, fake), of_features)
    case = replace(case, notes=(*case.notes, *of_features))
    f = in_units(embedding(features, case.data.space, case.data), scale, case.data, default_scale(case.data, case.run))
    request = request.suited(case.data.space) if isinstance(f, Identity) else request
    f = at_work(f)
    if foreign:
        kept, left = without_missing_classes(request.metrics, f, case.x.x[:1])
        case, request = replace(case, notes=(*case.notes, *left)), request.only(kept)
    if draws_by_row_number(request) and (foreign or not has_classes(case.data)):
        case = in_file_order(case)
    if log_prob is not None:
        every = len(case.x.x) if fake is None else len(all_rows(case.data))
        case = replace(case, density=bits_of_densities(log_prob, case, every))
    evidence = gather(case, request, f, classes=classes, target=target, rows=limit, seed=seed)
    if save_reference is not None:
        reference_of(case, evidence, f, rows is None, seed).save(save_reference)
    judgement = judge(evidence, request, features=f.protocol, floors=floor, seed=seed, rows=limit, state=case.state)
    judgement = with_preset_names(judgement, preset)
    if report is not None:
        report_judged(judgement.to_json(), panels(case, judgement, f), report)
    return judgement


def _rows_wanted(log_prob: Any, report: Any, target: Any) -> None:
    """Refuse options that are of rows, where a file of statistics stands for the data.

    Raises:
        Refused: if one of them is given.
    """
    if log_prob is not None:
        raise Refused("--log-prob is of rows of data, and a file of statistics has none; name the data.")
    if report is not None:
        raise Refused("--report shows data beside samples, and a file of statistics holds none; name the data.")
    if target is not None:
        raise Refused("--target names a column of the data, and a file of statistics has none; name the data.")
