"""The catalogue of codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from accountability.analysis.rules import examine
from accountability.definition.codes import CODES, deadlines, guards, names, shape, yaml
from accountability.definition.codes.code import Code
from accountability.definition.finding import Finding
from accountability.definition.loader import load
from tests.definition.examples import complete

SOURCES = Path(__file__).parents[2] / "src" / "accountability"
CATALOGUE = SOURCES / "definition" / "codes"

SPOKEN = {"ACC001", "ACC002", "ACC010", "ACC309"}
"""Mistakes that cannot be shown as text: bytes that are none, and what is too large to print."""

BETWEEN_FILES = {"ACC116", "ACC207"}
"""Mistakes between files; the tests of the analysis show them."""

SECTIONS = {"yaml": (0, 49), "shape": (100, 199), "names": (200, 249), "guards": (300, 339)}
SECTIONS |= {"deadlines": (430, 449)}


def findings(text: str) -> tuple[Finding, ...]:
    """Load and examine a file that stands alone."""
    loaded = load(text, "f.yaml")
    return (*loaded.findings, *examine(loaded, {}))


def shown() -> list[Code]:
    """Give the codes whose examples load alone."""
    codes = (*yaml.CODES, *shape.CODES, *names.CODES, *guards.CODES, *deadlines.CODES)
    return [code for code in codes if code.code not in SPOKEN | BETWEEN_FILES]


def test_no_code_stands_for_two_things() -> None:
    """A code means one thing for ever, so it stands in the catalogue once."""
    written = re.findall(r'"(ACC\d{3})",$', "".join(path.read_text() for path in CATALOGUE.glob("*.py")), re.MULTILINE)

    assert sorted(written) == sorted(set(written))
    assert list(CODES) == sorted(CODES)


def test_every_code_that_can_be_found_is_explained_and_the_other_way_round() -> None:
    """`explain` knows every code that a check can print, and none that no check prints."""
    used = {
        code
        for path in SOURCES.rglob("*.py")
        if CATALOGUE not in path.parents
        for code in re.findall(r'"(ACC\d{3})"', path.read_text())
    }

    assert used == set(CODES)


@pytest.mark.parametrize(
    "section", [yaml, shape, names, guards, deadlines], ids=lambda section: section.__name__.rpartition(".")[2]
)
def test_codes_stand_in_their_section(section: object) -> None:
    """The number of a code tells what kind of mistake it is."""
    low, high = SECTIONS[section.__name__.rpartition(".")[2]]  # type: ignore[attr-defined]

    assert all(low <= int(code.code[3:]) <= high for code in section.CODES)  # type: ignore[attr-defined]


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_every_code_is_explained_in_words(code: Code) -> None:
    """A title, sentences that say why, and two examples that differ."""
    assert code.title[0].isupper() or code.title[0] == "`"
    assert not code.title.endswith(".")
    assert code.meaning.endswith(".")
    assert code.wrong != code.right


@pytest.mark.parametrize("code", shown(), ids=lambda code: code.code)
def test_a_wrong_example_has_its_mistake_and_no_other(code: Code) -> None:
    """The example of a mistake is found as that mistake, so nobody learns from an example that is out of date."""
    found = {
        finding.code for finding in findings(complete(code.wrong)) if finding.is_error or finding.code == code.code
    }

    assert found == {code.code}


@pytest.mark.parametrize("code", shown(), ids=lambda code: code.code)
def test_a_right_example_has_no_mistake(code: Code) -> None:
    """The cured example is free of errors, and of the finding it cures."""
    found = [finding for finding in findings(complete(code.right)) if finding.is_error or finding.code == code.code]

    assert found == []
