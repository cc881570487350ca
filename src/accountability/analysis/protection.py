"""People's protection: what is withheld stays withheld.

A field is *withheld* when it is `personal` or has `readers`. Its value never enters the log in clear; an expression
that copies it into a clear field would defeat that, so it is refused before a case exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from accountability.analysis.examination import Examination, Flaw, items
from accountability.analysis.expressions import Expression
from accountability.analysis.people import signatures_needed
from accountability.definition.model import DataField
from accountability.definition.nearest import listed

_HELD_IN = ("data", "input")


def published(examination: Examination) -> Iterator[Flaw]:
    """Find withheld fields that would go into the public register."""
    data = examination.workflow.data
    for placed in examination.acts:
        fields = placed.act.publishes.fields if placed.act.publishes else ()
        for path, name in items((*placed.path, "publishes", "fields"), fields):
            if name in data and data[name].withheld:
                yield Flaw(
                    f"`{name}` is {_why(data[name])}, so it cannot be published",
                    path,
                    f"remove `{name}` from `publishes: fields`",
                )


def copied_here(examination: Examination) -> Iterator[Flaw]:
    """Find `sets` that copy a withheld field into one that stands in the log in clear."""
    for leak in _leaks(examination):
        if leak.expression.opens is None and not leak.target.withheld:
            yield leak.flaw(
                f"`{leak.name}` stands in the record in clear, but is computed from {leak.sources}",
                f"declare `{leak.name}` so too: `{leak.name}: {{{leak.declaration}}}`",
            )


def copied_to_child(examination: Examination) -> Iterator[Flaw]:
    """Find `with` that hands a withheld field to a child which keeps it in clear."""
    for leak in _leaks(examination):
        if leak.expression.opens is not None and not leak.target.withheld:
            yield leak.flaw(
                f"`{leak.name}` of `{leak.expression.opens.workflow}` stands in the record in clear, but is given from "
                f"{leak.sources}",
                f"declare it in `{leak.expression.opens.workflow}`: `{leak.name}: {{{leak.declaration}}}`",
            )


def widened_readers(examination: Examination) -> Iterator[Flaw]:
    """Find expressions that copy a field to where more roles may read it."""
    for leak in _leaks(examination):
        if leak.target.withheld and leak.widens:
            who = listed(leak.target.readers) if leak.target.readers else "everybody"
            allowed = f"[{', '.join(leak.readers or ())}]"
            yield leak.flaw(
                f"{who} may read `{leak.name}`, but it comes from {leak.sources}, which only {allowed} may read",
                f"write `readers: {allowed}` for `{leak.name}`",
            )


@dataclass(frozen=True, slots=True)
class _Leak:
    """An expression that carries withheld values into a field.

    Attributes:
        reads: The withheld fields it reads.
        data: All fields of the workflow.
        target: The field that receives the value.
        name: Its name.
    """

    expression: Expression
    reads: tuple[str, ...]
    data: dict[str, DataField]
    target: DataField
    name: str

    @property
    def sources(self) -> str:
        """The fields it reads, with why they are withheld, for a sentence."""
        return ", ".join(f"`{name}` ({_why(self.data[name])})" for name in self.reads)

    @property
    def readers(self) -> tuple[str, ...] | None:
        """The roles that may read all of its sources; None when everybody may."""
        restricted = [field.readers for field in map(self.data.__getitem__, self.reads) if field.readers is not None]
        if not restricted:
            return None
        return tuple(role for role in restricted[0] if all(role in readers for readers in restricted))

    @property
    def widens(self) -> bool:
        """Whether more roles may read the target than the sources.

        The roles of a child's workflow are its own, so there only a field that everybody may read counts as more.
        """
        if self.readers is None or self.target.readers is None:
            return self.readers is not None
        return self.expression.opens is None and not set(self.target.readers) <= set(self.readers)

    @property
    def declaration(self) -> str:
        """How the target must be declared to keep the promise."""
        personal = any(self.data[name].personal for name in self.reads)
        parts = [f"type: {self.target.type}", *(["personal: true"] if personal else [])]
        if self.readers is not None:
            parts.append(f"readers: [{', '.join(self.readers)}]")
        return ", ".join(parts)

    def flaw(self, message: str, cure: str) -> Flaw:
        return Flaw(message, self.expression.path, cure)


def _leaks(examination: Examination) -> Iterator[_Leak]:
    """Give every expression that carries withheld values into a field."""
    data = examination.workflow.data
    withheld = [name for name, field in data.items() if field.withheld]
    if not withheld:
        return
    of_list: tuple[str, ...] = ()
    for expression in examination.expressions:
        guard = expression.compiled
        if guard is None:
            continue
        reads = tuple(name for name in withheld if any(_touches(read, name) for read in guard.reads))
        if expression.path[-1] == "each":
            of_list = reads
            continue
        if expression.opens is not None and expression.opens.each is not None and _reads_item(guard.reads):
            reads = tuple(dict.fromkeys((*reads, *of_list)))
        if reads and expression.field is not None and expression.target is not None:
            yield _Leak(expression, reads, data, expression.target, expression.field[1])


def _touches(read: str, name: str) -> bool:
    """Whether a name that a guard reads covers a data field: the field, a part of it, or all data at once."""
    return any(read == root or f"{read}.".startswith(f"{root}.{name}.") for root in _HELD_IN)


def _reads_item(reads: frozenset[str]) -> bool:
    return any(read == "item" or read.startswith("item.") for read in reads)


def signed_in_clear(examination: Examination) -> Iterator[Flaw]:
    """Find acts that several people sign and that take withheld data, which would wait in clear for the last."""
    data = examination.workflow.data
    for placed, rule in examination.rules:
        if signatures_needed(rule) < 2:
            continue
        for key, names in (("needs", rule.needs), ("accepts", rule.accepts)):
            for path, name in items((*placed.path, key), names):
                if name in data and data[name].withheld:
                    yield Flaw(
                        f"`{name}` is {_why(data[name])}, so it cannot be given with an act that waits for signatures",
                        path,
                        f"ask for `{name}` in a rule of its own, before this one",
                    )


def given_and_computed(examination: Examination) -> Iterator[Flaw]:
    """Find withheld fields that one act both takes and computes: only one of the two values could be kept apart."""
    data = examination.workflow.data
    for placed in examination.acts:
        for name in placed.act.sets:
            if name in (*placed.act.needs, *placed.act.accepts) and name in data and data[name].withheld:
                yield Flaw(
                    f"`{name}` is {_why(data[name])}, and is both given and computed here",
                    (*placed.path, "sets", name),
                    f"compute it into a field of its own, or do not ask for `{name}`",
                    key=True,
                )


def _why(field: DataField) -> str:
    return "personal" if field.personal else f"for {listed(field.readers or ())} only"
