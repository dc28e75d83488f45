"""Parsers built from signatures: an option is a parameter, of its type; an object is given by its class's name."""

from collections.abc import Callable, Iterable, Mapping
from inspect import signature
from typing import Any, NoReturn

from jsonargparse import ActionConfigFile, ArgumentParser

from pushforward import data, verbs
from pushforward.cli.grammar import HIDDEN
from pushforward.cli.mistakes import sentence
from pushforward.errors import Refused

Function = Callable[..., Any]


class Parser(ArgumentParser):
    """Options in one flat namespace. Its complaints are `Refused`, in one sentence."""

    def __init__(self) -> None:
        super().__init__(exit_on_error=False, allow_abbrev=False, add_help=False)
        self.add_argument("--json", type=bool, default=False)

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        """Refuse."""
        raise Refused(sentence(message, [a.dest for a in self._actions])) from ex

    def take(self, function: Function, hidden: Iterable[str]) -> None:
        """Every parameter of a function but the hidden ones is an option."""
        self.add_function_arguments(function, skip=set(hidden))

    def values(self, argv: list[str]) -> dict[str, Any]:
        """The arguments by name, objects made."""
        return vars(self.instantiate(self.parse_args(argv)))


def of_call(recipe: Function, name: str, defaults: Mapping[str, Any]) -> Parser:
    """The parser of one recipe's call, which can be read from a file and printed to one.

    Args:
        recipe: its parameters but the first, the space, are options.
        name: of the recipe.
        defaults: in place of the signatures' own.
    """
    parser = Parser()
    parser.add_argument("--recipe", type=str, default=name)
    parser.add_argument("--data", type=str)
    parser.add_argument("--config", action=ActionConfigFile)
    parser.take(recipe, list(signature(recipe).parameters)[:1])
    parser.take(data.load, HIDDEN["load"])
    parser.take(verbs.fit, HIDDEN["fit"])
    parser.set_defaults(dict(defaults))
    return parser


def of_resume() -> Parser:
    """The parser of a run to continue."""
    parser = Parser()
    parser.add_argument("--resume", type=str, required=True)
    parser.take(verbs.resume, HIDDEN["resume"])
    return parser


def of_verb(verb: str, positional: Mapping[str, str | None]) -> Parser:
    """The parser of a verb.

    Args:
        verb: a function of `pushforward.verbs`.
        positional: its parameters that are not named on the command line, with argparse's count of each.
    """
    parser = Parser()
    for name, count in positional.items():
        parser.add_argument(name, type=str, nargs=count)
    parser.take(getattr(verbs, verb), HIDDEN[verb])
    return parser


def share(values: Mapping[str, Any], function: Function) -> dict[str, Any]:
    """What a function takes of the flat namespace."""
    return {name: values[name] for name in signature(function).parameters if name in values}
