"""The JSON Schema of the language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from accountability.calendars.duration import allowance
from accountability.definition import shape
from accountability.definition.loader import load_path
from accountability.definition.schema import PERIOD, schema
from accountability.definition.source import read
from accountability.errors import InputError
from tests.definition.test_model import everything
from tests.definition.test_wrong_files import EXPECTED, HERE, WRONG

SEEN_BY_SCHEMA = ("ACC100", "ACC101", "ACC102", "ACC103", "ACC104", "ACC107", "ACC108", "ACC113", "ACC114", "ACC190")


def validator() -> jsonschema.Draft202012Validator:
    """Give an independent reader of the schema."""
    return jsonschema.Draft202012Validator(schema())


def test_the_schema_is_one() -> None:
    """An independent implementation agrees that the schema is JSON Schema 2020-12."""
    jsonschema.Draft202012Validator.check_schema(schema())


def test_correct_files_are_valid() -> None:
    """Editors show no error in a file that loads, short spellings included."""
    assert list(validator().iter_errors(load_path(HERE / "right.yaml").document.data)) == []
    assert list(validator().iter_errors(load_path(HERE / "right_with_deadlines.yaml").document.data)) == []
    assert list(validator().iter_errors(everything().content)) == []


def test_a_file_that_extends_another_may_leave_everything_else_out() -> None:
    """Editors miss no key in it, and still see a key that is wrong."""
    assert validator().is_valid({"extends": "../petition.yaml", "version": 2})
    assert not validator().is_valid({"extends": "../petition.yaml", "version": "2"})
    assert not validator().is_valid({"version": 2})


@pytest.mark.parametrize("name", sorted(name for name, (code, _, _) in EXPECTED.items() if code in SEEN_BY_SCHEMA))
def test_editors_see_mistakes_of_shape(name: str) -> None:
    """Whatever the loader refuses for its shape, an editor underlines as well."""
    document = read((WRONG / f"{name}.yaml").read_bytes(), name)

    assert not validator().is_valid(document.data)


@pytest.mark.parametrize("path", sorted(WRONG.iterdir()), ids=lambda path: path.stem)
def test_loader_and_schema_agree(path: Path) -> None:
    """The loader reads the schema as an independent implementation does: both refuse, or neither."""
    document = read(path.read_bytes(), path.name)
    if document.data is None or document.broken:
        return

    ours = any(finding.is_error for finding in shape.check(document))

    assert ours == (not validator().is_valid(document.data))


def test_every_expectation_is_worded() -> None:
    """Each type that the schema asks for says in words what that is, for messages."""
    unworded = [place for place, part in _parts(schema(), "") if "type" in part and "title" not in part]

    assert unworded == []


def test_a_changed_copy_does_not_change_the_language() -> None:
    """`schema()` hands out a copy."""
    schema()["properties"].clear()

    assert "workflow" in schema()["properties"]


def _parts(part: Any, place: str) -> list[tuple[str, dict[str, Any]]]:
    if isinstance(part, list):
        return [found for index, item in enumerate(part) for found in _parts(item, f"{place}/{index}")]
    if not isinstance(part, dict):
        return []
    inner = [found for key, item in part.items() if key != "examples" for found in _parts(item, f"{place}/{key}")]
    is_schema = isinstance(part.get("type"), (str, list))
    return [(place, part), *inner] if is_schema else inner


@pytest.mark.parametrize(
    ("period", "possible"),
    [
        ("5 working days", True),
        ("1 day", True),
        ("36 hours", True),
        ("P1M", True),
        ("P1Y6M", True),
        ("PT36H", True),
        ("99999 years", True),
        ("999 working days", True),
        ("1000 working days", False),
        ("0 days", False),
        ("5 workdays", False),
        ("5  days", False),
        ("five days", False),
        ("P1M2D", False),
        ("P", False),
        ("5 days\n", False),
    ],
)
def test_a_period_is_what_the_calendar_can_count(period: str, possible: bool) -> None:
    """The shape lets a period through exactly when the calendar can read it."""
    assert bool(re.fullmatch(PERIOD, period)) == possible
    if possible:
        assert allowance(period).amount > 0
    else:
        with pytest.raises(InputError):
            allowance(period)
