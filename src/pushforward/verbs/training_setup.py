"""The set-up of training from game, data and settings, for a run that begins and for one that goes on."""

from typing import Any

import torch

from pushforward import ranks
from pushforward.data import Data
from pushforward.games import Game
from pushforward.judging.feature_space import embedding
from pushforward.progress import step
from pushforward.runs import RunFolder
from pushforward.training import (
    Batches,
    Checks,
    Engine,
    Patience,
    Probing,
    Training,
    convolutional,
    same_start,
    subseed,
)
from pushforward.verbs.choosing import own_score
from pushforward.verbs.critic_notes import diagnosing
from pushforward.verbs.probes import Probes, probes_of
from pushforward.verbs.run_creation import augmentation, batch_size
from pushforward.verbs.run_features import asked_run, codes_of
from pushforward.verbs.settings import Settings, environment
from pushforward.verbs.starting import begin_with

PROBE_ROWS = 2000


def validation_probes(data: Data, probes: Any, features: Any) -> Probes:
    """Return the probes on the validation part of the data.

    Args:
        data: whose validation part it is.
        probes: names, metrics or functions.
        features: the space, by name or as a map.

    Raises:
        Refused: if one of them is not known or does not suit the data.
    """
    if (asked := asked_run(features)) is not None:
        _, features = codes_of(asked, data)
    return Probes(probes_of(probes), embedding(features, data.space, data), data.validation.all(PROBE_ROWS).x)


@step("making the game ready")
def build_training(
    folder: RunFolder, game: Game, data: Data, settings: Settings, engine: Engine, measure: Probes
) -> Training:
    """Return the training, with everything in its place for the next turn."""
    device = engine.device
    game.to(device).train()  # whoever had it before may have looked at it in evaluation mode
    if convolutional(game) and not (settings.bf16 and device.type == "cpu"):  # which it costs more than it saves
        game.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    same_start(game)
    game.augment = augmentation(settings, game)
    batches = Batches(data.train.to(device), batch_size(game, data), settings.seed)
    torch.manual_seed(subseed(settings.seed, "noise"))
    game.prepare(data.train)
    if settings.warm_start is not None and not folder.checkpoints.has_last:
        begin_with(game, settings.warm_start)
    held_out = data.validation.all(PROBE_ROWS)
    probing = Probing(measure, held_out, subseed(settings.seed, "probe"), own=own_score(game, data, held_out))
    if ranks.rank() == 0:
        given = {"seed": settings.seed, "batch_size": batches.size, "probe_features": measure.features.protocol}
        folder.write_json("environment.json", environment(device) | given)
    look = diagnosing(game, held_out, subseed(settings.seed, "diagnostics"))
    rule = settings.rule
    checks = Checks(rule, settings.check_every(rule), measure, settings.stop_early) if rule else None
    probes = game.patience if settings.patience is None else settings.patience
    return Training(
        game, batches, folder, engine, probing, settings.pace, settings.average,
        game.clip_norm if settings.clip_norm is None else settings.clip_norm,
        diagnose=look, checks=checks, patience=Patience(probes, settings.pace.probe_every),
    )  # fmt: skip
