"""From the content of a scenario file to its steps, each with its place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from accountability.definition import shape
from accountability.definition.document import Document, Path
from accountability.definition.finding import Finding
from accountability.definition.nearest import nearest
from accountability.testing.scenario import STATUSES, About, Act, Expect, Origin, Prelude, Step, Wait
from accountability.testing.scenario_schema import ACT, KINDS, TIME

Item = Step | Prelude
"""What stands in a list of steps."""

_TIME_CURE = f"write it like {TIME}, with its offset"
_DATE_CURE = f"write a date like 2015-03-06, or a time like {TIME}"


class Reading:
    """Read the parts of one file whose outer shape is right; what is wrong is added to the findings."""

    def __init__(self, document: Document, findings: list[Finding]) -> None:
        """Read this document.

        Args:
            document: The file.
            findings: Where findings are added.
        """
        self._document = document
        self._findings = findings

    def steps(self, path: Path) -> tuple[Item, ...]:
        """Read a list of steps; those that are wrong are left out."""
        given = self._value(path)
        items = (self._step((*path, index), step) for index, step in enumerate(given))
        return tuple(item for item in items if item is not None)

    def moment(self, path: Path) -> datetime:
        """Read a moment; where it is none, any moment stands for it."""
        text = self._value(path)
        moment = _moment(text)
        if moment is None:
            self._find("ACC625", f"`{text}` is not a time with its offset", path, _TIME_CURE)
            return datetime.fromisoformat(TIME)
        return moment

    def _step(self, path: Path, given: Mapping[str, Any]) -> Item | None:
        word = next(iter(given))
        if len(given) > 1:
            self._several(path, given)
            return None
        schema = KINDS.get(word, ACT)
        if not isinstance(given[word], dict) and word not in KINDS and (meant := nearest(word, KINDS)) is not None:
            message = f"`{word}` is no step"
            self._find("ACC622", message, (*path, word), f"did you mean `{meant}`?", key=True)
            return None
        found = list(shape.check(self._document, schema, (*path, word)))
        self._findings += found
        if any(finding.is_error for finding in found) or self._document.is_broken((*path, word)):
            return None
        return self._read(Origin(self._document, path, word), given[word])

    def _several(self, path: Path, given: Mapping[str, Any]) -> None:
        """Say that a step has more than one key; mostly what belongs behind the first stands beside it."""
        first, *others = given
        beside = [word for word in others if word in ACT["properties"]]
        cure = f"put `{beside[0]}` behind `{first}:`, into its braces" if beside else "begin each step with a `- `"
        message = f"a step is one key; this one has {len(given)}: {', '.join(f'`{word}`' for word in given)}"
        self._find("ACC621", message, (*path, others[0]), cure, key=True)

    def _read(self, origin: Origin, given: Any) -> Item:
        match origin.word:
            case "expect":
                return self._expect(origin, given)
            case "wait":
                return Wait(origin=origin, period=given)
            case "wait_until":
                return Wait(origin=origin, until=self._day_or_moment(origin.inside()))
            case "case":
                return About(origin=origin, case=given)
            case "prelude":
                return Prelude(origin=origin, name=given)
        return self._act(origin, given)

    def _act(self, origin: Origin, given: Mapping[str, Any]) -> Act:
        if "after" in given and "at" in given:
            cure = "keep one of them"
            self._find("ACC625", "`after` and `at` both say when", origin.inside("at"), cure, key=True)
        named = origin.word in ("fire", "refused")
        return Act(
            origin=origin,
            trigger=given["trigger"] if named else origin.word,
            by=_many(given["by"]),
            data=given.get("data", {}),
            documents=_documents(given.get("documents", ())),
            reason=given.get("reason"),
            occurred=self.moment(origin.inside("occurred")) if "occurred" in given else None,
            roles=frozenset(_many(given["roles"])) if "roles" in given else None,
            case=given.get("case"),
            after=given.get("after"),
            at=self.moment(origin.inside("at")) if "at" in given else None,
            workflow=given.get("workflow"),
            name=given.get("as"),
            because=_many(given.get("because", ())),
            says=given.get("says"),
        )

    def _expect(self, origin: Origin, given: Mapping[str, Any]) -> Expect:
        due = given.get("due", {})
        return Expect(
            origin=origin,
            case=given.get("case"),
            state=given.get("state"),
            closed=given.get("closed"),
            data=given.get("data", {}),
            due={
                name: None if text is None else self._day_or_moment(origin.inside("due", name))
                for name, text in due.items()
            },
            deadlines={status: _many(given[status]) for status in (*STATUSES, "late") if status in given},
            children=given.get("children", {}),
        )

    def _day_or_moment(self, path: Path) -> date | datetime:
        text = self._value(path)
        found = _day(text) or _moment(text)
        if found is None:
            self._find("ACC625", f"`{text}` is neither a date nor a time with its offset", path, _DATE_CURE)
            return datetime.fromisoformat(TIME)
        return found

    def _value(self, path: Path) -> Any:
        value = self._document.data
        for part in path:
            value = value[part]
        return value

    def _find(self, code: str, message: str, path: Path, cure: str, *, key: bool = False) -> None:
        self._findings.append(self._document.finding(code, message, path, help=cure, key=key))


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment if "T" in text and moment.utcoffset() is not None and 1 < moment.year < 9999 else None
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2015-03-06") else None
    except ValueError:
        return None


def _documents(given: Any) -> dict[str, bytes]:
    """Give documents their bytes: where only a name is given, it stands for its content too."""
    texts = given if isinstance(given, Mapping) else {name: name for name in _many(given)}
    return {name: text.encode() for name, text in texts.items()}


def _many(given: Any) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
