"""The teacher of a distillation: a run whose map of noise is learnt, and the time that a sample of each takes."""

from math import inf
from time import perf_counter

from pushforward import ranks
from pushforward.data import Data
from pushforward.errors import Refused
from pushforward.games import Distillation, Game
from pushforward.runs import RunFolder
from pushforward.samplers import Sampler
from pushforward.training import draw_samples
from pushforward.verbs.call import recorded
from pushforward.verbs.opening import load
from pushforward.verbs.run import Run

TIMED, TIMES = 256, 5
"""Samples that are timed at once, and how often: the shortest time is the least disturbed one."""


def teach(game: Game, data: Data) -> None:
    """Give a game that asks for the run of a teacher its sampler, in the best state; others stay as they are.

    Args:
        game: of a distillation or not.
        data: to which it will be fitted.

    Raises:
        Refused: if no run is named, its map cannot be learnt, or it was fitted to data of another form, or split
            otherwise.
    """
    if not isinstance(game, Distillation) or game.teacher is None or game.taught_by is not None:
        return
    if not game.teacher:
        raise Refused("distilled needs --teacher RUN, the folder of a run whose map of noise it is to learn, such as "
                      "one of grid-cdf, triangular, table-cdf or real-nvp on the same data.")  # fmt: skip
    run = load(game.teacher)
    if run.codec != data.codec:
        raise Refused(f"{run.path} was fitted to data that are encoded otherwise (their form or their scales), so its "
                      "points mean something else here; give it and this fit the same data.")  # fmt: skip
    refuse_seen_rows(run, data)
    game.learn_from(run.sampler(), str(run.path))


def refuse_seen_rows(run: Run, data: Data) -> None:
    """Refuse a run of the same data that were split otherwise.

    Raises:
        Refused: since what learns from it would have seen rows of the test part.
    """
    call = recorded(run.folder)
    if call["content_hash"] == data.content_hash and call.get("split_hash", data.split_hash) != data.split_hash:
        raise Refused(f"{run.path} was fitted to the same data split otherwise, so that it has seen rows of this test "
                      "part; load them as then, with the same seed, shares and groups.")  # fmt: skip


def write_speeds(folder: RunFolder, game: Game) -> None:
    """Write speeds.json, the seconds a sample of both takes, into the folder of a distillation, by the first process.

    Args:
        folder: of the run.
        game: trained, on the processor.
    """
    if ranks.rank() or not isinstance(game, Distillation) or (teacher := game.taught_by) is None:
        return
    own, its = seconds_a_sample(game.sampler.eval()), seconds_a_sample(teacher.cpu())
    found = {"seconds_a_sample": own, "teacher_seconds_a_sample": its, "at_once": TIMED, "teacher": game.teacher}
    folder.write_json("speeds.json", found)


def seconds_a_sample(sampler: Sampler) -> float:
    """Return the shortest time of some draws of many samples, over their number.

    Args:
        sampler: in evaluation mode.
    """
    least = inf
    for _ in range(TIMES):
        begin = perf_counter()
        draw_samples(sampler, TIMED, seed=0)
        least = min(least, perf_counter() - begin)
    return least / TIMED
