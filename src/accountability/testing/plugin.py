"""Scenarios as tests of pytest: one item a scenario, with the text of a failure as `accountability test` shows it.

Files below a folder `workflows/tests` are collected when they hold scenarios; the setting `accountability_scenarios`
names others, and nothing where it is empty. What scenarios need is imported when the first of them is collected, so
that pytest starts as quickly as without this plugin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from accountability.errors import AccountabilityError, DefinitionError

if TYPE_CHECKING:
    from accountability.testing.failure import Failure
    from accountability.testing.scenario import Scenario, ScenarioFile
    from accountability.testing.suite import Suite

SETTING = "accountability_scenarios"
USUAL = ["*/workflows/tests/*.yaml", "*/workflows/tests/*.yml"]

_SCENARIOS = re.compile(rb"^scenarios[ \t]*:", re.MULTILINE)

_suite: pytest.StashKey[Suite] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the setting."""
    help_text = "Patterns of scenario files, in which `*` stands for folders too."
    parser.addini(SETTING, help_text, type="linelist", default=USUAL)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file that the setting names and that holds scenarios."""
    if file_path.suffix not in (".yaml", ".yml"):
        return None
    patterns: list[str] = parent.config.getini(SETTING)
    if not any(_fits(file_path, pattern) for pattern in patterns) or not _holds_scenarios(file_path):
        return None
    collected: pytest.Collector = ScenarioFileCollector.from_parent(parent, path=file_path)
    return collected


def pytest_unconfigure(config: pytest.Config) -> None:
    """Let go of the engines."""
    suite = config.stash.get(_suite, None)
    if suite is not None:
        suite.close()


class ScenarioFileCollector(pytest.File):
    """A file of scenarios."""

    def collect(self) -> Iterator[pytest.Item]:
        """Load the file and give its scenarios.

        Raises:
            pytest.Collector.CollectError: The file, or a workflow that it is about, has errors.
        """
        suite = self.config.stash.get(_suite, None)
        if suite is None:
            # The engine takes half a second to import, and who has no scenarios should not wait for it.
            suite = self.config.stash[_suite] = import_module("accountability.testing.suite").Suite()
        try:
            loaded = suite.load(_from_here(self.path))
        except DefinitionError as error:
            raise self.CollectError(_findings(error.findings) or str(error)) from error
        except AccountabilityError as error:
            raise self.CollectError(f"{error}\nhelp: {error.cure}") from error
        if loaded.content is None:
            raise self.CollectError(_findings([finding.as_json() for finding in loaded.findings]))
        for scenario in loaded.content.scenarios:
            yield ScenarioItem.from_parent(
                self, name=scenario.name, suite=suite, file=loaded.content, scenario=scenario
            )


class ScenarioItem(pytest.Item):
    """One scenario."""

    def __init__(self, *, suite: Suite, file: ScenarioFile, scenario: Scenario, **rest: Any) -> None:
        """Take the scenario, and what it is run with."""
        super().__init__(**rest)
        self._run = suite
        self._file = file
        self._scenario = scenario

    def runtest(self) -> None:
        """Run it.

        Raises:
            ScenarioFailed: A step did not come out as expected.
        """
        outcome = self._run.run(self._scenario, self._file)
        if outcome.failure is not None:
            raise ScenarioFailed(outcome.failure)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Write a failure; a mistake of the program keeps its traceback."""
        if isinstance(excinfo.value, ScenarioFailed):
            return "\n".join(excinfo.value.failure.lines())
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Say where it stands; lines count from 0 here."""
        return self.path, self._scenario.origin.line - 1, self.name


class ScenarioFailed(Exception):  # noqa: N818 -- what a scenario shows is no error of the program
    """A scenario failed.

    Attributes:
        failure: Why.
    """

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.scenario.name)
        self.failure = failure


def _fits(path: Path, pattern: str) -> bool:
    """Whether a path fits a pattern; one without a leading `*` or `/` may begin anywhere."""
    name = path.as_posix()
    return fnmatch(name, pattern) or fnmatch(name, f"*/{pattern}")


def _holds_scenarios(path: Path) -> bool:
    """Say whether a file looks like one of scenarios, without loading what reads it."""
    try:
        return _SCENARIOS.search(path.read_bytes()) is not None
    except OSError:
        return False


def _from_here(path: Path) -> Path:
    """Give a path as seen from the current folder, where it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _findings(findings: Any) -> str:
    """Write findings, a line each with its cure."""
    return "\n".join(
        f"{finding['file']}:{finding['line']}:{finding['column']}: {finding['code']} {finding['message']}"
        f"\n    help: {finding['help']}"
        for finding in findings
    )
