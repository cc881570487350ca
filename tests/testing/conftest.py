"""A town whose workflows are prepared once for all scenarios."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from accountability.testing.runner import Outcome
from accountability.testing.suite import Suite
from tests.testing.town import scenario, write_town

Play = Callable[..., Outcome]


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder with the town's workflows."""
    return write_town(tmp_path_factory.mktemp("town") / "workflows")


@pytest.fixture(scope="session")
def suite() -> Iterator[Suite]:
    """Prepare engines once."""
    suite = Suite()
    yield suite
    suite.close()


@pytest.fixture(scope="session")
def play(town: Path, suite: Suite) -> Play:
    """Run a scenario of some steps, and say how it ended."""
    numbers = count()

    def run(*steps: str, head: str | None = None) -> Outcome:
        file = town / "tests" / f"{next(numbers)}.yaml"
        file.write_text(scenario(*steps) if head is None else scenario(*steps, head=head), encoding="utf-8")
        loaded = suite.load(file)
        assert not loaded.findings, [f"{found.line}: {found.message} ({found.help})" for found in loaded.findings]
        assert loaded.content is not None
        [one] = loaded.content.scenarios
        return suite.run(one, loaded.content)

    return run
