"""The papers, one a file: a function from the data's space to a game; its signature is the paper's table of numbers."""

from pushforward.recipes.gan import gan
from pushforward.recipes.gram import gram
from pushforward.recipes.mmd_gan import mmd_gan
from pushforward.recipes.mmd_net import mmd_net

__all__ = ["gan", "gram", "mmd_gan", "mmd_net"]
