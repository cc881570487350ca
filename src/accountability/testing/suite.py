"""Scenario files with the workflows that they are about: loaded, run, and counted. Each folder is prepared once."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from accountability.testing.coverage import Coverage, Covering
from accountability.testing.folder import Laws, laws_of, workflows_of
from accountability.testing.rehearsal import Rehearsal, prepared
from accountability.testing.runner import Outcome, run
from accountability.testing.scenario import Scenario, ScenarioFile
from accountability.testing.scenario_file import LoadedScenarios, load_path


@dataclass(slots=True)
class Suite:
    """Run scenarios, and remember what they have shown. Not shared between threads."""

    _folders: dict[str, Path] = field(default_factory=dict)
    _laws: dict[Path, Laws] = field(default_factory=dict)
    _engines: dict[Path, Rehearsal] = field(default_factory=dict)
    _covering: dict[Path, Covering] = field(default_factory=dict)

    def load(self, file: Path) -> LoadedScenarios:
        """Load a scenario file, after the workflows that it is about.

        Raises:
            DefinitionError: A workflow has errors; carries its findings.
            InputError: A file cannot be read, or there is no workflow.
        """
        return load_path(file, self._prepared(file).known)

    def run(self, scenario: Scenario, file: ScenarioFile) -> Outcome:
        """Run one scenario of a file that was loaded here."""
        folder = self._folders[file.file]
        outcome = run(scenario, file, self._engines[folder])
        self._covering[folder].add(outcome.entries)
        return outcome

    def coverage(self, *, everything: bool) -> tuple[Coverage, ...]:
        """Say how much of the workflows was shown.

        Args:
            everything: Whether workflows count of which nothing was shown. Those from elsewhere never do.
        """
        return tuple(
            covering.of(one)
            for folder, covering in self._covering.items()
            for one in self._laws[folder].loaded
            if one.workflow is not None
            and self._laws[folder].known[one.workflow.workflow] is one.workflow
            and (everything or one.workflow.digest in covering.workflows)
        )

    def close(self) -> None:
        """Let go of the engines."""
        for engine in self._engines.values():
            engine.close()

    def _prepared(self, file: Path) -> Laws:
        folder = self._folders[str(file)] = workflows_of(file)
        if folder not in self._engines:
            laws = self._laws[folder] = laws_of(folder)
            self._engines[folder] = Rehearsal(prepared(laws.paths))
            self._covering[folder] = Covering()
        return self._laws[folder]
