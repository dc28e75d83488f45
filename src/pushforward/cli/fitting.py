"""`fit`: a recipe, its data and the run, out of one flat line of options or a file of them; or a run continued."""

import shlex
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushforward import index
from pushforward.cli import grammar
from pushforward.cli.results import said
from pushforward.errors import Refused
from pushforward.index import Entry

if TYPE_CHECKING:
    from pushforward.cli.parsers import Function


def recipe(name: str) -> tuple["Function | None", Entry]:
    """A recipe of ours, described but not imported; or one of the user's, at a dotted path.

    Raises:
        Refused: there is none of that name.
    """
    if "." not in name:
        return None, grammar.recipe(name)
    from pushforward.data.dotted import find

    make = find(name)
    if not callable(make):
        raise Refused(f"recipe '{name}' must be a function at a dotted path, and none was found there from here.")
    return make, replace(index.foreign(make), label=name)


def fit(argv: list[str]) -> None:
    """Fit a recipe's game to data."""
    content, others = _configured(argv)
    named = bool(argv) and not argv[0].startswith("-")
    name = argv[0] if named else str(content.get("recipe") or "")
    if not name:
        raise Refused(f"fit needs a recipe first: {', '.join(e.label for e in index.entries('recipes'))}.")
    make, entry = recipe(name)
    if str(content.get("recipe", entry.label)).replace("_", "-") != entry.label.replace("_", "-"):
        raise Refused(f"fit was asked for {name}, but the file of --config is a call of {content['recipe']}.")
    call = {"command": shlex.join(["pushforward", "fit", *argv])}
    if "arguments" in content:
        _fit(make, entry, others[named:], call, _recorded(content))
    else:
        _fit(make, entry, argv[named:], call, {})


def _fit(
    make: "Function | None", entry: Entry, argv: list[str], call: dict[str, Any], defaults: dict[str, Any]
) -> None:
    argv = grammar.normal("fit", argv, grammar.options("fit", entry))
    from pushforward import data, verbs
    from pushforward.cli.parsers import of_call, share, values
    from pushforward.recipes.base import remember

    function = make or getattr(import_module(f"pushforward.{entry.module}"), entry.name)
    given = values(of_call(function, entry.label, defaults), argv)
    if not given["data"]:
        raise Refused("fit needs --data: a name, a path, hf:owner/name or a dotted path; `--data digits` is at hand.")
    loaded = data.load(given["data"], **share(given, data.load, grammar.HIDDEN["load"]))
    game = function(loaded.space, **share(given, function))
    if make:
        remember(game, entry.label, share(given, function))
    told = {"game": game, "data": loaded, "call": call, **share(given, verbs.fit, grammar.HIDDEN["fit"])}
    said({**told, "json": given["json"]}, lambda v: _outcome(verbs.fit(**v)), _words)


def resume(argv: list[str]) -> None:
    """Continue a run."""
    options = [grammar.RESUME, *grammar.shown("verbs", "resume"), grammar.JSON]
    argv = grammar.normal("fit --resume", argv, options)
    from pushforward import verbs
    from pushforward.cli.parsers import of_resume, values

    said(values(of_resume(), argv), lambda v: _outcome(verbs.resume(v.pop("resume"), **v)), _words)


def _configured(argv: list[str]) -> tuple[dict[str, Any], list[str]]:
    """What the file of --config holds, and the other arguments."""
    for i, argument in enumerate(argv):
        option, equals, path = argument.partition("=")
        if option == "--config" and (equals or argv[i + 1 :]):
            from pushforward.runs.plain import read_yaml

            path = path or argv[i + 1]
            content = read_yaml(Path(path))
            if not isinstance(content, dict):
                raise Refused(f"the file of --config must hold options and their values, but {path} does not.")
            return content, argv[:i] + argv[i + (1 if equals else 2) :]
    return {}, argv


def _recorded(call: dict[str, Any]) -> dict[str, Any]:
    """The options that the call.yaml of a run amounts to."""
    data = dict(call["data"])
    if data.keys() & {"object", "seed"}:
        raise Refused("the file of --config records data that only Python can load again; name other data there.")
    return {"data": data.pop("spec"), **data, **call["fit"], **call["arguments"]}


def _outcome(run: Any) -> dict[str, Any] | None:
    """What the first of several processes says; the others are silent."""
    from pushforward import ranks

    return {"run": str(run.path), "verdict": run.verdict} if ranks.rank() == 0 else None


def _words(result: dict[str, Any]) -> str:
    words = [result["verdict"]["verdict"]] if result["verdict"] else []
    return "\n".join([*words, result["run"]])
