"""Fit a game to data, and go on with a run."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pushforward import ranks
from pushforward.critics import DiffAugment
from pushforward.data import Data
from pushforward.data import load as load_data
from pushforward.games import Game
from pushforward.judging.long_work import judging
from pushforward.judging.table_evidence import check_target
from pushforward.judging.text_state import state_in_words
from pushforward.judging.units import Scale
from pushforward.progress import hushed, step
from pushforward.runs import RunFolder
from pushforward.training import Training, engine
from pushforward.tuning import ThreeSampleRule
from pushforward.verbs.argument_checks import check_fit, check_resume
from pushforward.verbs.call import first_weights, make_game, recipe_call, recorded
from pushforward.verbs.ending import go_on, say_ending
from pushforward.verbs.matched_features import complete, matched_in, told
from pushforward.verbs.probes import given_or_recorded
from pushforward.verbs.recommended import budgeted, game_and_data, matching
from pushforward.verbs.run import Run
from pushforward.verbs.run_contents import same_data
from pushforward.verbs.run_creation import (
    checked_settings,
    continue_run_folder,
    create_run_folder,
    decided_precision,
    folder_for_writing,
    say,
)
from pushforward.verbs.settings import Precision, Settings
from pushforward.verbs.teaching import write_speeds
from pushforward.verbs.training_setup import build_training, validation_probes
from pushforward.verbs.trust import Trust, features_of, trusts
from pushforward.verbs.verdict import write_verdict
from pushforward.verbs.watching import watching
from pushforward.verbs.weight_limit import most_weights


def fit(
    game: Any = None,
    data: Any = None,
    *,
    steps: int | None = None,
    minutes: float | None = None,
    seed: int = 0,
    run: str | Path | None = None,
    overwrite: bool = False,
    device: str = "auto",
    precision: Precision = "auto",
    threads: int | None = None,
    average: float = 0.999,
    clip_norm: float | None = None,
    augment: DiffAugment | None = None,
    probe_every: int | None = None,
    checkpoint_every: int | None = None,
    log_every: int | None = None,
    probes: Any = "local-mmd",
    probe_features: Any = "identity",
    lr_rule: ThreeSampleRule | None = None,
    stop_early: bool = False,
    patience: int | None = None,
    examples: bool = True,
    tensorboard: bool = False,
    verdict: bool = True,
    scale: Scale | None = None,
    target: str | None = None,
    warm_start: str | Path | None = None,
    quiet: bool = False,
    call: Mapping[str, Any] | None = None,
) -> Run:
    """Lower D(P, g#µ) until the budget is spent, keep the latest of the best states, and judge it on the test part.

    Args:
        game: what a recipe returned, or one made by hand; left out, as in `fit(data)`, that of the recipe which suits.
        data: what `pushforward.data.load` returned or takes.
        steps: turns, each with one step of the sampler; without these or minutes, what takes a minute or two.
        minutes: of training; probes, checkpoints and the verdict come on top.
        seed: of first weights, noise and data order.
        run: folder of the run; runs/RECIPE-DATA if absent, numbered when taken. For torchrun --to is the same option.
        overwrite: whether an existing run folder is replaced.
        device: auto, cpu or cuda.
        precision: 32, or bf16 for matrix products and convolutions, which begin and end in float32; auto is bf16 for
            convolutional networks and for bounds of pictures by codes, on a processor with units for it, and else 32.
        threads: of the processor; if absent one for small networks without convolutions, which more would slow down.
        average: decay of the averaged sampler in [0, 1), 0 for none.
        clip_norm: largest norm of a player's gradient; that of the recipe, if it has one, if absent.
        augment: `DiffAugment`, random changes of all pictures that the critic is trained on, where data are few.
        probe_every: turns between two scores on the validation part.
        checkpoint_every: turns between two checkpoints; one a minute if absent.
        log_every: turns between two records of the log.
        probes: scores on the validation part, commas between them: kid, fid, energy, mmd, precision, recall, … as for
            `score`. The first chooses the state that is handed over: the latest that it does not tell from the best. In
            Python also metrics, functions of data and samples that give a score, and a mapping of names to such.
        probe_features: the space in which they are measured: identity, pixels, lenet, inception, … as for `score`.
        lr_rule: lowers the learning rates when three-sample tests find the sampler no better than some tests before, on
            the validation part, in that space and by the first score's kernel (KID's if it has none).
        stop_early: whether to end when the same tests say that lower rates no longer help; without an `lr_rule`, at the
            third failure in a row.
        patience: probes in a row that find worse states than the best by more than chance, after which training ends;
            0 for never, the game's own if absent: 4 of table-cdf, 0 of the others.
        examples: whether data and samples are kept in the run folder for the report: some at the end, and, of the same
            noise, some at turns 0, 1, 2, 5, 10, … (progress.npz) and of the moment (now.png) as training goes.
        tensorboard: whether records also go to RUN/tensorboard, and the pictures of those turns.
        verdict: whether to judge the state that is handed over, write samples and draw the page.
        scale: units in which the verdict compares rows of numbers: robust, which is meant when left out, for the median
            and the interquartile range of all rows of the data, column by column; none for the data's own.
        target: of tables the column that boosted trees learn in the verdict, of samples and of as many rows of data;
            the classes when left out, where there are any.
        warm_start: folder of a run whose sampler this one begins with, the state that it hands over, in place of first
            weights from the seed: to go on with other data or another recipe, whose networks have to be built alike.
        quiet: whether to say nothing on the way.
        call: what else to record of the call, such as the command line.
    Raises:
        Refused: if the input cannot be used, another process writes the run folder, or it is deleted on the way.
        TrainingFailed: at a loss that is not finite.
        Interrupted: at SIGINT or SIGTERM, after a checkpoint.
    """
    chosen, data = game_and_data(game, data)
    settings = Settings(
        steps=steps,
        minutes=minutes,
        seed=seed,
        device=device,
        precision=precision,
        threads=threads,
        average=average,
        clip_norm=clip_norm,
        augment=augment,
        probe_every=probe_every,
        checkpoint_every=checkpoint_every,
        log_every=log_every,
        examples=examples,
        tensorboard=tensorboard,
        verdict=verdict,
        probes=probes,
        probe_features=probe_features,
        lr_rule=lr_rule,
        stop_early=stop_early,
        patience=patience,
        scale=scale,
        target=target,
        warm_start=None if warm_start is None else str(Path(warm_start).absolute()),
    )
    check_fit(data, run=run, overwrite=overwrite, **vars(settings))
    game, data = matching(chosen, data, quiet)
    check_target(target, data)
    complete(game, data)
    settings = decided_precision(settings, game)
    at_work = engine(settings.device, settings.bf16)
    settings = budgeted(checked_settings(settings, game, data, quiet), game, quiet)
    measure = told(validation_probes(data, probes, probe_features), game, quiet)
    says = recipe_call(game) | dict(call or {}) | matched_in(game)
    first_weights(game, seed)
    with (
        folder_for_writing(lambda: create_run_folder(game, data, settings, run, overwrite, says)) as folder,
        settings.threaded(),
    ):
        with hushed(quiet):
            training = build_training(folder, game, data, settings, at_work, measure)
        return _train_and_judge(training, folder, game, data, settings, quiet)


@trusts
def resume(
    run: str | Path,
    *,
    steps: int | None = None,
    minutes: float | None = None,
    quiet: bool = False,
    data: Any = None,
    game: Game | None = None,
    probes: Any = None,
    probe_features: Any = None,
    trust: Trust = (),
) -> Run:
    """Go on with a run where its last checkpoint left it, bit for bit; from the start if there is none.

    Args:
        run: folder of the run.
        steps: a new budget in turns, those done included.
        minutes: a new budget in minutes, those done included.
        quiet: whether to say nothing on the way.
        data: the same data, if they lived only in memory.
        game: one of the same shape, if it was made by hand.
        probes: as in `fit`, if they were functions.
        probe_features: as in `fit`, if they were a function.
        trust: modules outside this package that the run folder may name, with commas between them.
    Raises:
        Refused: if it is no run folder, its data have changed, its checkpoint is damaged, or another process writes it.
    """
    check_resume(run, steps=steps, minutes=minutes)
    opened = RunFolder.open(run)
    call = recorded(opened)
    whose, given = str(opened.call), data if data is None or isinstance(data, Data) else load_data(data)
    settings = Settings.read(call["fit"], whose)
    if probe_features is None:
        probe_features = features_of(settings.probe_features, whose)
    loaded = same_data(call, given, whose)
    if more := steps is not None or minutes is not None:
        settings = replace(settings, steps=steps, minutes=minutes)
    measure = validation_probes(
        loaded, given_or_recorded(probes, settings.probes), given_or_recorded(probe_features, settings.probe_features)
    )
    made = game or make_game(call, loaded.space, whose, most_weights(opened.checkpoints.path))
    complete(made, loaded)
    at_work = engine(settings.device, settings.bf16)
    first_weights(made, settings.seed)
    says = call | {"fit": settings.plain()}
    with folder_for_writing(lambda: continue_run_folder(opened, says)) as folder, settings.threaded():
        training = build_training(folder, made, loaded, settings, at_work, measure)
        if not training.resume():
            say(quiet, f"{folder.path} has no checkpoint yet: it starts again.")
        if more:
            go_on(training)
        if training.done(settings.budget) and (folder.verdict.exists() or not settings.verdict):
            say(quiet, f"{folder.path} is finished, after {training.number} turns; --steps or --minutes give it more.")
            return Run(folder, made, loaded)
        return _train_and_judge(training, folder, made, loaded, settings, quiet)


def _train_and_judge(
    training: Training, folder: RunFolder, game: Game, data: Data, settings: Settings, quiet: bool
) -> Run:
    """Train until the budget is spent, then judge."""
    if settings.verdict and not training.done(settings.budget):
        say(quiet, judging(data))
    if ranks.rank() == 0 and not training.done(settings.budget):
        (folder.path / "kept.json").unlink(missing_ok=True)  # another state may be handed over
    with hushed(quiet), watching(training, folder, game, data, settings, quiet), step("training"):
        training.run(settings.budget)
    folder.check()
    if ranks.rank() == 0 and (kept := training.handed_over()) is not None:
        folder.write_json("kept.json", kept)
        say(quiet or settings.verdict, state_in_words(kept))
    game.cpu()
    say_ending(training, folder, quiet)
    write_speeds(folder, game)
    done = Run(folder, game, data)
    if settings.verdict and ranks.rank() == 0:
        with hushed(quiet):
            write_verdict(done, settings)
        say(quiet, f"Report: {folder.page}")
    return done
