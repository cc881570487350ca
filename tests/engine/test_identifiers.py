"""Names for new cases."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accountability import Engine, InputError, ManualClock
from accountability.engine.identifiers import CaseIds
from tests.engine.conftest import CLERK, MORNING, WORKFLOWS

MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2199, 1, 1), timezones=st.just(UTC))


@settings(max_examples=100)
@given(moment=MOMENTS)
def test_an_id_is_a_uuid_of_version_seven(moment: datetime):
    """Version and variant stand where RFC 9562 wants them, and the first 48 bits are the milliseconds."""
    value = uuid.UUID(CaseIds().new(moment))

    assert (value.version, value.variant) == (7, uuid.RFC_4122)
    milliseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1)
    assert abs((value.int >> 80) - milliseconds) <= 1


@settings(max_examples=100)
@given(first=MOMENTS, later=st.timedeltas(timedelta(milliseconds=2), timedelta(days=9999)))
def test_ids_sort_by_time(first: datetime, later: timedelta):
    """Ids of different calls sort by the millisecond."""
    assert CaseIds().new(first) < CaseIds().new(first + later)


def test_cases_of_one_call_sort_as_they_were_opened():
    """Also those of the same moment, however many there are."""
    ids, moment = CaseIds(), datetime(2015, 2, 9, tzinfo=UTC)
    made = [ids.new(moment) for _ in range(2000)]

    assert made == sorted(set(made))
    assert {uuid.UUID(one).version for one in made} == {7}


def test_nobody_can_guess_an_id():
    """Two calls of the same moment share the milliseconds and nothing else."""
    moment = datetime(2015, 2, 9, tzinfo=UTC)
    tails = {CaseIds().new(moment)[19:] for _ in range(500)}

    assert len(tails) == 500


def test_a_seeded_source_makes_the_same_record_again_byte_for_byte(tmp_path: Path) -> None:
    """Ids, salts and the log's id come from one source, so the same acts at the same times give the same entries."""
    records = []
    for name in ("one.db", "other.db"):
        with Engine(tmp_path / name, clock=ManualClock(MORNING), entropy=Random(2015).randbytes) as engine:
            engine.migrate()
            engine.register(WORKFLOWS)
            case = engine.start("grant", by=CLERK, data={"purpose": "a", "amount": "1", "applicant": "赵六"})
            engine.fire(engine.start("bundle", by=CLERK, data={"names": ["a", "b"]}).id, "spread", by=CLERK)
            records.append([entry.leaf for entry in engine.history()])
            assert case.id in {entry.case for entry in engine.history()}

    assert records[0] == records[1]


def test_what_gives_no_bytes_is_no_entropy(tmp_path: Path) -> None:
    """A seed alone is not what is asked for; the message says what is."""
    with pytest.raises(InputError, match="entropy"):
        Engine(tmp_path / "a.db", entropy=7)  # type: ignore[arg-type]
