"""Commands that let time do its work: tick, worker."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from contextlib import ExitStack
from functools import partial
from typing import Annotated

import typer

from accountability.cli.arguments import Database, Form
from accountability.cli.examples import example
from accountability.cli.failure import NO, tell
from accountability.cli.opening import opened
from accountability.cli.output import write, write_json
from accountability.errors import InputError

app = typer.Typer()
command = partial(app.command, rich_help_panel="Time")

SECONDS_MIN, SECONDS_MAX = 0.05, 3600


def _seconds(value: float) -> float:
    if not SECONDS_MIN <= value <= SECONDS_MAX:
        raise InputError(f"--every {value:g} is no rest", cure=f"give {SECONDS_MIN} to {SECONDS_MAX:,} seconds")
    return value


@command("tick", epilog=example("accountability tick", "accountability tick -o json"))
def tick(db: Database = "", form: Form = "text") -> None:
    """Let happen what is due: deadlines, and deliveries.

    Each deadline is breached once, however often and wherever this runs. Exit code 1 when a case cannot be read.
    """
    log_to_stderr()
    with opened(db) as engine:
        done = engine.tick()
    if form == "json":
        write_json(done.as_json())
    else:
        write(f"{_count(done.deadlines, 'entry', 'entries')} about deadlines, {done.leaves} placed in the log\n")
    if done.failed:
        tell(f"{_count(done.failed, 'case', 'cases')} could not be brought up to date", "run `accountability verify`")
        raise typer.Exit(NO)


@command(
    "worker",
    epilog=example("accountability worker", "accountability --db postgresql://… worker --nats nats://localhost:4222"),
)
def worker(
    every: Annotated[
        float, typer.Option(metavar="SECONDS", help="How long to rest between two looks.", callback=_seconds)
    ] = 1.0,
    nats: Annotated[
        list[str] | None,
        typer.Option(metavar="URL", help="Publish every entry to NATS JetStream; a cluster's servers one by one."),
    ] = None,
    stream: Annotated[str, typer.Option(metavar="NAME", help="The stream that takes the entries.")] = "accountability",
    db: Database = "",
) -> None:
    """Let happen what is due, again and again, until it is told to stop.

    Stop it with Ctrl-C or SIGTERM: it ends what it has begun. Several workers share the work.
    """
    log_to_stderr()
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with opened(db) as engine, ExitStack() as ending:
        if nats:
            from accountability.integrations.nats import NatsFeed

            engine.subscribe(ending.enter_context(NatsFeed(nats, stream=stream)))
        engine.tick()
        sys.stderr.write("working; stop with Ctrl-C\n")
        engine.work(stop, every)


def log_to_stderr() -> None:
    """Let warnings of the engine be read where the program runs: what could not be done, and is tried again."""
    teller = logging.StreamHandler(sys.stderr)
    teller.setLevel(logging.WARNING)
    teller.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.getLogger("accountability").addHandler(teller)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
