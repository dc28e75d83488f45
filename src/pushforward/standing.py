"""The standing of a recipe in words: what it is, whose it is, and what it got on our standard tasks; without torch."""

import ast
import json
import re
from functools import cache
from pathlib import Path
from typing import cast

from pushforward.index import Entry

RECIPES = Path(__file__).parent / "recipes"


def about(recipe: Entry) -> str:
    """Return in one sentence what a recipe is: the first line of its file."""
    path = RECIPES.parent.joinpath(*recipe.module.split(".")).with_suffix(".py")
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]


def citation(recipe: Entry) -> str:
    """Return authors and year of its first source, of three authors and more the first."""
    authors, _, rest = recipe.source.partition(" (")
    names = re.split(r", | and ", authors)
    return f"{authors if len(names) < 3 else f'{names[0]} et al.'} ({rest[:4]})" if rest else recipe.source


def measured(recipe: Entry) -> list[str]:
    """Return what it got on standard tasks, a sentence each; the worst of several seeds."""
    return list(_tables().get(recipe.name, ()))


def sentence(recipe: Entry) -> str:
    """Return all of that, as `pushforward list recipes` shows it."""
    return " ".join([about(recipe), f"{citation(recipe)}.", *measured(recipe)])


@cache
def _tables() -> dict[str, list[str]]:
    """Return what `python -m benchmarks.checks.standing` wrote from the committed tables."""
    return cast(dict[str, list[str]], json.loads((RECIPES / "measured.json").read_text(encoding="utf-8")))
