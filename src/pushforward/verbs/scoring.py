"""Any program's samples against any data."""

from typing import Any

from torch import Tensor

from pushforward.data import Data
from pushforward.errors import Refused
from pushforward.features import Features
from pushforward.metrics import Judgement, Material, Side, requested, scored
from pushforward.metrics.names import DEFAULT
from pushforward.metrics.reference import Reference, is_statistics
from pushforward.spaces import Batch
from pushforward.verbs.embedding import embedding
from pushforward.verbs.inputs import is_run, known_data, name_of, samples, whole
from pushforward.verbs.judging import TEST_ROWS
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
        features: the space in which points are compared: identity, pixels, lenet, inception or inception-768; in
            Python also a feature map or any callable.
        train: what the sampler was fitted to, for the memorisation test.
        test: held-out data; with train, every score is also measured between generated, train and test.
        floor: also score random halves of the data against each other; done where it is cheap when left out.
        rows: most rows of each that are used.
        save_reference: write what is known of the data to this .npz file, which later calls take in place of the data.
        seed: of the test's permutations, and of samples that are drawn.

    Raises:
        Refused: if one cannot be read, they are not of one form, or a score needs what is not there.
    """
    if rows < 4:
        raise Refused(f"--rows must be at least 4, got {rows}.")
    request = requested(metrics or DEFAULT)
    if is_statistics(real):
        return against(real, fake, request, features=features, rows=rows, seed=seed)
    data, x, y, held = _given(real, fake, rows, seed)
    f = embedding(features, data.space, data)
    known_train = held if train is None else _more(data, train, rows, seed)
    side = lambda batch: None if batch is None else _side(f, batch.x)
    material = Material(
        real=_side(f, x.x),
        fake=_side(f, y.x),
        train=side(known_train),
        test=side(_more(data, test, rows, seed)),
        modes=None if data.modes is None else (data.modes, y.x.flatten(1)),
        names=(name_of(real, "real"), name_of(fake, "fake") if fake is not None else name_of(real, "fake")),
        notes=(*data.notes, *_capped(data, x, y, rows)),
    )
    if save_reference is not None:
        made_of = {"codec": data.codec.to_json(), "data": material.names[0], "content": data.content_hash}
        Reference.of(material.real.features, f.protocol, made_of, seed).save(save_reference)
    return scored(material, request, features=f.protocol, floors=floor, seed=seed, rows=rows)


def _given(real: Any, fake: Any, rows: int, seed: int) -> tuple[Data, Batch, Batch, Batch | None]:
    """Data, their rows, the samples, and the training rows that are known."""
    if fake is not None:
        data = known_data(real)
        return data, whole(data, rows), samples(data, fake, rows, seed), None
    if not is_run(real):
        raise Refused(f"score needs REAL and FAKE, or a run folder; got only {real}.")
    run = load(real)
    x = run.data.test.all(rows)
    return run.data, x, run.draw(len(x.x), seed), run.data.train.all(rows)


def _more(data: Data, given: Any, rows: int, seed: int) -> Batch | None:
    return None if given is None else samples(data, given, rows, seed)


def _side(f: Features, x: Tensor) -> Side:
    return Side(f(x).double().cpu(), None if (p := f.classify(x)) is None else p.double().cpu())


def _capped(data: Data, x: Batch, y: Batch, rows: int) -> tuple[str, ...]:
    """That rows were left out."""
    there = sum(map(len, (data.train, data.validation, data.test)))
    return (f"at most {rows} rows of each are used (--rows); the data have {there}.",) if there > rows else ()
