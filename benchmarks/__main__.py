"""Run every benchmark: `python -m benchmarks`."""

from benchmarks.firing import main

main()
