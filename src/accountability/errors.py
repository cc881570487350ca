"""Everything that can go wrong, as one tree.

    AccountabilityError
    ├── Refused                     the rules said no; recorded, with every reason
    ├── DefinitionError             a workflow or report file is wrong; carries its findings
    ├── GuardError                  a guard or another expression is wrong; carries its problems
    ├── EvaluationError             a guard cannot be decided on this data; carries its place
    ├── InputError                  an argument makes no sense
    │   ├── UnknownCaseError        no case has this id
    │   └── UnknownWorkflowError    no workflow of this name (or version) is registered
    ├── CalendarNotAnnouncedError   a year's days off are not announced, and the workflow wants certainty
    ├── CanonicalError              a value has no canonical form
    ├── RecordError                 the stored record contradicts itself
    └── DatabaseError               the database cannot serve
        ├── DatabaseUnreachableError
        └── DatabaseVersionError    the tables are missing, too old or too new

Errors carry plain data only, so that they can cross processes and logs. Each says what to do next in `cure`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """Say why an act was refused.

    Attributes:
        code: One of `state, role, guard, four_eyes, recused, signature, data, document, reason, awaits, conflict,
            unknown`.
        message: One sentence for the person who tried.
        detail: The values that decided, as JSON. Never personal data.
    """

    code: str
    message: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give the reason in the shape that the record and the command line share."""
        return {"code": self.code, "message": self.message, "detail": dict(self.detail)}


class AccountabilityError(Exception):
    """Something went wrong in accountability."""

    cure: str | None = None

    def __init__(self, message: str | None = None, *, cure: str | None = None) -> None:
        super().__init__(message or self.__doc__)
        if cure is not None:
            self.cure = cure


class Refused(AccountabilityError):  # noqa: N818 -- the verb's outcome, not a failure of the program
    """The rules do not allow this act.

    Attributes:
        case: Id of the case; `workflow:NAME` where the refused act would have opened one.
        trigger: What was tried.
        reasons: Why not, nearest miss first; never empty.
    """

    def __init__(self, case: str, trigger: str, reasons: Sequence[Reason]) -> None:
        self.case = case
        self.trigger = trigger
        self.reasons = tuple(reasons)
        super().__init__(f"{trigger} refused on {case}: " + "; ".join(reason.message for reason in self.reasons))

    def as_json(self) -> dict[str, Any]:
        """Give the refusal in the shape that the command line prints."""
        return {
            "refused": True,
            "case": self.case,
            "trigger": self.trigger,
            "reasons": [reason.as_json() for reason in self.reasons],
        }


class DefinitionError(AccountabilityError):
    """A definition is wrong.

    Attributes:
        findings: The findings as JSON objects, errors and warnings, in the order of the file.
    """

    def __init__(self, message: str, findings: Sequence[Mapping[str, Any]] = (), *, cure: str | None = None) -> None:
        super().__init__(message, cure=cure)
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Problem:
    """Say what is wrong with a guard, where, and how to cure it.

    Attributes:
        code: Stable code, `ACC300` to `ACC339`.
        message: One sentence.
        start, end: Place in the guard's text, in code points; the end is not included.
        help: The cure.
    """

    code: str
    message: str
    start: int
    end: int
    help: str


class GuardError(AccountabilityError):
    """A guard is wrong.

    Attributes:
        problems: What is wrong, in the order of the text; never empty.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first, *others = self.problems
        super().__init__(first.message + (f" (and {len(others)} more)" if others else ""), cure=first.help)


class EvaluationError(AccountabilityError):
    """A guard cannot be decided on this data.

    The message never holds a value of the data, since it is recorded and shown.

    Attributes:
        start, end: Place in the guard's text, in code points; the end is not included.
    """

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = end


class InputError(AccountabilityError):
    """An argument makes no sense."""


class UnknownCaseError(InputError):
    """No case has this id."""


class UnknownWorkflowError(InputError):
    """No workflow of this name is registered."""


class CalendarNotAnnouncedError(AccountabilityError):
    """A date depends on a year whose days off are not announced.

    Attributes:
        calendar: Name of the calendar.
        year: The first such year.
    """

    def __init__(self, calendar: str, year: int) -> None:
        self.calendar = calendar
        self.year = year
        super().__init__(
            f"the calendar `{calendar}` does not know the days off of {year}",
            cure="add the notice to the calendar, or write `unannounced: provisional` in the workflow",
        )


class CanonicalError(AccountabilityError):
    """A value has no canonical form."""


class RecordError(AccountabilityError):
    """The stored record contradicts itself.

    Attributes:
        differences: What does not fit, a sentence each; empty where the message says it all.
    """

    cure = "run `accountability verify`: it names the entries that do not fit"

    def __init__(self, message: str | None = None, *, differences: Sequence[str] = ()) -> None:
        self.differences = tuple(differences)
        super().__init__(message)


class DatabaseError(AccountabilityError):
    """The database cannot serve.

    Attributes:
        outcome_unknown: Whether the act may be in the record all the same: it was sent to be committed, and no answer
            came. Otherwise nothing of it was written.
    """

    outcome_unknown: bool = False


class DatabaseUnreachableError(DatabaseError):
    """The database cannot be reached."""


class DatabaseVersionError(DatabaseError):
    """The tables in the database are missing, too old or too new."""

    cure = "run `accountability migrate`"
