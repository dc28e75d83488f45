"""The options of each verb, read from the index: for help, and for slips that are caught before torch is loaded."""

import os
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from pushforward import index
from pushforward.errors import Refused, nearest
from pushforward.index import Entry, Option

USAGES = {
    "fit": (
        "fit [RECIPE] --data DATA [options]",
        "fit RECIPE --data DATA --sweep OPTION=V,V,... [options]",
        "fit --config FILE [options]",
        "fit --resume RUN [options]",
    ),
    "sample": ("sample RUN [-n N] [--out FILE|FOLDER] [options]",),
    "encode": ("encode RUN [DATA] [--out FILE] [options]",),
    "reconstruct": ("reconstruct RUN [DATA] [--out FILE|FOLDER] [options]",),
    "likelihood": ("likelihood RUN [DATA] [--annealed true] [options]",),
    "export": ("export RUN [--out FILE.onnx] [options]",),
    "score": ("score REAL FAKE [options]", "score RUN"),
    "compare": ("compare A B [C ...] --data REAL [options]",),
    "report": ("report RUN [RUN ...] [--out FILE]",),
    "list": ("list [KIND]",),
}
# Parameters that no option sets: what is positional, what only Python can pass, and the seed of the split, which stays
# so that runs of different seeds are judged on the same part.
HIDDEN = {
    "fit": {"game", "data", "call"},
    "load": {"spec", "seed", "native", "likely_labels"},
    "resume": {"run", "data", "game", "probes", "probe_features"},
    "sample": {"run"},
    "encode": {"run", "data"},
    "reconstruct": {"run", "data"},
    "likelihood": {"run", "data"},
    "export": {"run"},
    "score": {"real", "fake"},
    "compare": {"real", "models"},
    "report": {"runs"},
}
DATA = Option("data", "str", None, "a name (`pushforward list data`), a path, hf:owner/name or a dotted path.")
JSON = Option("json", "bool", "False", "print the result as JSON.")
ABOVE = Option("fail_above", "str", None, "exit with 1 if a score is above a bound: kid=0.05, commas between several.")
BELOW = Option("fail_below", "str", None, "exit with 1 if a score is below a bound: precision=0.6.")
EXTRA = {"score": (ABOVE, BELOW), "compare": (DATA,)}
CONFIG = Option("config", "str", None, "read options from a YAML file; those on the command line win.")
PRINT = Option("print_config", "bool", "False", "print the whole call as YAML instead of running it.")
TRUST = Option("trust", "str", None, "modules outside this package that the file of --config may name.")
SWEEP = Option(
    "sweep", "str", None, "fit once for each value of an option, adversarial=0,1,3, and draw one page of all."
)
RESUME = Option("resume", "str", None, "continue this run where its last checkpoint left it.")
SYNONYMS = {"to": "run"}
"""The other names of options: torchrun reads --run, even behind the program's name, as short for options of its own."""

Sections = dict[str, tuple[Option, ...]]


def sections(verb: str, recipe: Entry | None = None) -> Sections:
    """Return the options of a verb under their headings; of `fit` with those of the recipe first."""
    if verb == "list":
        return {"options": (JSON,)}
    if verb != "fit":
        return {"options": (*EXTRA.get(verb, ()), *settable("verbs", verb), *(() if verb == "report" else (JSON,)))}
    of_recipe: Sections = {f"recipe {recipe.label}": recipe.options[1:]} if recipe else {}
    data, run = (DATA, *settable("data", "load")), settable("verbs", "fit")
    return of_recipe | {"data": data, "run": run, "call": (RESUME, SWEEP, CONFIG, TRUST, PRINT, JSON)}


def settable(module: str, function: str) -> tuple[Option, ...]:
    """Return the parameters of a function that are options."""
    return tuple(o for o in index.function(module, function).options if o.name not in HIDDEN[function])


def options(verb: str, recipe: Entry | None = None) -> list[Option]:
    """Return all options of a verb, without their headings."""
    return [option for section in sections(verb, recipe).values() for option in section]


def split_help(argv: list[str]) -> tuple[bool, list[str]]:
    """Return whether a page is asked for, and the other arguments."""
    others = [a for a in argv if a not in ("-h", "--help")]
    return len(others) < len(argv), others


def recipe(name: str) -> Entry:
    """Return the entry of the recipe of that name, dashes and underscores alike.

    Raises:
        Refused: there is no recipe of that name; it may be that of data.
    """
    known = {e.label: e for e in index.entries("recipes")}
    if name.replace("_", "-") not in known:
        if os.path.exists(name) or name in (e.label for e in index.entries("data")):
            raise Refused(data_not_recipe(name))
        raise Refused(f"no recipe '{name}'; {nearest(name, list(known))}")
    return known[name.replace("_", "-")]


def data_not_recipe(name: str) -> str:
    """Return the sentence about data in the place of a recipe."""
    return f"no recipe '{name}'; it is data: pushforward fit --data {name}."


def split_trust(argv: list[str]) -> tuple[str, list[str]]:
    """Return what --trust names, however often it comes, with commas between, and the other arguments.

    Raises:
        Refused: if it names nothing.
    """
    modules, others, rest = [], [], list(argv)
    while rest:
        argument = rest.pop(0)
        option, equals, value = argument.partition("=")
        if option != "--trust":
            others.append(argument)
        elif equals or (rest and not rest[0].startswith("-")):
            modules.append(value if equals else rest.pop(0))
        else:
            raise Refused("--trust takes the name of a module, or several with commas between them; it was given none.")
    return ",".join(modules), others


def join_trust(argv: list[str]) -> list[str]:
    """Return the same arguments with at most one --trust, the last."""
    modules, others = split_trust(argv)
    return [*others, f"--trust={modules}"] if modules else others


def names_code(argv: list[str]) -> bool:
    """Return whether a module of the working directory was named: only then may anything be imported from there.

    Else a stranger's folder could hold a module by the name of a package that is looked for and not installed.
    """
    modules, others = split_trust([*argv, "-"])
    no_files = (a for a in others if os.sep not in a)
    paths = {word for a in no_files for word in re.findall(r"(?:[^\W\d]\w*\.)+[^\W\d]\w*", a)}
    heads = {word.partition(".")[0] for word in (*paths, *modules.split(",")) if word and not os.path.exists(word)}
    return any(os.path.isfile(f"{head}.py") or os.path.isdir(head) for head in heads)


def normalised(verb: str, argv: list[str], options: list[Option]) -> list[str]:
    """Return the arguments as a parser built from signatures reads them: underscores in names, a value for every flag.

    Raises:
        Refused: an option that the verb does not take, with the nearest that it does; a flag's value that is none.
    """
    argv = ["--n" if a == "-n" else a for a in argv]
    by_name = {option.name: option for option in options}
    typed = {a[2:].partition("=")[0] for a in argv if a.startswith("--")}
    for other, name in SYNONYMS.items():
        if {other, name} <= typed:
            raise Refused(f"--{other} is another name of --{name}; give one of them.")
    pairs = pairwise([*argv, "--"])
    return [_normalised(verb, a, after, by_name) if a.startswith("--") else a for a, after in pairs]


def said(name: str, argv: list[str], defaults: Mapping[str, Any]) -> bool | str:
    """Return whether a flag is true, or its word, before anything is parsed: as the line says last, or the defaults.

    Args:
        name: of the flag.
        argv: normalised.
        defaults: of options that the line does not give.
    """
    words = [b if a == f"--{name}" else a.partition("=")[2] for a, b in pairwise([*argv, ""]) if _names(name, a)]
    word = words[-1] if words else defaults.get(name) or False
    return {"true": True, "false": False}.get(str(word).lower(), word)


def _names(name: str, argument: str) -> bool:
    return argument.partition("=")[0] == f"--{name}"


def _normalised(verb: str, argument: str, after: str, options: dict[str, Option]) -> str:
    name, equals, value = argument[2:].partition("=")
    head, dot, tail = name.partition(".")
    head = head.replace("-", "_")
    denied = head.startswith("no_") and head[3:] in options
    head = head[3:] if denied else head
    if tail == "conditional" and head in ("network", "critic_network"):
        raise Refused(
            f"--{head}.conditional is --conditional now, an option of the recipe; labels are used unless false."
        )
    head = SYNONYMS[head] if head not in options and SYNONYMS.get(head) in options else head
    if head not in options:
        raise Refused(f"{verb} has no option --{head}; {nearest(f'--{head}', [f'--{n}' for n in options])}")
    words = ["true", "false", *re.findall(r"'(\w+)'", options[head].annotation)]
    bare = not equals and not dot and after.lower() not in words
    if bare and head != "print_config" and options[head].annotation.partition(" ")[0] == "bool":
        if verb == "fit" and not after.startswith("-"):  # which, unlike the others, takes no more words
            raise Refused(f"--{head} must be {', '.join(words[:-1])} or {words[-1]}, got {after!r}.")
        return f"--{head}={'false' if denied else 'true'}"
    return f"--{head}{dot}{tail}{equals}{value}"
