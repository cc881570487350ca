"""The checker: every name, type and optional field, all at once."""

from __future__ import annotations

import pytest

from accountability.guards import (
    BOOL,
    DECIMAL,
    DYN,
    INT,
    OBJECT,
    STRING,
    GuardError,
    Scope,
    Slot,
    Type,
    check_guard,
    compile_guard,
    list_of,
)
from accountability.guards.types import fits, joined
from tests.guards.scopes import SCOPE, obj, problems


@pytest.mark.parametrize(
    ("text", "code", "place", "cure"),
    [
        ("amount > 1", "ACC301", "amount", "write `data.amount`"),
        ("dat.amount > 1", "ACC301", "dat", "did you mean `data`?"),
        ("petition == data.kind", "ACC301", "petition", "quotation marks"),
        ("data.amuont > 1", "ACC302", "amuont", "did you mean `amount`?"),
        ("data.zzz == 1", "ACC302", "zzz", "known fields: address, amount"),
        ("data['amuont'] > 1", "ACC302", "'amuont'", "did you mean `amount`?"),
        ("has(data.levle)", "ACC302", "levle", "did you mean `level`?"),
        ("data.kind.size > 1", "ACC302", "size", "size(...)"),
        ("data.people.name == ''", "ACC302", "name", ".exists(x, ...)"),
        ('data.kind.startWith("x")', "ACC303", "startWith", "did you mean `startsWith()`?"),
        ('startsWith(data.kind, "x")', "ACC303", 'startsWith(data.kind, "x")', "text.startsWith(part)"),
        ("all(data.tags, true)", "ACC303", "all", "list.all(x, ...)"),
        ('data.due < "2020-01-01"', "ACC304", 'data.due < "2020-01-01"', 'date("2015-02-09")'),
        ('now < "2020-01-01"', "ACC304", 'now < "2020-01-01"', "timestamp("),
        ("data.takes > 5", "ACC304", "data.takes > 5", 'duration("36h")'),
        ("now > data.due", "ACC304", "now > data.due", "dates with dates"),
        ('data.amount == "3"', "ACC304", 'data.amount == "3"', "without quotation marks"),
        ("data.amount == null", "ACC304", "data.amount == null", "has()"),
        ("data.price % 2.0 == 0.0", "ACC304", "data.price % 2.0", "integers"),
        ('data.kind in "abc"', "ACC304", 'data.kind in "abc"', "text.contains(part)"),
        ("3 in data.tags", "ACC304", "3 in data.tags", "quotation marks"),
        ("data.tags == 'a'", "ACC304", "data.tags == 'a'", "value in list"),
        ("data.tags['a' + 'b'] == 'a'", "ACC304", "'a' + 'b'", "from 0"),
        ("data[actor.id] == 1", "ACC304", "actor.id", ".name"),
        ("data.amount[0] == 1", "ACC304", "data.amount", "only lists"),
        ("-data.kind == 'a'", "ACC304", "-data.kind", "only numbers"),
        ("(data.open ? 1 : 'a') == 1", "ACC304", "data.open ? 1 : 'a'", "one type"),
        ("size(data.amount) > 1", "ACC305", "data.amount", "value of that type"),
        ("size() > 1", "ACC305", "size()", "give it 1"),
        ("data.kind.contains() ", "ACC305", "data.kind.contains()", "give it 1"),
        ("size(data) > 1", "ACC305", "size(data)", "has()"),
        ("data.kind.all(x, true)", "ACC305", "data.kind", "list"),
        ("data.amount", "ACC306", "data.amount", "a comparison"),
        ("data.level > 1", "ACC307", "data.level", "has(data.level) && ..."),
        ("data['level'] > 1", "ACC307", "data['level']", "has(data.level) && ..."),
        ("children('subjects')[0].data.level > 1", "ACC307", "children('subjects')[0].data.level", "has()"),
        ("data.kind.matches('a.*')", "ACC313", "matches", "no regular expressions"),
        ("string(data.amount) == '3'", "ACC313", "string", "no conversions"),
        ("data.amount && data.open", "ACC314", "data.amount", "!= 0"),
        ("!data.kind", "ACC314", "data.kind", "comparison"),
        ("data.kind ? true : false", "ACC314", "data.kind", "comparison"),
        ("data.tags.all(t, t)", "ACC314", "t", "comparison"),
        ("times('registr') > 1", "ACC316", "'registr'", "did you mean `register`?"),
        ("visited('hold')", "ACC317", "'hold'", "did you mean `held`?"),
        ("children('subject').all(c, c.closed)", "ACC318", "'subject'", "did you mean `subjects`?"),
        ('data.due < date("2015-13-01")', "ACC319", '"2015-13-01"', "2015-02-09"),
        ('data.takes < duration("P1D")', "ACC319", '"P1D"', "a day is 24h"),
        ('now < timestamp("2015-02-09T09:00+08:00")', "ACC319", '"2015-02-09T09:00+08:00"', "09:00:00+08:00"),
        ("times(data.kind) > 1", "ACC321", "times(data.kind)", 'times("accept")'),
        ("data.kind in ['a', 1]", "ACC322", "1", "one type"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_cure(text: str, code: str, place: str, cure: str) -> None:
    """One problem for one mistake: its code, the exact piece of text, and what to do."""
    found = check_guard(text, SCOPE)
    assert [(each.code, text[each.start : each.end]) for each in found] == [(code, place)]
    assert cure in found[0].help
    assert not found[0].message.endswith(".")


def test_all_problems_are_found_at_once() -> None:
    """The checker goes on after a problem, and tells each once, in the order of the text."""
    text = "data.levl > 1 || times('x') > data.kind || data.open + 1 == foo(2)"
    assert [code for code, _ in problems(text)] == ["ACC302", "ACC304", "ACC316", "ACC304", "ACC303"]
    with pytest.raises(GuardError, match="and 4 more"):
        compile_guard(text, SCOPE)


@pytest.mark.parametrize(
    "text",
    [
        "has(data.level) && data.level > 1",
        "data.open && has(data.level) && (data.open || data.level > 1)",
        "!has(data.level) || data.level > 1",
        "has(data.level) ? data.level > 1 : false",
        "!has(data.level) ? false : data.level > 1",
        "!(has(data.level) && data.open) || data.level > 1",
        "!(!has(data.level) || data.open) && data.level > 1",
        "(data.open ? has(data.level) : has(data.level) && data.open) && data.level > 1",
        "(has(data.level) && data.open || has(data.level)) && data.level > 1",
        "has(data.level) && data['level'] > 1",
        "'level' in data && data.level > 1",
        "has(data.address) && data.address.city == 'x'",
        "has(data.address) && has(data.address.street) && data.address.street == 'x'",
        "data.people.all(p, has(p.age) && p.age > 3)",
        "data.people.map(p, has(p.age), p.age).all(a, a > 3)",
        "has(data.level) && data.tags.all(t, data.level > 3)",
        "has(data.people[0].age) && data.people[0].age > 3",
        "has(item.age) && item.age > 3",
        "children('subjects').all(c, has(c.data.level) && c.data.level > 1)",
        "has(input.level) && input.level > 1",
    ],
)
def test_has_opens_what_it_makes_sure_of(text: str) -> None:
    """An optional field may be read wherever `has()` has decided that it is there."""
    assert problems(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "data.level > 1 && has(data.level)",
        "has(data.level) || data.level > 1",
        "(has(data.level) || data.open) && data.level > 1",
        "!has(data.level) && data.level > 1",
        "has(input.level) && data.level > 1",
        "(data.open ? has(data.level) : data.open) && data.level > 1",
        "has(data.level) ? data.open : data.level > 1",
        "data.people.all(p, has(p.age)) && data.people.all(p, p.age > 3)",
        "has(data.people[0].age) && data.people[1].age > 3",
        "data.people.exists(p, has(p.age) && data.people.exists(p, p.age > 3))",
        "has(data.address.street)",
    ],
)
def test_has_opens_nothing_else(text: str) -> None:
    """An optional field that may be missing there is refused."""
    assert {code for code, _ in problems(text)} == {"ACC307"}


def test_unknown_history_is_not_checked_where_nothing_is_known() -> None:
    """A scope that does not list triggers, states or links accepts any; children's data are then of unknown type."""
    text = "times('a') > 1 && visited('b') && children('c').all(d, d.data.e.f == 1)"
    assert check_guard(text, Scope()) == ()


def test_a_guard_that_would_cost_too_much_is_refused() -> None:
    """Macros nested over lists of unknown length multiply; lists in the text count as long as they are."""
    deep = "data.tags.all(a, data.tags.all(b, data.tags.all(c, a + b == c)))"
    assert problems(deep) == [("ACC311", deep)]
    assert "200000" in check_guard(deep, SCOPE)[0].message
    assert problems(deep.replace("data.tags", "['x', 'y']")) == []
    assert problems("data.tags.all(a, data.tags.all(b, a == b))") == []


def test_the_expected_type_is_held() -> None:
    """An integer may stand for a decimal, a value of unknown type for anything, nothing else for another type."""
    assert problems("data.amount", DECIMAL) == []
    assert problems("x", DECIMAL) == []
    assert problems("[1]", list_of(DECIMAL)) == []
    assert problems("[]", list_of(STRING)) == []
    assert problems("data.price", INT) == [("ACC306", "data.price")]
    assert problems("['a']", list_of(INT)) == [("ACC306", "['a']")]
    assert problems("data.free", obj(a=INT)) == []
    assert problems("item", obj(name=STRING)) == [("ACC306", "item")]
    assert problems("data.kind", None) == []


def test_types_join_and_fit_as_documented() -> None:
    """Numbers widen, empty lists join any, objects fit field by field."""
    assert joined(INT, DECIMAL) == DECIMAL
    assert joined(list_of(INT), Type("list")) == list_of(INT)
    assert joined(list_of(INT), list_of(STRING)) is None
    assert joined(obj(a=INT), obj(b=INT)) == OBJECT
    assert joined(INT, DYN) == DYN
    assert fits(obj(a=INT), obj(a=DECIMAL, b=Slot(BOOL, optional=True)))
    assert not fits(obj(), obj(a=INT))
    assert not fits(obj(a=INT, b=INT), obj(a=INT))
    assert str(list_of(list_of(INT))) == "list of list of int"
