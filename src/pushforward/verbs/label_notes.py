"""The sentence on what becomes of the labels of the data, or stands in for them, said before the first turn."""

from pushforward.games import Clustered, Game


def label_note(game: Game, rows: int) -> str | None:
    """Return whether a recipe's game uses the labels of the data, and why not, or what stands in for them.

    Nothing is said of data without labels that have no clusters either, and of games made by hand.

    Args:
        game: of the data's space.
        rows: of the training part.

    Raises:
        Refused: if there are fewer than the clusters that were asked for.
    """
    if isinstance(game, Clustered):
        number = game.number(rows)
        words = f"The data have no labels: {number} clusters stand in for them; --clusters none for none."
        return words if number > 1 else None
    classes = len(game.space.classes)
    if not classes or game.call is None:
        return None
    given, recipe = game.call["arguments"], game.call["recipe"].replace("_", "-")
    if game.sampler.classes:
        return f"Conditional on {classes} classes; --conditional false for none."
    if given.get("conditional") is False:
        return f"Not conditional: samples have none of the {classes} classes; --conditional true gives them."
    plans = (given.get(name) for name in ("network", "critic_network"))
    without = [type(plan).__name__ for plan in plans if getattr(plan, "takes_labels", True) is False]
    owner = " and ".join(dict.fromkeys(without)) if without and "conditional" in given else recipe
    return f"Not conditional, since {owner} can take no labels: samples have none of the {classes} classes."
