"""Any program's samples against any data."""

from dataclasses import replace
from typing import Any

from pushforward.errors import Refused
from pushforward.metrics import Judgement, requested
from pushforward.metrics.names import DEFAULT
from pushforward.metrics.reference import Reference, is_statistics
from pushforward.verbs.assessing import TRAIN_ROWS, Case, assessed, of_run
from pushforward.verbs.embedding import embedding
from pushforward.verbs.inputs import TEST_ROWS, is_run, known_data, name_of, samples, whole
from pushforward.verbs.referring import against
from pushforward.verbs.run import load


def score(
    real: Any,
    fake: Any = None,
    *,
    metrics: Any = None,
    features: Any = None,
    train: Any = None,
    test: Any = None,
    floor: bool | None = None,
    classes: bool = True,
    rows: int = TEST_ROWS,
    save_reference: Any = None,
    seed: int = 0,
) -> Judgement:
    """Samples against data: scores with their errors, a two-sample test, and what it means in words.

    Args:
        real: data (a path, a name, an array, an iterator of batches), a run folder, or a file of statistics (.npz with
            mu and sigma, as --save-reference and pytorch-fid write them).
        fake: samples in the same form, a callable sample(n, seed), or a run folder; absent for a run folder judged on
            its own test part.
        metrics: which, with commas between them: kid, fid, fid-infinity, inception-score, mmd, energy,
            sliced-wasserstein, precision, recall, density, coverage, c2st, memorisation, modes, kid-subsets; names of
            torch-fidelity and prdc are understood. In Python also a list with metrics of your own.
        features: the space in which points are compared: identity, pixels, pca or pca-32 (whitened, fitted to the
            training part), random-conv, lenet (trained there), inception or inception-768, dinov2, clip,
            transformers:WHERE (a folder, or a model of the hub that is here), a dotted path to a feature map or a
            function of yours; in Python also the map or function itself.
        train: what the sampler was fitted to, for the memorisation test.
        test: held-out data; with train, every score is also measured between generated, train and test.
        floor: also score random halves of the data against each other; done where it is cheap when left out.
        classes: also say which classes are missed or over-produced, by a classifier trained on the data's labels, where
            the data are labelled pictures.
        rows: most rows of each that are used; of train up to 100,000.
        save_reference: write what is known of the data to this .npz file, which later calls take in place of the data.
        seed: of the test's permutations, and of samples that are drawn.

    Raises:
        Refused: if one cannot be read, they are not of one form, or a score needs what is not there.
    """
    if rows < 4:
        raise Refused(f"--rows must be at least 4, got {rows}.")
    if is_statistics(real):
        request = requested(metrics or DEFAULT)
        return against(real, fake, request, features=features, rows=rows, seed=seed)
    case = _case(real, fake, rows, seed)
    more = lambda given, most: None if given is None else samples(case.data, given, most, seed)
    case = replace(case, train=more(train, TRAIN_ROWS) or case.train, test=more(test, rows))
    f = embedding(features, case.data.space, case.data)
    if save_reference is not None:
        made_of = {"codec": case.data.codec.to_json(), "data": case.names[0], "content": case.data.content_hash}
        Reference.of(f(case.x.x).double().cpu(), f.protocol, made_of, seed).save(save_reference)
    return assessed(case, metrics, f, classes=classes, floors=floor, rows=rows, seed=seed)


def _case(real: Any, fake: Any, rows: int, seed: int) -> Case:
    """Data and samples, or a run's samples and the part of its data that nothing was trained or chosen on."""
    if fake is None and not is_run(real):
        raise Refused(f"score needs REAL and FAKE, or a run folder; got only {real}.")
    if fake is None:
        return of_run(load(real), rows, seed)
    data = known_data(real)
    there = len(data.test) + len(data.validation)
    notes = (*data.notes, *_capped(there + len(data.train), rows))
    names = name_of(real, "real"), name_of(fake, "fake")
    return Case(data, whole(data, rows), samples(data, fake, rows, seed), names, min(rows, there), notes=notes)


def _capped(there: int, rows: int) -> tuple[str, ...]:
    """That rows were left out."""
    return (f"at most {rows} rows of each are used (--rows); the data have {there}.",) if there > rows else ()
