"""The sweep over an option of a recipe: one fit for each of its values, and one page of all."""

from dataclasses import dataclass
from pathlib import Path

from pushforward.cli import fitting
from pushforward.cli.results import print_result
from pushforward.errors import Refused


@dataclass(frozen=True)
class Sweep:
    """The *option* that is swept.

    Args:
        name: of the option, of its class's own after a dot.
        values: that it takes, as words.
        root: of the folders of the runs, to which name and value are added.
        others: the other arguments of `fit`.
    """

    name: str
    values: tuple[str, ...]
    root: str
    others: tuple[str, ...]

    @property
    def folders(self) -> list[str]:
        """The folder of each run."""
        return [f"{self.root}-{self.name}-{value}" for value in self.values]

    @property
    def lines(self) -> list[list[str]]:
        """The command line of each run."""
        pairs = zip(self.values, self.folders, strict=True)
        return [[*self.others, f"--{self.name}={value}", f"--run={folder}"] for value, folder in pairs]


def wanted(argv: list[str]) -> bool:
    """Return whether a command line asks for a sweep."""
    return any(a.partition("=")[0] == "--sweep" for a in argv)


def read(argv: list[str]) -> Sweep:
    """Return the sweep that a command line asks for.

    Raises:
        Refused: without a recipe, for no option or fewer than two values.
    """
    if not argv or argv[0].startswith("-"):
        raise Refused("--sweep is over an option of a recipe, and none is named: `pushforward fit RECIPE --sweep "
                      "OPTION=V,V`.")  # fmt: skip
    (text, *more), others = _taken(argv, "sweep")
    name, equals, listed = text.removeprefix("--").partition("=")
    values = tuple(dict.fromkeys(value.strip() for value in listed.split(",") if value.strip()))
    if more or not equals or len(values) < 2:
        raise Refused(
            f"--sweep takes one option of the recipe and two values or more, adversarial=0,1,3, got '{text}'."
        )
    folders, others = _taken(others, "run")
    also, others = _taken(others, "to")
    data, _ = _taken(others, "data")
    root = [*folders, *also, f"runs/{argv[0]}-{Path(data[-1]).stem if data else 'data'}"][0]
    return Sweep(name.replace("-", "_"), values, root, tuple(others))


def sweep(argv: list[str]) -> None:
    """Fit once for each value, as one command line says, after all were checked; then draw the page of all."""
    asked = read(argv)
    for line in asked.lines:
        fitting.rehearsed(line)
    for line in asked.lines:
        fitting.fit(line)
    from pushforward import verbs

    page = {"runs": asked.folders, "out": f"{asked.root}-{asked.name}.html", "json": "--json" in argv}
    print_result(page, lambda v: {"page": str(verbs.report(**v))}, lambda result: result["page"])


def _taken(argv: list[str], name: str) -> tuple[list[str], list[str]]:
    """Return what an option is given, however often it comes, and the other arguments."""
    found, others, rest = list[str](), list[str](), list(argv)
    while rest:
        argument = rest.pop(0)
        option, equals, value = argument.partition("=")
        if option != f"--{name}":
            others.append(argument)
        else:
            found.append(value if equals else rest.pop(0) if rest else "")
    return found, others
