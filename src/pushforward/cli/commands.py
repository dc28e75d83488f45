"""The verbs as the shell calls them: arguments in, a call of `pushforward.verbs`, results out."""

import os
import sys
from dataclasses import asdict
from functools import partial
from importlib import import_module
from typing import Any

from pushforward import index, standing
from pushforward.cli import bounds, fitting, grammar, pages, sweeping
from pushforward.cli.rehearsal import rehearse
from pushforward.cli.results import print_result
from pushforward.errors import Refused, nearest
from pushforward.progress import hushed, step


def run(argv: list[str]) -> int:
    """Answer one command line and return its exit code: 1 where a bound was crossed, else 0."""
    verb, *rest = argv or ["--help"]
    if verb in ("-h", "--help"):
        print(pages.front())
    elif verb == "--version":
        print(import_module("importlib.metadata").version("pushforward"))
    elif verb not in COMMANDS:
        raise Refused(f"no verb '{verb}'; {nearest(verb, list(COMMANDS))}")
    else:
        if grammar.names_code(rest):
            sys.path.append(os.getcwd())  # last: a dotted path finds the user's module, and hides none of ours
        with hushed("--quiet" in rest), step(f"pushforward {verb}"):
            return COMMANDS[verb](rest) or 0
    return 0


def fit(argv: list[str]) -> None:
    """Fit a recipe's game to data, or continue a run."""
    help_wanted, argv = grammar.split_help(argv)
    named = bool(argv) and not argv[0].startswith("-")
    if help_wanted:
        print(pages.verb("fit", fitting.recipe_entry(argv[0]) if named else None))
    elif any(a.partition("=")[0] == "--resume" for a in argv):
        fitting.resume(argv)
    elif sweeping.wanted(argv):
        sweeping.sweep(argv)
    else:
        fitting.fit(argv)


def sample(argv: list[str]) -> None:
    """Write points from a run's sampler into a file or folder."""
    if values := _values("sample", argv, {"run": None}):
        from pushforward import verbs

        print_result(values, lambda v: {"out": str(verbs.sample(**v))}, lambda result: result["out"])


def encode(argv: list[str]) -> None:
    """Write the codes of data by a run's encoder into a file."""
    if values := _values("encode", argv, {"run": None, "data": "?"}):
        from pushforward import verbs

        print_result(values, lambda v: {"out": str(verbs.encode(**v))}, lambda result: result["out"])


def reconstruct(argv: list[str]) -> None:
    """Write what the codes of data decode to into a file or folder."""
    if values := _values("reconstruct", argv, {"run": None, "data": "?"}):
        from pushforward import verbs

        print_result(values, lambda v: {"out": str(verbs.reconstruct(**v))}, lambda result: result["out"])


def likelihood(argv: list[str]) -> None:
    """Say how likely data are under a run's sampler."""
    if values := _values("likelihood", argv, {"run": None, "data": "?"}):
        from pushforward import verbs
        from pushforward.verbs.likely import in_words

        print_result(values, lambda v: verbs.likelihood(**v), in_words)


def export(argv: list[str]) -> None:
    """Write a run's sampler as one ONNX file."""
    if values := _values("export", argv, {"run": None}):
        from pushforward import verbs

        print_result(values, lambda v: {"out": str(verbs.export(**v))}, lambda result: result["out"])


def score(argv: list[str]) -> int:
    """Score samples against data and return the exit code, 1 where a score lies beyond a bound."""
    values = _values("score", argv, {"real": None, "fake": "?"})
    if values is None:
        return 0
    from pushforward import verbs
    from pushforward.judging.judgement import table

    above, below = (bounds.read(name, values.pop(name)) for name in ("fail_above", "fail_below"))
    result = print_result(values, lambda v: verbs.score(**v).to_json(), table)
    return bounds.exit_code(result["scores"], above, below)


def compare(argv: list[str]) -> None:
    """Compare several sets of samples: which of them is closest to the data."""
    if values := _values("compare", argv, {"models": "+"}):
        from pushforward import verbs
        from pushforward.verbs.comparing import words

        print_result(values, lambda v: verbs.compare(v.pop("data"), **v).to_json(), words)


def report(argv: list[str]) -> None:
    """Write one page of one or several runs."""
    if values := _values("report", argv, {"runs": "+"}):
        from pushforward import verbs

        print_result(values, lambda v: {"page": str(verbs.report(**v))}, lambda result: result["page"])


def listing(argv: list[str]) -> None:
    """List what there is to choose from."""
    help_wanted, argv = grammar.split_help(argv)
    if help_wanted:
        return print(pages.verb("list"))
    kinds = [a for a in argv if not a.startswith("-")]
    grammar.normalised("list", argv, [grammar.JSON])
    for kind in kinds:
        if kind not in index.KINDS:
            raise Refused(f"no kind '{kind}'; {nearest(kind, list(index.KINDS))}")
    kinds = kinds or list(index.KINDS)
    listed = {kind: [_told(kind, e) for e in index.entries(kind)] for kind in kinds}
    print_result({"json": "--json" in argv}, lambda v: listed, lambda result: pages.listed(kinds))


def _told(kind: str, entry: index.Entry) -> dict[str, Any]:
    """Return an entry as JSON has it, a recipe with its standing."""
    words = {"about": standing.about, "citation": standing.citation, "measured": standing.measured}
    return asdict(entry) | ({name: word(entry) for name, word in words.items()} if kind == "recipes" else {})


def _values(verb: str, argv: list[str], positional: dict[str, str | None]) -> dict[str, Any] | None:
    """Return the checked arguments of a verb; None when its page was asked for, and printed."""
    help_wanted, argv = grammar.split_help(argv)
    if help_wanted:
        return print(pages.verb(verb))
    argv = grammar.normalised(verb, grammar.join_trust(argv), grammar.options(verb))
    return rehearse(partial(_checked, verb, argv, positional))


def _checked(verb: str, argv: list[str], positional: dict[str, str | None]) -> dict[str, Any]:
    from pushforward.cli.parsers import of_verb, values
    from pushforward.verbs import argument_checks as checking

    arguments = values(of_verb(verb, positional), argv)
    bounds.check(arguments)
    getattr(checking, f"check_{verb}")(**arguments)
    return arguments


COMMANDS = {
    "fit": fit,
    "sample": sample,
    "encode": encode,
    "reconstruct": reconstruct,
    "likelihood": likelihood,
    "export": export,
    "score": score,
    "compare": compare,
    "report": report,
    "list": listing,
}
