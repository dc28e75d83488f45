"""The verb `fit` of the shell: a recipe, its data and the run, out of one line or a file of options."""

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pushforward import index
from pushforward.cli import configs, grammar
from pushforward.cli.rehearsal import rehearse
from pushforward.cli.results import print_result
from pushforward.dotted import find, is_dotted
from pushforward.errors import Refused, nearest
from pushforward.index import Entry, Option

if TYPE_CHECKING:
    from pushforward.cli.parsers import Function
    from pushforward.data import Data


NO_DATA = "fit needs --data: a name, a path, hf:owner/name or a dotted path; `--data digits` is at hand."

UNDECIDED = Entry("", "", "", "", "", (Option("space", "Space", None, ""),))
"""The entry of a recipe that has yet to be chosen, which has no options."""


def recipe_entry(name: str) -> Entry:
    """Return the entry of a recipe of ours, which is not imported, or of the user's, at a dotted path.

    Raises:
        Refused: there is no recipe of that name.
    """
    return rehearse(partial(_recipe, name))[1] if _of_the_user(name) else grammar.recipe(name)


def _of_the_user(name: str) -> bool:
    """Return whether a recipe is named by a dotted path.

    Raises:
        Refused: if it is named by the path of a file, or with a colon, or is the path of data.
    """
    if os.path.exists(name) and not name.endswith(".py") and re.search(r"[./\\]", name):
        raise Refused(grammar.data_not_recipe(name))
    if is_dotted(name) and not name.endswith(".py"):
        return True
    if not re.search(r"[./:\\]", name):
        return False
    words = [word for word in re.findall(r"[^\W\d]\w*", name) if word != "py"]
    path = ".".join([*words, "NAME"] if len(words) == 1 else words)
    raise Refused(
        f"no recipe '{name}'; a recipe of yours is a function at a dotted path, without file or colon: {path}."
    )


def fit(argv: list[str]) -> None:
    """Fit a recipe's game to data, as one command line says; without a recipe, that of the one which suits the data."""
    content, file, others = configs.read(argv)
    named = bool(others) and not others[0].startswith("-")
    name = others[0] if named else str(content.get("recipe") or "")
    trust, others = grammar.split_trust(others[named:])
    loaded = None
    if not name:
        _refuse_recipe_options(others, content, file)
        asked = [a for a in others if not a.startswith("--print_config")]
        loaded, name = _suited(rehearse(partial(_checked, name, named, asked, content, file, trust))[2], trust)
    checked = rehearse(partial(_checked, name, named, others, content, file, trust))
    from pushforward.verbs.trust import trusting

    with trusting(trust):
        _fit(*checked, {"command": shlex.join(["pushforward", "fit", *argv])}, loaded)


def rehearsed(argv: list[str]) -> None:
    """Refuse a command line with a recipe that `fit` would refuse, before anything is fitted."""
    content, file, (name, *others) = configs.read(argv)
    trust, others = grammar.split_trust(others)
    rehearse(partial(_checked, name, True, others, content, file, trust))


def _refuse_recipe_options(argv: list[str], content: Mapping[str, Any], file: str) -> None:
    """Refuse options of recipes where no recipe is named, and a file that records a game made by hand."""
    if "recipe" in content:
        raise Refused(f"{file} records a game made by hand, which only Python can make; name a recipe before --config.")
    typed = [re.sub(r"^--(no[-_])?|[.=].*", "", a).replace("-", "_") for a in argv if a.startswith("--")]
    of_recipes = {option.name for entry in index.entries("recipes") for option in entry.options[1:]}
    others = of_recipes.difference(option.name for option in grammar.options("fit"))
    for option in (*typed, *content):
        if option in others:
            raise Refused(
                f"--{option} is an option of recipes, and none is named: pushforward fit RECIPE --{option} …; without "
                "a recipe, the data choose one, and its options are its own."
            )


def _suited(arguments: Mapping[str, Any], trust: str) -> tuple["Data", str]:
    """Return the data, and the name of the recipe that suits them; say which it is and why."""
    from pushforward.verbs.recommended import say_choice, suiting
    from pushforward.verbs.trust import trusting

    with trusting(trust):
        loaded = _loaded(arguments)
    found = suiting(loaded)
    say_choice(found, arguments["quiet"])
    return loaded, found.label


def _loaded(arguments: Mapping[str, Any]) -> "Data":
    from pushforward import data
    from pushforward.cli.parsers import share

    return data.load(arguments["data"], **share(arguments, data.load, grammar.HIDDEN["load"]))


def _fit(
    function: "Function", entry: Entry, arguments: dict[str, Any], call: dict[str, Any], loaded: "Data | None"
) -> None:
    from pushforward import verbs
    from pushforward.cli.parsers import share
    from pushforward.recipes.base import remember

    loaded = _loaded(arguments) if loaded is None else loaded
    game = function(loaded.space, **share(arguments, function))
    if "." in entry.label:
        remember(game, entry.label, share(arguments, function))
    of_fit = {"game": game, "data": loaded, "call": call, **share(arguments, verbs.fit, grammar.HIDDEN["fit"])}
    print_result({**of_fit, "json": arguments["json"]}, lambda v: _outcome(verbs.fit(**v)), _text)


def _checked(
    name: str, named: bool, argv: list[str], content: Mapping[str, Any], file: str, trust: str
) -> tuple["Function", Entry, dict[str, Any]]:
    """Return the recipe and checked arguments: the options of the line, and those of a file behind them.

    Without the name of a recipe there are those of the data and the run alone.
    """
    from pushforward import data, verbs
    from pushforward.cli.parsers import of_call, share, values
    from pushforward.permission import demand_call
    from pushforward.recipes.base import refuse_out_of_range
    from pushforward.recipes.papers import numbers_of
    from pushforward.runs.typed_values import options as typed_options
    from pushforward.verbs import argument_checks as checking
    from pushforward.verbs.trust import trusting

    with trusting(trust):
        if not named and is_dotted(name):
            demand_call(name, file)
        function, entry = _recipe(name) if name else (_undecided, UNDECIDED)
        if str(content.get("recipe") or entry.label).replace("_", "-") != entry.label.replace("_", "-"):
            raise Refused(f"fit was asked for {name}, but the file of --config is a call of {content['recipe']}.")
        options = grammar.options("fit", entry)
        argv = grammar.normalised("fit", argv, options)
        typed = {a[2:].partition("=")[0] for a in argv if a.startswith("--")}
        from_file = configs.by_parameter(content, options, file)
        untyped = {option: value for option, value in from_file.items() if option not in typed}
        defaults = configs.permitted(untyped, options, file)
        numbers = numbers_of(function, grammar.said("paper", argv, defaults))
        arguments = values(of_call(function, entry.label, numbers | defaults), argv)
        for part in (function, data.load, verbs.fit):  # whose defaults the parser takes as they are
            arguments |= typed_options(share({name: arguments[name] for name in defaults}, part), part, file)
        if not arguments["data"]:
            raise Refused(NO_DATA if name else f"{NO_DATA} A recipe before it is yours to choose, or the data's.")
        if "." not in entry.label:
            refuse_out_of_range(entry.name, share(arguments, function))
        # before anything looks for them
        configs.check_data(defaults, share(arguments, data.load, grammar.HIDDEN["load"]), file)
        checking.check_fit(**arguments)
        return function, entry, arguments


def _recipe(name: str) -> tuple["Function", Entry]:
    """Return a recipe of ours, or a function of the user's at a dotted path, and its entry.

    Raises:
        Refused: there is no such module, or nothing of that name in it that makes a game.
    """
    if not _of_the_user(name):
        entry = grammar.recipe(name)
        return getattr(import_module(f"pushforward.{entry.module}"), entry.name), entry
    module, _, own = name.rpartition(".")
    make: Function | None = find(name)
    if make is None:
        known = [f"{file.stem}.{own}" for file in sorted(Path().glob("*.py"))]
        others = (
            nearest(name, known)
            if get_close_matches(name, known)
            else "it is looked for here, and in what is installed."
        )
        raise Refused(f"no recipe '{name}': there is no module {module}; {others}")
    if not callable(make):
        raise Refused(
            f"recipe '{name}' must be a function, and {own} of module {module} is of type {type(make).__name__}."
        )
    return make, replace(index.described(make), label=name)


def _undecided(space: Any) -> None:
    """Stand for a recipe that has yet to be chosen: a signature without options."""


def resume(argv: list[str]) -> None:
    """Continue a run, as one command line says."""
    options = [grammar.RESUME, *grammar.settable("verbs", "resume"), grammar.JSON]
    arguments = rehearse(partial(_resumable, grammar.normalised("fit --resume", grammar.join_trust(argv), options)))
    from pushforward import verbs

    print_result(arguments, lambda v: _outcome(verbs.resume(v.pop("resume"), **v)), _text)


def _resumable(argv: list[str]) -> dict[str, Any]:
    from pushforward.cli.parsers import of_resume, values
    from pushforward.verbs import argument_checks as checking

    arguments = values(of_resume(), argv)
    checking.check_resume(**arguments)
    return arguments


def _outcome(run: Any) -> dict[str, Any] | None:
    """Return what the first of several processes prints; None on the others, which are silent."""
    from pushforward import ranks

    return {"run": str(run.path), "verdict": run.verdict} if ranks.rank() == 0 else None


def _text(result: dict[str, Any]) -> str:
    words = [str((result["verdict"] or {}).get("verdict", ""))] if result["verdict"] else []
    return "\n".join([*words, result["run"]])
