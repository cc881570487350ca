"""The scenarios of the shipped workflows, under today's law and under that of 2015."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from accountability.definition import shipped
from accountability.definition.shipped import Profile
from accountability.testing.coverage import Covering
from accountability.testing.folder import Laws, laws_of
from accountability.testing.rehearsal import Rehearsal, prepared
from accountability.testing.runner import Outcome, run
from accountability.testing.scenario_file import load_path

TODAY, OF_2015 = (shipped.folder(profile) / "tests" for profile in ("cn-2025", "cn-2015"))
SHARED = ("office.yaml", "registrars.yaml", "sanctions.yaml", "supervisors.yaml")
"""Files with the actors and steps that the others use."""


def scenarios_in(folder: Path) -> list[Path]:
    """List the scenario files of a folder."""
    return sorted(file for file in folder.glob("*.yaml") if file.name not in SHARED)


def played(laws: Laws, files: list[Path]) -> Iterator[Outcome]:
    """Run every scenario of some files under some law."""
    with Rehearsal(prepared(laws.paths)) as engine:
        for file in files:
            loaded = load_path(file, laws.known)
            assert loaded.findings == ()
            assert loaded.content is not None
            for scenario in loaded.content.scenarios:
                yield run(scenario, loaded.content, engine)


def of_every_law(file: Path) -> bool:
    """Whether a file holds under every law, since no time limit stands in it that another profile has not."""
    return not file.stem.endswith("_deadlines")


@pytest.mark.parametrize(
    ("profile", "files"),
    [
        ("cn-2025", scenarios_in(TODAY)),
        ("cn-2015", [*filter(of_every_law, scenarios_in(TODAY)), *scenarios_in(OF_2015)]),
    ],
)
def test_every_scenario_comes_out_as_written_and_leaves_nothing_of_the_law_unshown(profile: Profile, files: list[Path]):
    """Every state, every rule with every role, and every deadline: begun, met, over, extended, standing still."""
    laws = laws_of(shipped.folder(profile))
    covering = Covering()
    scenarios = 0
    for outcome in played(laws, files):
        assert outcome.failure is None, f"{outcome.scenario.name}: {outcome.failure}"
        covering.add(outcome.entries)
        scenarios += 1

    assert scenarios > 150
    missing = {one.what for loaded in laws.loaded for one in covering.of(loaded).missing}
    assert missing == set()
