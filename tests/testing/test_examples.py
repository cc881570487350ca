"""The scenarios of the examples are copied, so they are as good as what is shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountability.testing.folder import scenario_files
from accountability.testing.suite import Suite

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("file", scenario_files([EXAMPLES]), ids=lambda file: file.relative_to(EXAMPLES).as_posix())
def test_the_scenarios_of_the_examples_pass(file: Path):
    """Each of them, on the engine as it is."""
    suite = Suite()
    content = suite.load(file).content
    assert content is not None
    failures = [suite.run(scenario, content).failure for scenario in content.scenarios]
    assert [list(failure.lines()) for failure in failures if failure is not None] == []
    suite.close()


def test_the_permit_is_covered_whole():
    """The example of scenarios leaves nothing out."""
    suite = Suite()
    content = suite.load(EXAMPLES / "permits" / "tests" / "permit.yaml").content
    assert content is not None
    for scenario in content.scenarios:
        suite.run(scenario, content)
    [permit] = suite.coverage(everything=True)
    suite.close()
    assert (permit.percent, permit.missing) == (100, ())
