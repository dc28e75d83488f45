"""What a metric costs, as a number: its formula evaluated at given sizes."""

import ast
import math
from collections.abc import Mapping
from typing import Any

SIGNS = str.maketrans({"²": "**2", "³": "**3", "·": "*"})


def products(cost: str, known: Mapping[str, Any]) -> float:
    """Multiplications by a formula in the notation of `Metric.cost`: +, ·, ², ³, parentheses, and log(…).

    Args:
        cost: the formula.
        known: values of its names.
    Example:
        >>> products("(n + m)·d² + d³", {"n": 2, "m": 3, "d": 10})
        1500.0
    """
    return _value(ast.parse(cost.translate(SIGNS), mode="eval").body, known)


def _value(node: ast.expr, known: Mapping[str, Any]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return float(known[name])
        case ast.BinOp(left=a, op=ast.Add(), right=b):
            return _value(a, known) + _value(b, known)
        case ast.BinOp(left=a, op=ast.Mult(), right=b):
            return _value(a, known) * _value(b, known)
        case ast.BinOp(left=a, op=ast.Pow(), right=b):
            return _value(a, known) ** _value(b, known)
        case ast.Call(func=ast.Name(id="log"), args=[a]):
            return math.log(_value(a, known))
    raise ValueError(f"a cost is made of names, numbers, +, ·, ², ³ and log, got {ast.unparse(node)!r}.")
