"""The parsers, built from signatures: an option is a parameter, and an object is given by its class's name."""

from collections.abc import Callable, Collection, Iterable, Mapping
from inspect import signature
from typing import Any

from jsonargparse import ActionConfigFile, ArgumentError, ArgumentParser

from pushforward import data, verbs
from pushforward.cli.grammar import EXTRA, HIDDEN
from pushforward.cli.mistakes import sentence
from pushforward.errors import Refused

Function = Callable[..., Any]


def of_call(recipe: Function, name: str, defaults: Mapping[str, Any]) -> ArgumentParser:
    """Return the parser of one recipe's call, which can be read from a file and printed to one.

    Args:
        recipe: its parameters but the first, the space, are options.
        name: of the recipe.
        defaults: in place of the signatures' own.
    """
    parser = _parser()
    parser.add_argument("--recipe", type=str, default=name)
    parser.add_argument("--data", type=str)
    parser.add_argument("--config", action=ActionConfigFile)
    _add_options(parser, recipe, list(signature(recipe).parameters)[:1])
    _add_options(parser, data.load, HIDDEN["load"])
    _add_options(parser, verbs.fit, HIDDEN["fit"])
    _json(parser)
    parser.set_defaults(dict(defaults))
    return parser


def of_resume() -> ArgumentParser:
    """Return the parser of a run to continue."""
    parser = _parser()
    parser.add_argument("--resume", type=str, required=True)
    _add_options(parser, verbs.resume, HIDDEN["resume"])
    _json(parser)
    return parser


def of_verb(verb: str, positional: Mapping[str, str | None]) -> ArgumentParser:
    """Return the parser of a verb other than fit.

    Args:
        verb: a function of `pushforward.verbs`.
        positional: its parameters that are not named on the command line, with argparse's count of each.
    """
    parser = _parser()
    for name, count in positional.items():
        parser.add_argument(name, type=str, nargs=count)
    for option in EXTRA.get(verb, ()):
        parser.add_argument(f"--{option.name}", type=str)
    _add_options(parser, getattr(verbs, verb), HIDDEN[verb])
    _json(parser)
    return parser


def values(parser: ArgumentParser, argv: list[str]) -> dict[str, Any]:
    """Return the arguments by name, with their objects made.

    Raises:
        Refused: in one sentence, where the parser would have printed its usage.
    """
    try:
        return vars(parser.instantiate(parser.parse_args(argv)))
    except ArgumentError as error:
        types = {action.dest: str(getattr(action, "_typehint", "")) for action in parser._actions}
        raise Refused(sentence(str(error), types)) from error
    except ValueError as error:  # the parser wraps what a value in a union says of itself
        raise (error.__cause__ if isinstance(error.__cause__, Refused) else error) from None


def share(values: Mapping[str, Any], function: Function, hidden: Collection[str] = ()) -> dict[str, Any]:
    """Return what a function takes of all values; a hidden parameter takes nothing, whatever has its name."""
    return {name: values[name] for name in signature(function).parameters if name in values and name not in hidden}


def _parser() -> ArgumentParser:
    return ArgumentParser(prog="pushforward", exit_on_error=False, allow_abbrev=False, add_help=False)


def _json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", type=bool, default=False)


def _add_options(parser: ArgumentParser, function: Function, hidden: Iterable[str]) -> None:
    parser.add_function_arguments(function, skip=set(hidden))
