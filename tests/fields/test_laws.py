"""Laws that every field obeys: the classes are found by walking the room."""

import pytest

from pushforward import fields, testing
from pushforward.errors import Refused
from pushforward.fields import DoubleSoftmax, Field, MMDGradient, ScoreDifference, Sinkhorn
from pushforward.kernels import Distance, Laplacian, Linear, Median, Polynomial, RationalQuadratic

MEMBERS = [c for c in vars(fields).values() if isinstance(c, type) and issubclass(c, Field) and c is not Field]
VARIANTS = (
    DoubleSoftmax(0.05),
    DoubleSoftmax((0.3, 0.01), floor=1e-3),
    *(MMDGradient(k) for k in (Distance(), Laplacian(Median()), Linear(), Polynomial(3), 2 * RationalQuadratic())),
    ScoreDifference((0.05, 0.5)),
    Sinkhorn((0.1, 0.4), iterations=3),
)
each = pytest.mark.parametrize("V", [*(c() for c in MEMBERS), *VARIANTS], ids=repr)


@pytest.mark.parametrize("law", testing.fields.LAWS, ids=lambda law: law.name)
@each
def test_law(V, law):
    law(V)


def test_a_field_has_the_laws_of_its_room():
    assert testing.laws(DoubleSoftmax()) == testing.fields.LAWS


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: DoubleSoftmax(0.0), "temperatures of DoubleSoftmax must be positive and finite, got 0.0"),
        (lambda: DoubleSoftmax(()), "temperatures of DoubleSoftmax must be positive"),
        (lambda: DoubleSoftmax(floor=1.0), r"floor of DoubleSoftmax must lie in \[0, 1\), got 1.0"),
        (lambda: ScoreDifference((0.1, -1.0)), "bandwidths of ScoreDifference must be positive"),
        (lambda: Sinkhorn(iterations=0), "iterations of Sinkhorn must be at least 1, got 0"),
        (lambda: Sinkhorn(float("nan")), "temperatures of Sinkhorn must be positive and finite, got nan"),
    ],
)
def test_options_out_of_range_are_refused(make, said):
    with pytest.raises(Refused, match=said):
        make()
