"""The law: a workflow as frozen values, exactly what its YAML says after short spellings are written out.

Names that Python reserves carry an underscore (`from_`, `as_`, `with_`, `else_`); in YAML and JSON they do not.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr

from accountability.canonical import digest

Text = str | dict[str, str]
"""Text for people: one string, or language -> string."""

FieldType = Literal["string", "integer", "decimal", "boolean", "date", "datetime", "duration", "list", "object"]


def _many(value: Any) -> Any:
    """Write one name, rule or child case as a tuple of one."""
    if isinstance(value, list):
        return tuple(value)
    return (value,) if isinstance(value, (str, dict)) else value


def _checks(value: Any) -> Any:
    """Write a bare guard as a tuple of one check."""
    return ({"check": value},) if isinstance(value, str) else _many(value)


Names = Annotated[tuple[str, ...], BeforeValidator(_many)]


class Part(BaseModel):
    """A part of a workflow: frozen, no key unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, strict=True)


class DataField(Part):
    """Declare one field of a case's data.

    Attributes:
        needs: Inner fields that every object has.
        personal: The value is kept apart from the log and can be erased.
        readers: Roles that may see the value; None means that the field is not restricted.
    """

    type: FieldType
    items: DataField | None = None
    fields: dict[str, DataField] | None = None
    needs: Names = ()
    enum: Annotated[tuple[Any, ...] | None, BeforeValidator(_many)] = None
    minimum: int | str | None = None
    maximum: int | str | None = None
    min_length: int | None = None
    max_length: int | None = None
    default: Any = None
    title: Text | None = None
    personal: bool = False
    readers: Names | None = None

    @property
    def has_default(self) -> bool:
        """Whether a case starts with a value in this field."""
        return "default" in self.model_fields_set

    @property
    def withheld(self) -> bool:
        """Whether the value is kept out of the log, behind a salted commitment."""
        return self.personal or self.readers is not None


class State(Part):
    """Declare a state; a compound one has inner `states` and an `initial`."""

    title: Text | None = None
    description: Text | None = None
    basis: Text | None = None
    final: bool = False
    states: dict[str, State | None] | None = None
    initial: str | None = None


class Check(Part):
    """A guard, and what to tell the person when it does not hold."""

    check: str
    else_: Text | None = Field(default=None, alias="else")


class History(Part):
    """Return to the inner state that was left last."""

    history: str


class Opens(Part):
    """Declare child cases that an act opens.

    Attributes:
        as_: Name of the link between parent and child.
        when: Guard; nothing is opened when it does not hold.
        each: Expression giving a list; one child for each `item`.
        with_: Field of the child -> expression.
        by: Role in which the child is opened; default: the actor's own roles. `system`: by the engine.
    """

    workflow: str
    as_: str = Field(alias="as")
    when: str | None = None
    each: str | None = None
    with_: dict[str, str] = Field(default_factory=dict, alias="with")
    by: str | None = None


class Publishes(Part):
    """Declare what goes into the public register, through which channels, and how long it may be objected to."""

    channels: Names
    fields: Names = ()
    objection: str | None = None


class Act(Part):
    """What a rule and the start have in common."""

    by: Names
    when: Annotated[tuple[Check, ...], BeforeValidator(_checks)] = ()
    needs: Names = ()
    accepts: Names = ()
    sets: dict[str, str] = Field(default_factory=dict)
    documents: Names = ()
    reason: Literal["required"] | None = None
    opens: Annotated[tuple[Opens, ...], BeforeValidator(_many)] = ()
    publishes: Publishes | None = None
    title: Text | None = None
    description: Text | None = None
    basis: Text | None = None


class Start(Act):
    """The rule that opens a case."""

    trigger: str = "start"


class Rule(Act):
    """What may happen: one rule of a trigger.

    Attributes:
        from_: States, groups, or `any`.
        to: State to enter, or a history; None: the act is recorded and the state stays.
        signatures: So many different people, or role -> so many.
        not_by: Triggers whose actors may not do this, on this case or the one it was opened from.
        same_as: Triggers whose actor alone may do this.
        awaits: Links whose children must all be closed.
    """

    from_: Annotated[Names, Field(alias="from")]
    to: str | History | None = None
    signatures: int | dict[str, int] | None = None
    not_by: Names = ()
    same_as: Names = ()
    awaits: Names = ()


class Fallback(Part):
    """Start a deadline some time after something else, where what starts it may never happen.

    Attributes:
        starts: Triggers or states.
        plus: How long after them the deadline starts at the latest; a period.
    """

    starts: Names
    plus: str


class Extend(Part):
    """Allow a deadline to be extended.

    Attributes:
        trigger: The act's name; it is declared here and nowhere else.
        by: Roles that may do it.
        times: How often at most.
        up_to: How long one extension is at most, and where the act does not say; a period.
        reason: Whether a written reason must be given.
    """

    trigger: str
    by: Names
    times: int = 1
    up_to: str
    reason: Literal["required"] | None = None
    title: Text | None = None
    basis: Text | None = None


class DeadlineRule(Part):
    """A time limit that the law sets.

    Attributes:
        starts: Triggers, or states entered; whichever comes first.
        anchor: Expression that gives the day it counts from; None: the day of what starts it.
        fallback: When it starts at the latest, where what starts it may never happen.
        within: How long it is; a period. None, with an `anchor`: it is due on that very day.
        ends: Triggers, or states entered, that meet it; empty: the case is closed.
        warn: How long before its end it is told of; periods.
        paused_in: States and groups in which it stands still.
        roll: Where it goes when its last day is no working day; None: as usual for the unit of `within`.
        on_breach: Trigger that the engine does when the time is over.
        window: Time in which something may be done, not must: its end is no breach.
    """

    starts: Names
    anchor: str | None = None
    fallback: Fallback | None = None
    within: str | None = None
    ends: Names = ()
    warn: Names = ()
    paused_in: Names = ()
    extend: Extend | None = None
    roll: Literal["none", "next_working_day"] | None = None
    on_breach: str | None = None
    window: bool = False
    title: Text | None = None
    basis: Text | None = None


class Reads(Part):
    """Declare which cases of another workflow guards may look at.

    Attributes:
        workflow: Whose cases.
        where: Field of theirs -> expression that gives the value it must hold.
    """

    workflow: str
    where: dict[str, str]


class Workflow(Part):
    """The law of one kind of case.

    Attributes:
        calendar: Which days are working days.
        zone: IANA name of the time zone in which days begin and end; None: the calendar's.
        unannounced: What becomes of a due date in a year whose holidays nobody announced yet: it is told as
            provisional, or the act that would start it is refused.
        content: The YAML's content as JSON, as it was written; what `digest` is taken over.
        digest: Lower-case hex SHA-256 of the canonical content. It pins a published version.
    """

    workflow: str
    version: int
    title: Text | None = None
    description: Text | None = None
    basis: Text | None = None
    calendar: str = "every_day"
    zone: str | None = None
    unannounced: Literal["provisional", "strict"] = "provisional"
    roles: dict[str, Text]
    data: dict[str, DataField] = Field(default_factory=dict)
    start: Start
    states: dict[str, State | None]
    initial: str
    groups: dict[str, Names] = Field(default_factory=dict)
    transitions: dict[str, Annotated[tuple[Rule, ...], BeforeValidator(_many)]]
    reads: dict[str, Reads] = Field(default_factory=dict)
    deadlines: dict[str, DeadlineRule] = Field(default_factory=dict)

    _content: dict[str, Any] = PrivateAttr()
    _digest: str = PrivateAttr()

    @property
    def content(self) -> dict[str, Any]:
        """The content as it was written."""
        return self._content

    @property
    def digest(self) -> str:
        """The digest that pins this version."""
        return self._digest

    @classmethod
    def from_content(cls, content: dict[str, Any]) -> Workflow:
        """Build the workflow that a file's or a stored definition's content describes.

        Raises:
            pydantic.ValidationError: The content has not the shape of a workflow.
            CanonicalError: The content holds a value without a canonical form, such as a float.
        """
        workflow = cls.model_validate(content)
        workflow._content = content
        workflow._digest = digest(content)
        return workflow


RESERVED_TRIGGERS = ("recuse", "note", "correct", "start", "system")
"""Names that authors may not give to a trigger of their own: every workflow has the first three already."""

SYSTEM = "system"
"""The role and the id under which the engine itself acts."""
