"""What a guard reads: exactly what it names, since rules about withheld data rest on it."""

from __future__ import annotations

import pytest

from accountability.guards import compile_guard
from tests.guards.scopes import PRESENT, SCOPE, guard


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("true", set()),
        ("data.amount > 1 && input.level == 1", {"data.amount", "input.level"}),
        ("data['amount'] > 1", {"data.amount"}),
        ("has(data.level)", {"data.level"}),
        ("has(data.address) && has(data.address.street)", {"data.address"}),
        ("'level' in data", {"data.level"}),
        ("'a' in data.tags", {"data.tags"}),
        ("actor.id == case.parent", {"actor.id", "case.parent"}),
        ("now > case.opened_at", {"now", "case.opened_at"}),
        ("item.name == 'a'", {"item"}),
        ("times('register') > 1 && visited('held')", {"times.register", "visited.held"}),
        ("children('subjects').all(c, has(c.data.level))", {"children.subjects"}),
        ("data.people.all(p, p.name == data.kind)", {"data.people", "data.kind"}),
        ("data.tags.all(data, data == 'a')", {"data.tags"}),
        ("data.tags.all(data, data == 'a') && data.open", {"data.tags", "data.open"}),
        ("x.a.b == 1", {"x.a"}),
        ("input == input", {"input", "input.level"}),
    ],
)
def test_reads_name_what_the_guard_names(text: str, reads: set[str]) -> None:
    """Fields of the scope's names, and questions about the past, dotted; a variable stands for its list."""
    assert compile_guard(text, PRESENT).reads == reads


def test_reading_a_whole_object_reads_every_field() -> None:
    """`data == input` reads each declared field, so that no withheld one slips through."""
    reads = guard("data == data").reads
    assert reads == {"data"} | {f"data.{field}" for field in SCOPE.names["data"].fields or ()}
    assert guard("actor.id in data").reads == reads | {"actor.id"}
