"""Reading back: a case as it stands or stood, as its viewer may see it, and figures of what there is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from accountability import Actor, Case, InputError, RecordError, UnknownCaseError
from accountability.definition import shipped
from tests.engine.desk import ANN, BOB, Desk, opened_desk

PERMIT = """\
workflow: permit
version: 1
roles: {clerk: Clerk, head: Head, porter: Porter}
data:
  metres: {type: integer}
  name: {type: string, personal: true}
  diagnosis: {type: string, personal: true, readers: [head]}
  hint: {type: string, readers: [clerk, head]}
start: {by: clerk, accepts: [metres, name, diagnosis, hint]}
states: {a: , b: {initial: x, states: {x: , y: }}, z: {final: true}}
initial: a
transitions:
  put: {from: any, by: [clerk, head], accepts: [metres, name, diagnosis, hint]}
  take: {from: a, to: b, by: head}
  ask: {from: b, to: b.y, by: head}
  end: {from: b, to: z, by: head}
"""
PERSONAL = {"metres": 12, "name": "Zhao", "diagnosis": "flu", "hint": "ask"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Open an office that gives permits."""
    with opened_desk(tmp_path, PERMIT) as desk:
        yield desk


@pytest.fixture
def case(desk: Desk) -> Case:
    """Walk a case through four entries, an hour apart."""
    case = desk.engine.start("permit", by=ANN, data=PERSONAL)
    for trigger, by, data in (("put", BOB, {"metres": 9, "diagnosis": "cold"}), ("take", BOB, {}), ("end", BOB, {})):
        desk.clock.advance(hours=1)
        case = desk.engine.fire(case.id, trigger, by=by, data=data)
    return case


def test_a_case_is_as_it_was_after_each_entry(desk: Desk, case: Case):
    """State, data, and whether it was closed."""
    past = [desk.engine.replay(case.id, seq=seq) for seq in (1, 2, 3, 4)]

    assert [one.seq for one in past] == [1, 2, 3, 4]
    assert [(one.state, one.closed) for one in past] == [("a", False), ("a", False), ("b.x", False), ("z", True)]
    assert [one.data for one in past] == [{"metres": 12}, {"metres": 9}, {"metres": 9}, {"metres": 9}]
    assert [one.updated_at for one in past] == [entry.at for entry in desk.engine.history(case.id)]


def test_a_case_is_as_it_was_at_any_moment(desk: Desk, case: Case):
    """The entry of a moment counts from that moment on; the zone in which one asks means nothing."""
    entries = list(desk.engine.history(case.id))

    for entry in entries:
        assert desk.engine.replay(case.id, at=entry.at).seq == entry.seq
        assert desk.engine.replay(case.id, at=entry.at + timedelta(minutes=59)).seq == entry.seq
        local = entry.at.astimezone(datetime.fromisoformat("2015-01-01T00:00+08:00").tzinfo)
        assert desk.engine.replay(case.id, at=local).seq == entry.seq
    assert desk.engine.replay(case.id, at=datetime(2099, 1, 1, tzinfo=UTC)).seq == 4


def test_withheld_values_are_replayed_as_they_stood_for_those_who_may_read_them(desk: Desk, case: Case):
    """An earlier value is the earlier one; without a viewer there is none."""
    assert desk.engine.replay(case.id, seq=1, by=BOB).data == PERSONAL
    assert desk.engine.replay(case.id, by=BOB).data == PERSONAL | {"metres": 9, "diagnosis": "cold"}
    assert desk.engine.replay(case.id, seq=1).data == {"metres": 12}


def test_each_viewer_sees_what_the_readers_of_a_field_allow(desk: Desk, case: Case):
    """Personal without `readers`: any role of the workflow. With `readers`: these roles only. Strangers: nothing."""

    def sees(*roles: str) -> set[str]:
        return set(desk.engine.case(case.id, by=Actor("x", roles)).data)

    assert sees("head") == {"metres", "name", "diagnosis", "hint"}
    assert sees("clerk") == {"metres", "name", "hint"}
    assert sees("porter") == {"metres", "name"}
    assert sees("mayor") == {"metres"}
    assert sees() == {"metres"}


@pytest.mark.parametrize(
    "moment",
    [
        {"seq": 0}, {"seq": 5}, {"seq": -1}, {"at": datetime(2015, 2, 9, tzinfo=UTC)},
        {"at": datetime(2015, 2, 9, 12)}, {"seq": 1, "at": datetime(2099, 1, 1, tzinfo=UTC)},
    ],
)  # fmt: skip
def test_moments_at_which_there_was_no_case_are_refused(desk: Desk, case: Case, moment: dict[str, object]):
    """With what there is; a time without a zone, or both a time and a seq, make no sense either."""
    with pytest.raises(InputError) as error:
        desk.engine.replay(case.id, **moment)  # type: ignore[arg-type]
    assert error.value.cure


def test_a_case_that_is_not_there_is_named(desk: Desk):
    """By every verb that reads one."""
    for read in (desk.engine.case, desk.engine.replay, lambda name: desk.engine.options(name, by=ANN),
                 lambda name: list(desk.engine.history(name))):  # fmt: skip
        with pytest.raises(UnknownCaseError, match="no-such-case"):
            read("no-such-case")


def test_a_stored_case_that_its_entries_do_not_give_is_no_case(desk: Desk, case: Case):
    """The replay says so instead of showing one of the two."""
    with desk.owned() as connection:
        connection.execute("UPDATE acc_case SET state = 'b.y' WHERE id = ?", (case.id,))

    with pytest.raises(RecordError) as error:
        desk.engine.replay(case.id)
    assert error.value.differences == ("the stored case is not what its entries say",)
    assert desk.engine.replay(case.id, seq=3).state == "b.x"


def test_a_value_that_was_replaced_is_no_longer_the_one_committed_to(desk: Desk, case: Case):
    """Somebody who owns the database puts another diagnosis in."""
    with desk.owned() as connection:
        connection.execute("UPDATE acc_opening SET value = '\"plague\"' WHERE field = 'diagnosis' AND seq = 2")

    assert desk.problems() == {"openings": "violated"}


def test_cases_are_listed_oldest_first_by_what_they_are(desk: Desk):
    """By workflow, state (a compound state means those inside it), open or closed; withheld fields in none."""
    cases = []
    for _ in range(5):
        desk.clock.advance(minutes=1)
        cases.append(desk.engine.start("permit", by=ANN, data=PERSONAL).id)
    for case_id in cases[1:4]:
        desk.engine.fire(case_id, "take", by=BOB)
    desk.engine.fire(cases[3], "end", by=BOB)

    def listed(**chosen: object) -> list[str]:
        return [case.id for case in desk.engine.cases(**chosen)]  # type: ignore[arg-type]

    assert listed() == listed(workflow="permit") == cases
    assert listed(state="b") == listed(state="b.x") == cases[1:3]
    assert listed(closed=True) == listed(state="z") == [cases[3]]
    assert listed(closed=False, limit=2) == cases[:2]
    assert listed(workflow="other") == listed(state="b.y") == []
    assert all(set(case.data) == {"metres"} for case in desk.engine.cases())


def test_a_report_on_an_empty_record_counts_nothing(tmp_path: Path):
    """Nought everywhere, no growth anywhere, nothing to trace; and the year before is compared day by day."""
    with opened_desk(tmp_path) as desk:
        desk.engine.register(shipped.folder())
        desk.clock.set("2016-11-02T09:00+08:00")
        for name in ("discipline_year", "responsibility_year"):
            report = desk.engine.report(
                shipped.folder() / "reports" / f"{name}.yaml",
                since=date(2016, 1, 1), until=date(2016, 10, 31), compare="previous_year",
            )  # fmt: skip

            assert report.compare is not None
            assert report.compare.as_json() == {"from": "2015-01-01", "to": "2015-10-31"}
            assert report.as_of == desk.clock.now()
            for figure in report.figures:
                counted = report.figures[figure]
                assert (counted.value, counted.previous, counted.growth) == (0, 0, None)
                assert report.trace[figure] == ()
        assert desk.engine.verify().ok


def test_counting_tells_how_far_it_is(desk: Desk, tmp_path: Path):
    """Now and then, with the entries read so far, so that nobody waits in the dark; and the figures are the same."""
    file = tmp_path / "year.yaml"
    file.write_text("report: year\nfigures: {it: {title: It, count: entries, of: {workflow: permit, trigger: put}}}\n")
    case = desk.engine.start("permit", by=ANN, data={"metres": 1})
    for metres in range(249):
        desk.engine.fire(case.id, "put", by=ANN, data={"metres": metres})
    told: list[int] = []
    year = {"since": date(2015, 1, 1), "until": date(2015, 12, 31)}

    [report] = desk.engine.reports([file], **year, progress=told.append)

    assert told == [100, 200]
    assert report.figures["it"].value == 249
    assert desk.engine.report(file, **year).figures == report.figures


def test_a_report_that_is_not_compared_has_no_earlier_figures(tmp_path: Path):
    """Neither a number nor a growth."""
    with opened_desk(tmp_path) as desk:
        desk.engine.register(shipped.folder())
        report = desk.engine.report(
            shipped.folder() / "reports" / "discipline_year.yaml", since=date(2015, 1, 1), until=date(2015, 12, 31)
        )

        assert report.compare is None
        assert {figure.previous for figure in report.figures.values()} == {None}


def test_history_is_read_while_it_is_asked_for(desk: Desk, case: Case):
    """One entry at a time; whoever stops early leaves nothing open."""
    history = desk.engine.history(case.id)
    first = next(history)
    history.close()  # type: ignore[attr-defined]

    assert first.seq == 1
    assert desk.engine.fire(desk.engine.start("permit", by=ANN).id, "put", by=ANN).seq == 2
