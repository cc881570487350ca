"""Data leave in the form that was asked for, and cannot steer a terminal."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountability.cli.output import clean, write_rows
from accountability.cli.page import in_language, say, show, table, when

ROWS = [{"id": "a", "data": {"x": [1, "二"]}, "parent": None}, {"id": 'b, "c"', "data": {}, "parent": "a"}]


@pytest.mark.parametrize("rows", [[], ROWS[:1], ROWS])
def test_json_is_one_array(rows: list[dict[str, object]], capsys: pytest.CaptureFixture[str]) -> None:
    """An empty list is an empty array."""
    write_rows(iter(rows), "json", ["id"])
    assert json.loads(capsys.readouterr().out) == rows


def test_jsonl_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line stands alone; Chinese stays readable."""
    write_rows(ROWS, "jsonl", ["id"])
    out = capsys.readouterr().out
    assert [json.loads(row) for row in out.splitlines()] == ROWS
    assert "二" in out


def test_csv_has_a_header_and_json_in_its_cells(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is an empty cell; quotes and commas survive."""
    write_rows(ROWS, "csv", ["id", "parent", "data"])
    read = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["id"] for row in read] == ["a", 'b, "c"']
    assert [row["parent"] for row in read] == ["", "a"]
    assert json.loads(read[0]["data"]) == {"x": [1, "二"]}


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_no_cell_is_a_formula(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What somebody entered is not carried out by the spreadsheet of whoever opens the list; numbers stay numbers."""
    write_rows([{"text": text, "growth": "-12.5", "value": -3}], "csv", ["text", "growth", "value"])
    [row] = csv.DictReader(io.StringIO(capsys.readouterr().out, newline=""))
    assert row == {"text": f"'{text}", "growth": "-12.5", "value": "-3"}


@given(st.text())
def test_cleaned_text_holds_no_control_character(text: str) -> None:
    """Escape sequences, carriage returns and characters that reverse the reading direction become visible."""
    assert all(character.isprintable() or character in "\n\u3000" or character.isspace() for character in clean(text))
    assert not set(clean(text)) & set("\x1b\r\x07\x9b\u202e\u2028")


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"])))
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    """What a person writes is shown as they wrote it."""
    assert clean(text) == text


def test_columns_with_chinese_text_are_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    """A wide character counts as two cells."""
    show([table(("", ""), [(say("信访举报"), say("|")), (say("petition"), say("|"))])])
    first, second = capsys.readouterr().out.splitlines()
    assert first == "信访举报  |"
    assert second == "petition  |"


def test_a_page_that_is_not_a_terminal_has_no_colour_and_no_line_breaks(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Output in a file or a pipe is plain, however long its lines are, unless `COLUMNS` says how wide it is."""
    monkeypatch.delenv("COLUMNS", raising=False)
    show([say("word " * 100, "bold red")])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert out.count("\n") == 1


def test_words_that_look_like_markup_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """Text from a case is text."""
    show([say("[bold]no[/bold] :smile:")])
    assert capsys.readouterr().out == "[bold]no[/bold] :smile:\n"


def test_the_wording_is_chosen_by_language() -> None:
    """The language asked for, else English, else whatever there is."""
    title = {"en": "Petition", "zh": "信访举报"}
    assert in_language(title, "zh") == "信访举报"
    assert in_language(title, "fr") == "Petition"
    assert in_language({"zh": "信访举报"}, "en") == "信访举报"
    assert in_language("Petition", "zh") == "Petition"
    assert in_language(None, "en", "petition") == "petition"


def test_times_are_shown_in_utc() -> None:
    """Everybody sees the same moment."""
    assert when(datetime.fromisoformat("2015-02-09T09:00:00.5+08:00")) == "2015-02-09 01:00:00Z"
    assert when(datetime(2015, 1, 1, tzinfo=UTC)) == "2015-01-01 00:00:00Z"
