"""The replay of traffic fines: on a small log made up here, and on the real one where somebody has it."""

from __future__ import annotations

import csv
import gzip
import os
import re
import subprocess
import sys
from datetime import date
from itertools import groupby, islice
from pathlib import Path

import pytest

REPLAY = Path(__file__).parents[2] / "examples" / "road_traffic_fines" / "replay.py"
VARIABLE = "ROAD_TRAFFIC_FINES"
LOG = os.environ.get(VARIABLE, "")
SLICE = 1_000

real = pytest.mark.skipif(
    not Path(LOG).is_file(), reason=f"{VARIABLE} names no log; examples/README.md says where it is"
)

CREATED = '{"amount":35,"article":157,"dismissal":"NIL","points":0,"totalPaymentAmount":0,"vehicleClass":"A"}'
PAID = '{"paymentAmount":35.5,"totalPaymentAmount":35.5}'
MADE_UP = (
    # Both limits used up to their last day, over the change to summer time, and two acts at one instant.
    ("A1", "Create Fine", "2007-01-10T00:00:00+01:00", "561", CREATED),
    ("A1", "Send Fine", "2007-04-10T00:00:00+02:00", "", '{"expense":11}'),
    ("A1", "Insert Fine Notification", "2007-04-20T00:00:00+02:00", "", '{"lastSent":"P","notificationType":"P"}'),
    ("A1", "Insert Date Appeal to Prefecture", "2007-06-19T00:00:00+02:00", "", ""),
    ("A1", "Add penalty", "2007-06-19T00:00:00+02:00", "", '{"amount":71.5}'),
    ("A1", "Send for Credit Collection", "2009-03-30T00:00:00+02:00", "", ""),
    ("A1", "Send Appeal to Prefecture", "2009-03-31T00:00:00+02:00", "", '{"dismissal":"#"}'),
    # Each limit missed by a day, over the change to winter time.
    ("A2", "Create Fine", "2006-08-02T00:00:00+02:00", "537", CREATED),
    ("A2", "Payment", "2006-08-03T00:00:00+02:00", "", PAID),
    ("A2", "Send Fine", "2006-11-01T00:00:00+01:00", "", '{"expense":11.5}'),
    ("A2", "Insert Fine Notification", "2006-11-02T00:00:00+01:00", "", '{"notificationType":"C"}'),
    ("A2", "Insert Date Appeal to Prefecture", "2007-01-02T00:00:00+01:00", "", ""),
    ("A2", "Add penalty", "2007-01-02T00:00:00+01:00", "", '{"amount":74}'),
    ("A2", "Appeal to Judge", "2007-02-01T00:00:00+01:00", "0", '{"dismissal":"G","matricola":0}'),
    # Paid at once, and twice; an appeal before there was anything to appeal against.
    ("A3", "Create Fine", "2000-01-01T00:00:00+01:00", "561", CREATED),
    ("A3", "Payment", "2000-01-01T00:00:00+01:00", "", PAID),
    ("A3", "Payment", "2000-01-01T00:00:00+01:00", "", PAID),
    ("A3", "Insert Date Appeal to Prefecture", "2000-01-02T00:00:00+01:00", "", ""),
)


def replay(log: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the example on a log."""
    environment = os.environ | {VARIABLE: log}
    command = [sys.executable, str(REPLAY), *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def counted(limit: int | None) -> list[str]:
    """Count the real log again, without the engine: days are differences between the dates as they are written."""
    cases = acts = penalties = punctual = sent = sent_late = appeals = appeals_late = 0
    with gzip.open(LOG, "rt", encoding="utf-8", newline="") as file:
        for _, rows in islice(groupby(csv.DictReader(file), key=lambda row: row["case_id"]), limit):
            days: dict[str, date] = {}
            for row in rows:
                acts += 1
                days.setdefault(row["activity"], date.fromisoformat(row["timestamp"][:10]))
            cases += 1
            notified = days.get("Insert Fine Notification")
            if "Send Fine" in days:
                sent += 1
                sent_late += (days["Send Fine"] - days["Create Fine"]).days > 90
            if notified and "Add penalty" in days:
                penalties += 1
                punctual += (days["Add penalty"] - notified).days == 60
            if notified and "Insert Date Appeal to Prefecture" in days:
                appeals += 1
                appeals_late += (days["Insert Date Appeal to Prefecture"] - notified).days > 60
    return [
        f"{cases:,} cases, {acts:,} acts, none refused",
        f"increased on the very day it fell due: {punctual:,} of {penalties:,}",
        f"sent later than 90 days: {sent_late:,} of {sent:,}",
        f"appeals to the prefecture later than 60 days: {appeals_late:,} of {appeals:,}",
    ]


def test_limits_are_counted_to_their_last_day(tmp_path: Path) -> None:
    """The last day belongs to the limit, and the day after does not, whatever clocks do in between."""
    log = tmp_path / "log.csv.gz"
    with gzip.open(log, "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("case_id", "activity", "timestamp", "resource", "extra"), *MADE_UP])
    done = replay(str(log))
    assert done.returncode == 0, done.stderr
    *counts, verified = done.stdout.splitlines()
    assert counts == [
        "3 cases, 18 acts, none refused",
        "increased on the very day it fell due: 1 of 2",
        "sent later than 90 days: 1 of 2",
        "appeals to the prefecture later than 60 days: 1 of 2",
    ]
    assert verified.endswith("verified: True")


def test_a_cut_keeps_whole_cases_in_a_database_that_stays(tmp_path: Path) -> None:
    """`--limit` counts cases, and `--db` keeps them for other programs."""
    log = tmp_path / "log.csv.gz"
    with gzip.open(log, "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("case_id", "activity", "timestamp", "resource", "extra"), *MADE_UP])
    done = replay(str(log), "--limit", "1", "--db", f"sqlite:///{tmp_path / 'fines.db'}")
    assert done.stdout.startswith("1 cases, 7 acts, none refused")
    assert (tmp_path / "fines.db").exists()


def test_without_the_log_it_says_what_is_missing(tmp_path: Path) -> None:
    """Nobody has the log by installing this program; one sentence says what to do."""
    done = replay(str(tmp_path / "nowhere.csv.gz"))
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(rf"Set {VARIABLE} to .*\.\n", done.stderr)


@real
@pytest.mark.slow
def test_the_first_real_cases_are_as_counted_without_the_engine() -> None:
    """Every act of these cases is allowed, and what the engine counts equals differences of dates."""
    done = replay(LOG, "--limit", str(SLICE))
    assert done.returncode == 0, done.stderr
    *counts, verified = done.stdout.splitlines()
    assert counts == counted(SLICE)
    assert verified.endswith("verified: True")


@real
@pytest.mark.soak
def test_the_whole_log_gives_the_known_figures() -> None:
    """All 150,370 cases run; the figures are those that are known of this log."""
    done = replay(LOG)
    assert done.returncode == 0, done.stderr
    *counts, verified = done.stdout.splitlines()
    assert counts == [
        "150,370 cases, 561,470 acts, none refused",
        "increased on the very day it fell due: 79,860 of 79,860",
        "sent later than 90 days: 49,772 of 103,987",
        "appeals to the prefecture later than 60 days: 582 of 4,043",
    ]
    assert counts == counted(None)
    assert verified.endswith("verified: True")
