"""Run the command line: `python -m accountability`."""

import sys

from accountability.cli.main import run

if __name__ == "__main__":
    sys.exit(run())
