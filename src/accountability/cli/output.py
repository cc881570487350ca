"""What leaves the program: data on stdout, everything else on stderr.

Nothing here draws; what is drawn for people stands in `page` and in the views, so that JSON costs no drawing library.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import typer

Single = Literal["text", "json"]
Listing = Literal["text", "json", "jsonl", "csv"]

BROKEN_PIPE = 141
"""Exit code when the reader went away: 128 + SIGPIPE, as a shell reports it."""

FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")
"""What a spreadsheet may take for a formula when a cell begins with it (OWASP, CSV Injection)."""

NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def write(text: str) -> None:
    """Write data to stdout.

    Raises:
        typer.Exit: The reader has closed the pipe; nobody is left to be told.
    """
    try:
        sys.stdout.write(text)
    except BrokenPipeError:
        abandon()


def finish() -> None:
    """Hand everything written so far to the reader, or end quietly when nobody reads any more."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        abandon()


def abandon() -> None:
    """Leave quietly: the interpreter flushes stdout once more at exit, which must not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(BROKEN_PIPE)


def prepare_streams() -> None:
    """Let no character stop the program: what a stream cannot encode is written as an escape.

    A stream that was closed before the program began takes everything and keeps nothing.
    """
    sys.stdout = sys.stdout or io.TextIOWrapper(io.FileIO(os.devnull, "w"))
    sys.stderr = sys.stderr or io.TextIOWrapper(io.FileIO(os.devnull, "w"))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def write_json(value: Any) -> None:
    """Write one JSON value, indented."""
    write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def write_rows(rows: Iterable[Mapping[str, Any]], form: Listing, columns: Sequence[str]) -> None:
    """Write a list for a program, one row a line, without holding it in memory.

    Args:
        rows: The objects.
        form: `json` (one array), `jsonl` (one object a line) or `csv` (RFC 4180, with a header).
        columns: The columns of `csv`; a list or an object in a cell is written as JSON. Text that a spreadsheet would
            take for a formula gets a `'` before it.
    """
    if form == "csv":
        _write_csv(rows, columns)
    elif form == "jsonl":
        for row in rows:
            write(line(row) + "\n")
    else:
        separator = "[\n  "
        for row in rows:
            write(separator + line(row))
            separator = ",\n  "
        write("[]\n" if separator.startswith("[") else "\n]\n")


def line(value: Any) -> str:
    """Write a value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def count(number: int, word: str) -> str:
    """Write a number of things: `1 file`, `2 files`."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def clean(value: object) -> str:
    """Write text from outside so that it cannot steer a terminal: control and direction characters become escapes."""
    return "".join(_visible(character) for character in str(value))


def _visible(character: str) -> str:
    if character.isprintable() or character == "\n":
        return character
    if unicodedata.category(character) in ("Zs", "Cs"):
        return character
    return character.encode("unicode_escape").decode()


def _write_csv(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
        write(buffer.getvalue())
        buffer.seek(0)
        buffer.truncate()
    write(buffer.getvalue())


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return line(value)
    return f"'{value}" if FORMULA.match(value) and not NUMBER.fullmatch(value) else value
