"""The features that samples are matched in: opened where they are a run's; are they those that judge, by content?"""

from pathlib import Path
from typing import Any

from pushforward.data import Data
from pushforward.errors import Refused
from pushforward.features import Features, Identity
from pushforward.games import Game
from pushforward.judging.feature_space import embedding
from pushforward.recipes.frozen import Frozen
from pushforward.runs import RunFolder
from pushforward.verbs.call import recorded
from pushforward.verbs.opening import load
from pushforward.verbs.probes import Probes
from pushforward.verbs.run_creation import say
from pushforward.verbs.run_features import asked_run, codes_of, digest_of, fingerprint
from pushforward.verbs.teaching import refuse_seen_rows, teach


def complete(game: Game, data: Data) -> None:
    """Give a game the sampler of its teacher, or the codes of the run in which it matches, where it asks for one.

    Args:
        game: of any kind.
        data: to which it will be fitted.

    Raises:
        Refused: as of `teach`, and for a run without an encoder, or of data that are encoded otherwise.
    """
    teach(game, data)
    frozen = matched(game)
    if frozen is None or not frozen.run or frozen.features is not None:
        return
    run, codes = codes_of(frozen.run, data)
    if not codes.same_form:
        raise Refused(f"{run.path} was fitted to data that are encoded otherwise (their form or their scales), so that "
                      "no gradient passes from its codes to these; fit it to the same data.")  # fmt: skip
    refuse_seen_rows(run, data)
    frozen.learn_in(codes.with_gradients())


def matched(game: Game) -> Frozen | None:
    """Return the frozen features in which a game matches its samples; None where it has none."""
    found = getattr(game, "features", None)
    return found if isinstance(found, Frozen) else None


def matched_in(game: Game) -> dict[str, str]:
    """Return what call.yaml holds of the features that a game matches samples in: what they hash to."""
    frozen = matched(game)
    known = None if frozen is None or frozen.features is None else fingerprint(frozen.features)
    return {} if known is None else {"matched_in": known}


def told(measure: Probes, game: Game, quiet: bool) -> Probes:
    """Return the probes; say so where they look through the features that samples are matched in."""
    known = fingerprint(measure.features)
    if known is not None and matched_in(game).get("matched_in") == known:
        say(quiet, "Probes look through the features in which samples are matched, and choose a state that is good at "
                   "these; --probe_features names others.")  # fmt: skip
    return measure


def judged_by(features: Any, data: Data, judged: tuple[Any, ...], notes: list[str]) -> Any:
    """Return the features by which samples are judged, those of a run opened.

    Runs that were matched in features of the same content, whatever these are called, and a run whose own encoder they
    are, are noted.

    Args:
        features: as `score` takes them.
        data: that are compared.
        judged: what is judged: folders of runs, among others.
        notes: takes the sentences.

    Raises:
        Refused: if there is no such run, it has no encoder, or its points have another shape.
    """
    runs = [Path(one) for one in judged if isinstance(one, str | Path) and (Path(one) / "call.yaml").is_file()]
    calls = {run: recorded(RunFolder.open(run)) for run in runs}
    if (asked := asked_run(features)) is not None:
        _, features = codes_of(asked, data)
        if any(digest_of(load(run)) == features.weights for run in runs):
            notes.append(f"{features.name} is judged by its own encoder: what its codes do not tell apart counts as no "
                         "difference; take other features too.")  # fmt: skip
    elif features is not None and any("matched_in" in call for call in calls.values()):
        features = embedding(features, data.space, data)
    known = fingerprint(features) if isinstance(features, Features) and not isinstance(features, Identity) else None
    for run, call in calls.items():
        if known is not None and call.get("matched_in") == known:
            notes.append(f"{run.name} was matched to the data in the very features that judge it here, so that it "
                         "looks better than it is; take other features too.")  # fmt: skip
    return features
