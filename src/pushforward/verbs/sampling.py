"""The verb `sample`: samples of a run, in a file."""

from pathlib import Path

from pushforward.progress import step
from pushforward.verbs.argument_checks import check_sample
from pushforward.verbs.drawing import Weights
from pushforward.verbs.opening import load
from pushforward.verbs.redrawing import CodeLaw
from pushforward.verbs.refining import Refine
from pushforward.verbs.run_creation import say
from pushforward.verbs.trust import Trust


@step("drawing samples")
def sample(
    run: str | Path,
    n: int | None = None,
    *,
    seed: int = 0,
    out: str | Path | None = None,
    label: str | None = None,
    shares: str | None = None,
    weights: Weights = "best",
    given: str | Path | None = None,
    prior: CodeLaw = "own",
    means: bool = False,
    where: str | None = None,
    balance: str | None = None,
    escape_formulas: bool = False,
    drop_index: bool = False,
    rules: bool = False,
    constraints: str | None = None,
    refine: Refine = False,
    trust: Trust = (),
) -> Path:
    """Write n samples of a run, in the form that the ending says.

    Args:
        run: folder of the run.
        n: number of samples, at least 1; 1000 if absent, or as many as rows are given.
        seed: of the noise.
        out: a file (.npz with an array `samples`, .npy, .csv, .parquet) or a folder of pictures; RUN/more with the
            data's own ending if absent.
        label: class of all samples, for a sampler that takes one.
        shares: weights by which classes are drawn, in place of those of the training data: even, or NAME=WEIGHT with
            commas between.
        weights: the averaged sampler of the best state, of the last one, or the last one not averaged.
        given: a table whose missing cells, and columns that it has not, are drawn by table-cdf given the others; or a
            table or an array of the columns that a triangular sampler draws first. Its rows are taken in turn.
        prior: of the codes of a sampler with an encoder: own, the law that they were drawn to in training, or gmm, a
            mixture of Gaussians that is fitted now to codes of the training rows.
        means: write the means of what a decoder says, not draws, of a sampler with a likelihood.
        where: conditions on columns of a table that all samples meet, such as "age > 60 and country == 'FR'"; also
            `in [...]`, `!=` and `is None` for missing cells, and names with blanks between backticks.
        balance: column of levels, of each of which there are equally many samples.
        escape_formulas: put an apostrophe before every name of a column and every text of a .csv file that begins with
            =, +, -, @, a tab or a carriage return, which a spreadsheet would run as a formula.
        drop_index: leave out the columns that only number or name rows, which are else written afresh.
        rules: draw anew what breaks a rule that holds in all rows of the data: an order of two columns such as
            start <= end, an end of a range such as age >= 0.
        constraints: draw anew what breaks these: "start < end and 18 <= age and fixed(country, town) and unique(code)",
            orders of columns, values, combinations that the data hold, cells that no two samples share.
        refine: throw away samples of a table that boosted trees, fitted now to them and to the training rows, find too
            frequent: auto where held-out rows become likelier by it beyond chance, true in any case, false for never.
        trust: modules outside this package that the run folder may name, with commas between them.
    Raises:
        Refused: if the run cannot be opened, or its data have no form of that ending.
    """
    check_sample(run, n, out=out, given=given)
    opened = load(run, trust=trust)
    path = out or opened.folder.inside(f"more{opened.codec.suffix}")
    asked = {"given": given, "prior": prior, "means": means, "where": where, "balance": balance, "rules": rules}
    asked |= {"drop_index": drop_index, "constraints": constraints, "refine": refine}
    written = opened.write_samples(path, n, seed, label, weights, escape_formulas, shares, **asked)
    codec = opened.codec.without_index() if drop_index else opened.codec
    for remark in codec.remarks(bool(opened.game.sampler.classes)):
        say(False, remark)
    return written
