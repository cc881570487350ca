"""A browser of the tests' own: it opens files of this computer, reaches nothing else, and is gone afterwards."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

SECONDS = 60
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr",
)


def chromium() -> str:
    """Find the program.

    Raises:
        RuntimeError: It is not on this computer.
    """
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        raise RuntimeError("the tests need a browser: apt-get install chromium (`make test` does so)")
    return program


def browse(page: Path, *options: str) -> tuple[str, list[str]]:
    """Open a page.

    Args:
        page: The file.
        options: What to do with it, such as `--dump-dom`.

    Returns:
        What the browser wrote to stdout, and what the page said on its console.
    """
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [chromium(), *QUIET, f"--user-data-dir={profile}", *options, page.as_uri()],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
    return done.stdout, re.findall(r"CONSOLE.*", done.stderr)
