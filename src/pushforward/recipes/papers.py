"""The option `paper` of a recipe: the numbers of its paper in place of the defaults that were measured."""

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from inspect import Parameter, signature
from typing import Any

from pushforward.index import paper_text

WIDTH = 120


def offer_paper(make: Callable[..., Any], numbers: Mapping[str, Any]) -> None:
    """Add the option `paper` to what a function says of itself: its signature, its types and its Args.

    Args:
        make: a recipe.
        numbers: the paper's, by the names of parameters.

    Raises:
        TypeError: for a number of no parameter.
    """
    own = signature(make)
    if unknown := [name for name in numbers if name not in own.parameters]:
        raise TypeError(f"paper of {make.__name__} names {', '.join(unknown)}, which it does not take")
    last = Parameter("paper", Parameter.KEYWORD_ONLY, default=False, annotation=bool)
    make.paper = dict(numbers)  # type: ignore[attr-defined]
    make.__signature__ = own.replace(parameters=[*own.parameters.values(), last])  # type: ignore[attr-defined]
    make.__annotations__ = {**make.__annotations__, "paper": bool}
    make.__doc__ = _explained(make.__doc__ or "", paper_text({name: written(v) for name, v in numbers.items()}))


def numbers_of(make: Callable[..., Any]) -> dict[str, Any]:
    """Return the paper's numbers by the names of parameters; none if the recipe's own are the paper's."""
    return dict(getattr(make, "paper", {}))


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
