"""The notes that a run takes of its critic at every probe."""

from collections.abc import Callable
from typing import Any

import torch

from pushforward.critics.diagnostics import diagnose
from pushforward.games import Game
from pushforward.spaces import Batch
from pushforward.training import evaluation_mode

ROWS = 500


def diagnosing(game: Game, validation: Batch, seed: int) -> Callable[[], dict[str, Any]] | None:
    """A look at the critic as it stands, with what it compares; None for a game without one. It changes nothing.

    Args:
        game: what is being trained.
        validation: data that nothing is trained on.
        seed: of the samples, the same at every look.
    """
    if game.critic() is None:
        return None

    def look() -> dict[str, Any]:
        found = game.critic()
        assert found is not None  # the same game
        where = next(game.sampler.parameters()).device
        x = Batch(*(None if t is None else t[:ROWS].to(where) for t in validation))  # type: ignore[arg-type]
        with evaluation_mode(game):
            torch.manual_seed(seed)
            with torch.no_grad():
                pair = game.compared(x)
            return diagnose(*found, *pair)

    return look
