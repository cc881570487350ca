"""Run a benchmark: `python -m benchmarks [firing | growth | throughput]`."""

import sys

from benchmarks import firing, growth, throughput

BENCHMARKS = {"firing": firing.main, "growth": growth.main, "throughput": throughput.main}

name = sys.argv.pop(1) if sys.argv[1:2] and sys.argv[1] in BENCHMARKS else "firing"
BENCHMARKS[name]()
