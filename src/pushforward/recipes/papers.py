"""The option `paper` of a recipe: the numbers of its paper in place of the defaults that were measured."""

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from inspect import Parameter, signature
from typing import Any, Literal

from pushforward.errors import Refused
from pushforward.index import paper_text

WIDTH = 120


Models = Mapping[str, Mapping[str, Any]]
"""The numbers that models of a paper have besides those of all of them, by the names of the models."""


def offer_paper(make: Callable[..., Any], numbers: Mapping[str, Any], models: Models) -> None:
    """Add the option `paper` to what a function says of itself: its signature, its types and its Args.

    Args:
        make: a recipe.
        numbers: the paper's, by the names of parameters.
        models: of the paper, where it has several.

    Raises:
        TypeError: for a number of no parameter.
    """
    own = signature(make)
    every = [*numbers, *(name for given in models.values() for name in given)]
    if unknown := [name for name in every if name not in own.parameters]:
        raise TypeError(f"paper of {make.__name__} names {', '.join(unknown)}, which it does not take")
    hint = bool | Literal[tuple(models)] if models else bool
    last = Parameter("paper", Parameter.KEYWORD_ONLY, default=False, annotation=hint)
    make.paper, make.models = dict(numbers), dict(models)  # type: ignore[attr-defined]
    make.__signature__ = own.replace(parameters=[*own.parameters.values(), last])  # type: ignore[attr-defined]
    make.__annotations__ = {**make.__annotations__, "paper": hint}
    text = lambda given: {name: written(value) for name, value in given.items()}
    besides = {model: text(given) for model, given in models.items()}
    make.__doc__ = _explained(make.__doc__ or "", paper_text(text(numbers), besides))


def numbers_of(make: Callable[..., Any], asked: bool | str = True) -> dict[str, Any]:
    """Return the paper's numbers by the names of parameters; none if the recipe's own are the paper's.

    Args:
        make: a recipe.
        asked: for the paper's, or for those of a model of the paper, by its name; none if False.

    Raises:
        Refused: for a model that the paper has not.
    """
    numbers: dict[str, Any] = getattr(make, "paper", {})
    models: dict[str, dict[str, Any]] = getattr(make, "models", {})
    if not isinstance(asked, str):
        return dict(numbers) if asked else {}
    if asked not in models:
        *others, last = ["true", "false", *models]
        raise Refused(f"--paper of {make.__name__} must be {', '.join(others)} or {last}, got {asked!r}.")
    return {**numbers, **models[asked]}


def written(value: Any) -> str:
    """Return the call that makes a value, with the options that are not at their defaults.

    Example:
        >>> from pushforward.tuning import Adam
        >>> written(Adam(2e-4, (0.5, 0.9))), written(Adam(weight_decay=0.1)), written(64)
        ('Adam(0.0002, (0.5, 0.9))', 'Adam(weight_decay=0.1)', '64')
    """
    if not is_dataclass(value):
        return repr(value)
    given: list[str] = []
    names = [(f.name, getattr(value, f.name) == f.default) for f in fields(value)]
    for position, (name, usual) in enumerate(names):
        if not usual:
            text = written(getattr(value, name))
            given.append(text if len(given) == position else f"{name}={text}")
    return f"{type(value).__name__}({', '.join(given)})"


def _explained(doc: str, text: str) -> str:
    """Return a docstring with an entry `paper` at the end of its Args."""
    section = re.search(r"^( *)Args:\n(?:\1 +.*\n)+", doc, re.MULTILINE)
    if not section:
        return doc
    indent = f"{section[1]}    "
    entry = textwrap.fill(f"paper: {text}", WIDTH, initial_indent=indent, subsequent_indent=f"{indent}    ")
    return f"{doc[: section.end()]}{entry}\n{doc[section.end() :]}"
