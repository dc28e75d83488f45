"""What each verb takes, read from the index: for help, and for slips that are caught before torch is loaded."""

import os
import re
from itertools import pairwise

from pushforward import index
from pushforward.errors import Refused, nearest
from pushforward.index import Entry, Option

USAGES = {
    "fit": ("fit RECIPE --data DATA [options]", "fit --config FILE [options]", "fit --resume RUN [options]"),
    "sample": ("sample RUN [-n N] [--out FILE|FOLDER] [options]",),
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
RESUME = Option("resume", "str", None, "continue this run where its last checkpoint left it.")
SYNONYMS = {"to": "run"}
"""Other names of options: torchrun reads --run, even behind the program's name, as short for options of its own."""

Sections = dict[str, tuple[Option, ...]]


def sections(verb: str, recipe: Entry | None = None) -> Sections:
    """The options of a verb under their headings; of `fit` with those of the recipe first."""
    if verb == "list":
        return {"options": (JSON,)}
    if verb != "fit":
        return {"options": (*EXTRA.get(verb, ()), *shown("verbs", verb), *(() if verb == "report" else (JSON,)))}
    own: Sections = {f"recipe {recipe.label}": recipe.options[1:]} if recipe else {}
    data, run = (DATA, *shown("data", "load")), shown("verbs", "fit")
    return own | {"data": data, "run": run, "call": (RESUME, CONFIG, TRUST, PRINT, JSON)}


def shown(module: str, function: str) -> tuple[Option, ...]:
    """The parameters of a function that are options."""
    return tuple(o for o in index.function(module, function).options if o.name not in HIDDEN[function])


def options(verb: str, recipe: Entry | None = None) -> list[Option]:
    """All options of a verb."""
    return [option for found in sections(verb, recipe).values() for option in found]


def help_asked(argv: list[str]) -> tuple[bool, list[str]]:
    """Whether a page is asked for, and the other arguments."""
    others = [a for a in argv if a not in ("-h", "--help")]
    return len(others) < len(argv), others


def recipe(name: str) -> Entry:
    """The recipe of that name, dashes and underscores alike.

    Raises:
        Refused: there is none.
    """
    known = {e.label: e for e in index.entries("recipes")}
    if name.replace("_", "-") not in known:
        raise Refused(f"no recipe '{name}'; {nearest(name, list(known))}")
    return known[name.replace("_", "-")]


def trusted(argv: list[str]) -> tuple[str, list[str]]:
    """What --trust names, however often, with commas between; and the other arguments.

    Raises:
        Refused: if it names nothing.
    """
    named, others, left = [], [], list(argv)
    while left:
        argument = left.pop(0)
        option, equals, value = argument.partition("=")
        if option != "--trust":
            others.append(argument)
        elif equals or (left and not left[0].startswith("-")):
            named.append(value if equals else left.pop(0))
        else:
            raise Refused("--trust takes the name of a module, or several with commas between them; it was given none.")
    return ",".join(named), others


def gathered(argv: list[str]) -> list[str]:
    """The same arguments with at most one --trust, the last."""
    named, others = trusted(argv)
    return [*others, f"--trust={named}"] if named else others


def names_code(argv: list[str]) -> bool:
    """Whether a module of the working directory was named: only then may anything be imported from there.

    Else a stranger's folder could hold a module by the name of a package that is looked for and not installed.
    """
    named, others = trusted([*argv, "-"])
    given = (a for a in others if os.sep not in a)  # which is a path
    paths = {word for a in given for word in re.findall(r"(?:[^\W\d]\w*\.)+[^\W\d]\w*", a)}
    heads = {word.partition(".")[0] for word in (*paths, *named.split(",")) if word and not os.path.exists(word)}
    return any(os.path.isfile(f"{head}.py") or os.path.isdir(head) for head in heads)


def normal(verb: str, argv: list[str], options: list[Option]) -> list[str]:
    """The same arguments, as a parser built from signatures reads them: underscores in names, a value for every flag.

    Raises:
        Refused: an option that the verb does not take, with the nearest that it does; a flag's value that is none.
    """
    argv = ["--n" if a == "-n" else a for a in argv]
    found = {option.name: option for option in options}
    given = {a[2:].partition("=")[0] for a in argv if a.startswith("--")}
    for other, name in SYNONYMS.items():
        if {other, name} <= given:
            raise Refused(f"--{other} is another name of --{name}; give one of them.")
    pairs = pairwise([*argv, "--"])
    return [_normal(verb, a, after, found) if a.startswith("--") else a for a, after in pairs]


def _normal(verb: str, argument: str, after: str, options: dict[str, Option]) -> str:
    name, equals, value = argument[2:].partition("=")
    head, dot, tail = name.partition(".")
    head = head.replace("-", "_")
    denied = head.startswith("no_") and head[3:] in options
    head = head[3:] if denied else head
    head = SYNONYMS[head] if head not in options and SYNONYMS.get(head) in options else head
    if head not in options:
        raise Refused(f"{verb} has no option --{head}; {nearest(f'--{head}', [f'--{n}' for n in options])}")
    bare = not equals and not dot and after.lower() not in ("true", "false")
    if bare and head != "print_config" and options[head].annotation.partition(" ")[0] == "bool":
        if verb == "fit" and not after.startswith("-"):  # which, unlike the others, takes no more words
            raise Refused(f"--{head} must be true or false, got {after!r}.")
        return f"--{head}={'false' if denied else 'true'}"
    return f"--{head}{dot}{tail}{equals}{value}"
