"""`fit`: a recipe, its data and the run, out of one flat line of options or a file of them; or a run continued."""

import shlex
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pushforward import index
from pushforward.cli import configs, grammar
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
    content, file, others = configs.read(argv)
    named = bool(others) and not others[0].startswith("-")
    name = others[0] if named else str(content.get("recipe") or "")
    if not name:
        raise Refused(f"fit needs a recipe first: {', '.join(e.label for e in index.entries('recipes'))}.")
    trust, others = grammar.trusted(others[named:])
    call = {"command": shlex.join(["pushforward", "fit", *argv])}
    if not content and not trust:
        return _fit(*recipe(name), others, call)
    from pushforward.data.dotted import is_dotted
    from pushforward.verbs.trusting import demand, trusting

    with trusting(trust):
        if not named and is_dotted(name):
            demand(name, file, f"import {name.rpartition('.')[0]} and call {name}")
        _fit(*recipe(name), others, call, content, file)


def _fit(
    make: "Function | None",
    entry: Entry,
    argv: list[str],
    call: dict[str, Any],
    content: Mapping[str, Any] = MappingProxyType({}),
    file: str = "",
) -> None:
    """Fit, by the options of a file and, before them, those of the command line."""
    if str(content.get("recipe") or entry.label).replace("_", "-") != entry.label.replace("_", "-"):
        raise Refused(f"fit was asked for {entry.label}, but the file of --config is a call of {content['recipe']}.")
    options = grammar.options("fit", entry)
    argv = grammar.normal("fit", argv, options)
    typed = {a[2:].partition("=")[0] for a in argv if a.startswith("--")}
    defaults = configs.permitted(content, options, file, typed)
    from pushforward import data, verbs
    from pushforward.cli.parsers import of_call, share, values
    from pushforward.recipes.base import remember
    from pushforward.runs.typed import options as typed_options

    function = make or getattr(import_module(f"pushforward.{entry.module}"), entry.name)
    given = values(of_call(function, entry.label, defaults), argv)
    if not given["data"]:
        raise Refused("fit needs --data: a name, a path, hf:owner/name or a dotted path; `--data digits` is at hand.")
    for part in (function, data.load, verbs.fit):  # whose defaults the parser takes as they are
        read = share({name: given[name] for name in defaults}, part)
        given |= typed_options(read, part, file)
    told = share(given, data.load, grammar.HIDDEN["load"])
    configs.data(defaults, told, file)
    loaded = data.load(given["data"], **told)
    game = function(loaded.space, **share(given, function))
    if make:
        remember(game, entry.label, share(given, function))
    told = {"game": game, "data": loaded, "call": call, **share(given, verbs.fit, grammar.HIDDEN["fit"])}
    said({**told, "json": given["json"]}, lambda v: _outcome(verbs.fit(**v)), _words)


def resume(argv: list[str]) -> None:
    """Continue a run."""
    options = [grammar.RESUME, *grammar.shown("verbs", "resume"), grammar.JSON]
    argv = grammar.normal("fit --resume", grammar.gathered(argv), options)
    from pushforward import verbs
    from pushforward.cli.parsers import of_resume, values

    said(values(of_resume(), argv), lambda v: _outcome(verbs.resume(v.pop("resume"), **v)), _words)


def _outcome(run: Any) -> dict[str, Any] | None:
    """What the first of several processes says; the others are silent."""
    from pushforward import ranks

    return {"run": str(run.path), "verdict": run.verdict} if ranks.rank() == 0 else None


def _words(result: dict[str, Any]) -> str:
    words = [str((result["verdict"] or {}).get("verdict", ""))] if result["verdict"] else []
    return "\n".join([*words, result["run"]])
