"""The sentence on what becomes of the labels of the data, said before the first turn."""

from pushforward.games import Game


def label_note(game: Game) -> str | None:
    """Return whether a recipe's game uses the labels of the data, and why not; None for data without, or by hand.

    Args:
        game: of the data's space.
    """
    classes = len(game.space.classes)
    if not classes or game.call is None:
        return None
    given, recipe = game.call["arguments"], game.call["recipe"].replace("_", "-")
    if game.sampler.classes:
        return f"Conditional on {classes} classes; --conditional false for none."
    if given.get("conditional") is False:
        return f"Not conditional, as asked: samples have none of the {classes} classes."
    plans = (given.get(name) for name in ("network", "critic_network"))
    without = [type(plan).__name__ for plan in plans if getattr(plan, "takes_labels", True) is False]
    owner = " and ".join(dict.fromkeys(without)) if without and "conditional" in given else recipe
    return f"Not conditional, since {owner} can take no labels: samples have none of the {classes} classes."
