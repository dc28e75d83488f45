"""The names of players and of their weights as a person knows them."""

from torch import nn

from pushforward.critics.layer_names import layer_names

GENERATOR = "generator"

WORDS = {"sampler": GENERATOR, "discrepancy": "critic", "projection": "critic"}
"""A player's name in words, where it is not its own; the critic had two others up to format 3 of run folders."""


def in_words(player: str) -> str:
    """Return what a player is called, and of several that step together all of them.

    Example:
        >>> in_words("sampler"), in_words("critic"), in_words("sampler+encoder")
        ('generator', 'critic', 'generator and encoder')
    """
    return " and ".join(WORDS.get(name, name) for name in player.split("+"))


def weight_in_words(game: nn.Module, key: str) -> str:
    """Return what a weight of a game is called; of what is no linear or convolutional layer, its path.

    Args:
        game: that has it.
        key: its path, as `state_dict` has it.
    """
    player, _, rest = key.partition(".")
    child = dict(game.named_children()).get(player)
    layers = {} if child is None else layer_names(child)
    name = next((name for path, name in layers.items() if path and rest.startswith(f"{path}.")), rest)
    return f"a weight of the {in_words(player)} ({name})"
