"""Bounded quantities: arithmetic that never invents precision."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from isthmus.errors import ValueFormatError
from isthmus.quantities import Quantity, total
from tests.quantities.strategies import Q, holds, member, quantities


@pytest.mark.parametrize(
    ("found", "low", "high"),
    [
        (Q("1", "2").add(Q("10", "20")), "11", "22"),
        (Q(">1", "2").add(Q("10", "<20")), ">11", "<22"),
        (Q("1", "").add(Q("10", "20")), "11", ""),
        (Q("~1", "1").add(Q("2", "2")), "~3", "3"),
        (Q("34", "34").sub(Q("", "<20")), ">14", ""),
        (Q("44", "44").sub(Q("9", ">15"[1:])), "29", "35"),
        (Q("1", "2").sub(Q("~1", "1")), "0", "~1"),
        (Q("2", "<3").mul(-2), ">-6", "-4"),
        (Q(">2", "").mul(0), "0", "0"),
        (Q("-1", "2").mul(Q("-3", "4")), "-6", "8"),
        (Q("-1", "<2").mul(Q("-3", "4")), ">-6", "<8"),
        (Q("0", "<5").mul(Q(">2", "3")), "0", "<15"),
        (Q(">0", "1").mul(Q("1", "")), ">0", ""),
        (Q("~2", "3").mul(Q("5", "5")), "~10", "15"),
        (Q("-1", "").mul(Q("2", "3")), "-3", ""),
        (Q("34", "34").div(225), repr(34 / 225), repr(34 / 225)),
        (Q("1", "2").div(Q("4", "8")), "0.125", "0.5"),
        (Q("1", "2").div(Q("4", "<8")), ">0.125", "0.5"),
        (Q("1", "2").div(Q("0", "4")), "0.25", ""),
        (Q("1", "2").div(Q("-4", "0")), "", "-0.25"),
        (Q("-1", "2").div(Q("0", "4")), "", ""),
        (Q("1", "2").div(Q("4", "")), ">0", "0.5"),
        (Q("0", "2").div(Q("4", "")), "0", "0.5"),
        (Q("1", "2").div(Q("-1", "1")), "", ""),
        (Q("1", "2").div(0), "", ""),
        (Q("1", "2").div(Q("~0", "4")), "", ""),
        (Q("0", "0").div(Q("0", "4")), "0", "0"),
        (Q("1", "2").hull(Q("5", "6")), "1", "6"),
        (Q(">1", "2").hull(Q("1", "<2")), "1", "2"),
        (Q("1", "2").hull(Q("", "<20")), "", "<20"),
        (Q("~1", "2").hull(Q("1", "2")), "~1", "2"),
        (total([Q("0.1", "0.1")] * 10), "1", "1"),
        (total([], "posts"), "0", "0"),
        (Q("1e308", "1e308").mul(10), "", ""),
        (Q("1e308", "1e308").add(Q("1e308", "1.5e308")), "", ""),
    ],
)
def test_arithmetic_vectors(found: Quantity, low: str, high: str) -> None:
    assert (found.low_text, found.high_text) == (low, high)


def test_rounding_that_joins_two_ends_shows_as_near() -> None:
    found = Q(">0", "<5e-324").mul(0.25)
    assert (found.low, found.high, found.exact, found.approx) == (0, 0, False, True)


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        (("1", "5"), ("3", "9"), "3", "5"),
        (("1", "<5"), ("", "5"), "1", "<5"),
        ((">3", ""), ("3", ""), ">3", ""),
        (("~3", ""), ("3", "4"), "~3", "4"),
        (("1", "3"), ("3", "5"), "3", "3"),
    ],
)
def test_intersect_vectors(a: tuple[str, str], b: tuple[str, str], low: str, high: str) -> None:
    found = Q(*a).intersect(Q(*b))
    assert found is not None
    assert (found.low_text, found.high_text) == (low, high)
    assert Q(*b).intersect(Q(*a)) == found


def test_intersect_of_what_is_disjoint_is_none() -> None:
    assert Q("1", "2").intersect(Q("3", "4")) is None
    assert Q("1", "<3").intersect(Q("3", "4")) is None
    about = Q("~0.15", "~0.15")
    assert about.intersect(Q("0.153", "0.153")) is None
    assert about.compatible(Q("0.153", "0.153"))
    assert not Q("1", "<3").compatible(Q("3", "4"))


@pytest.mark.parametrize(
    ("a", "b", "certainly", "possibly"),
    [
        (("1", "2"), ("3", "4"), True, True),
        (("1", "3"), ("3", "4"), False, True),
        (("1", "<3"), ("3", "4"), True, True),
        (("3", "4"), ("1", "3"), False, False),
        (("1", "5"), ("3", "4"), False, True),
        (("12", ""), ("3", "4"), False, False),
        (("", "<20"), ("20", ""), True, True),
        (("~1", "~1"), ("3", "3"), False, True),
        (("~156", "<156"), ("156", "156"), True, True),
        (("5", "5"), ("5", "5"), False, False),
    ],
)
def test_order_vectors(a: tuple[str, str], b: tuple[str, str], certainly: bool, possibly: bool) -> None:
    assert Q(*a).certainly_less(Q(*b)) is certainly
    assert Q(*a).possibly_less(Q(*b)) is possibly


def test_unknown_is_not_certain_of_anything() -> None:
    unknown, known = Quantity.unknown(), Quantity.exactly(5)
    for a, b in ((unknown, known), (known, unknown), (unknown, unknown)):
        assert not a.certainly_less(b)
        assert a.possibly_less(b)
        assert not a.add(b).known
        assert a.compatible(b)


@pytest.mark.parametrize("verb", ["add", "sub", "hull", "intersect", "certainly_less", "possibly_less", "compatible"])
def test_units_that_differ_never_meet(verb: str) -> None:
    with pytest.raises(ValueFormatError, match="share and a proportion"):
        getattr(Quantity.exactly(0.5, "share"), verb)(Quantity.exactly(0.5, "proportion"))


def test_units_of_products_and_quotients() -> None:
    def of(unit: str) -> Quantity:
        return Quantity.exactly(4, unit)

    products = [("", "posts", "posts"), ("share", "USD", "USD"), ("share", "share", "share"), ("", "", "")]
    for one, other, unit in products:
        assert of(one).mul(of(other)).unit == of(other).mul(of(one)).unit == unit
    quotients = [("posts", "posts", "ratio"), ("USD", "", "USD"), ("USD", "share", "USD"), ("share", "share", "ratio")]
    for one, other, unit in quotients:
        assert of(one).div(of(other)).unit == unit
    assert of("posts").div(of("posts"), "proportion").unit == "proportion"
    assert of("USD").mul(of("posts"), unit="USD").unit == "USD"
    for one, other in (("share", "proportion"), ("USD", "posts")):
        with pytest.raises(ValueFormatError, match="Name the unit"):
            of(one).mul(of(other))
        with pytest.raises(ValueFormatError, match="Name the unit"):
            of(one).div(of(other))
    with pytest.raises(ValueFormatError, match="no unit"):
        total([])
    with pytest.raises(ValueFormatError, match="added to"):
        total([of("posts"), of("seats")])


def test_hedges_join_once_in_order() -> None:
    a, b = Q("1", "1", hedge="reportedly"), Q("2", "2", hedge="appears; reportedly")
    assert a.add(b).hedge == "reportedly; appears"
    assert b.sub(a).hedge == "appears; reportedly"
    assert a.mul(2).hedge == "reportedly"
    assert a.div(b).hedge == a.hull(b).hedge == "reportedly; appears"
    assert Q("1", "1", hedge="").hedge is None
    assert total([Q("1", "1")] * 2).hedge is None


OPERATIONS: dict[str, tuple[Callable[[Quantity, Quantity], Quantity], Callable[[float, float], float]]] = {
    "add": (Quantity.add, lambda x, y: x + y),
    "sub": (Quantity.sub, lambda x, y: x - y),
    "mul": (lambda a, b: a.mul(b, "posts"), lambda x, y: x * y),
    "div": (lambda a, b: a.div(b, "posts"), lambda x, y: x / y if y else math.nan),
}


@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
@settings(max_examples=120)
def test_arithmetic_holds_every_result_of_members(name: str, data: st.DataObject) -> None:
    on_quantities, on_numbers = OPERATIONS[name]
    a, b = data.draw(quantities()), data.draw(quantities())
    x, y = member(data, a), member(data, b)
    result, value = on_quantities(a, b), on_numbers(x, y)
    assume(not math.isnan(value))
    assert result.low is None or result.low <= value
    assert result.high is None or value <= result.high


@pytest.mark.parametrize("name", ["add", "sub", "mul"])
@given(data=st.data())
@settings(max_examples=120)
def test_an_end_is_excluded_only_if_no_members_reach_it(name: str, data: st.DataObject) -> None:
    """With small integers all arithmetic is exact, so an attained end must be a closed one and the other way round."""
    integers = st.integers(-3, 3).map(float)
    a, b = data.draw(quantities(integers)), data.draw(quantities(integers))
    assume(not a.approx and not b.approx)
    on_quantities, on_numbers = OPERATIONS[name]
    result = on_quantities(a, b)

    def reach(quantity: Quantity) -> list[float]:
        return [x for x in map(float, range(-9, 10)) if holds(quantity, x)]

    values = [on_numbers(x, y) for x in reach(a) for y in reach(b)]
    for value in values:
        assert holds(result, value)
    corners = [end for end in (a.low, a.high, b.low, b.high) if end is not None]
    if not (a.bits & 3 or b.bits & 3) and len(corners) == 4:
        assert (result.low, result.high, result.bits) == (min(values), max(values), 0)


@given(st.lists(quantities(), min_size=1, max_size=6), st.data())
@settings(max_examples=100)
def test_total_holds_the_sum_of_members(terms: list[Quantity], data: st.DataObject) -> None:
    result = total(terms)
    value = math.fsum(member(data, term) for term in terms)
    assert result.low is None or result.low <= value
    assert result.high is None or value <= result.high
    assert result.near_low == (result.low is not None and any(term.near_low for term in terms))
    assert total(terms[::-1]).to_json() | {"hedge": None} == result.to_json() | {"hedge": None}
    if result.exact and result.low is not None:
        exact = sum((Fraction(term.low) for term in terms if term.low is not None), Fraction(0))
        assert abs(Fraction(result.low) - exact) <= abs(exact) * Fraction(1, 2**52)


@given(quantities(), quantities(), st.sampled_from(["add", "sub", "mul", "div"]))
@settings(max_examples=200)
def test_doubt_is_never_lost(a: Quantity, b: Quantity, name: str) -> None:
    """An exact result has exact terms, unless a factor of zero settles it; sums are never narrower than their terms."""
    result = OPERATIONS[name][0](a, b)
    zero = (a.exact and a.low == 0) or (b.exact and b.low == 0)
    if result.exact and not zero:
        # A narrow quantity may round to one double when a wide one is added; its members then give that double too.
        assert not a.approx
        assert not b.approx
        assert a.known
        assert b.known
    if name in ("add", "sub") and None not in (a.low, a.high, b.low, b.high, result.low, result.high):
        width = Fraction(result.high or 0) - Fraction(result.low or 0)
        wanted = sum(Fraction(q.high or 0) - Fraction(q.low or 0) for q in (a, b))
        slack = Fraction(max(abs(result.low or 0), abs(result.high or 0))) / 2**52
        assert width >= wanted - slack


@given(quantities(), quantities(), st.data())
@settings(max_examples=150)
def test_hull_and_intersect_agree_with_members(a: Quantity, b: Quantity, data: st.DataObject) -> None:
    x = member(data, a)
    assert holds(a.hull(b), x)
    assert holds(b.hull(a), x)
    both = a.intersect(b)
    if not a.approx and not b.approx:
        assert (both is not None and holds(both, x)) == holds(b, x)
        assert (both is None) == (not a.compatible(b))


@given(quantities(), quantities(), st.data())
@settings(max_examples=150)
def test_order_agrees_with_members(a: Quantity, b: Quantity, data: st.DataObject) -> None:
    x, y = member(data, a), member(data, b)
    if a.certainly_less(b):
        assert x < y
        assert a.possibly_less(b)
        assert not b.possibly_less(a)
    if x < y:
        assert a.possibly_less(b)
