"""One mistake a file: each is named with its code, at its exact place, with a cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountability.definition.loader import load, load_path

HERE = Path(__file__).parent
WRONG = HERE / "wrong"

EXPECTED = {
    "alias": ("ACC013", 13, 7),
    "anchor": ("ACC012", 13, 7),
    "bracket_not_closed": ("ACC005", 15, 7),
    "by_without_value": ("ACC102", 28, 5),
    "colon_in_text": ("ACC005", 7, 23),
    "compound_state_without_initial": ("ACC109", 17, 3),
    "deadline_for_ever": ("ACC115", 42, 13),
    "deadline_in_business_days": ("ACC114", 42, 13),
    "deadline_named_with_a_capital": ("ACC104", 38, 3),
    "deadline_of_two_units": ("ACC114", 42, 13),
    "deadline_of_zero_days": ("ACC114", 42, 13),
    "deadline_that_starts_with_nothing": ("ACC108", 40, 13),
    "deadline_without_time": ("ACC101", 38, 3),
    "deadline_without_unit": ("ACC114", 42, 13),
    "default_outside_enum": ("ACC112", 9, 60),
    "duplicate_key": ("ACC011", 21, 3),
    "duplicate_key_in_flow": ("ACC011", 36, 51),
    "empty_title": ("ACC108", 3, 13),
    "enum_of_numbers_for_text": ("ACC112", 9, 43),
    "escaped_control_character": ("ACC003", 4, 8),
    "expression_is_a_number": ("ACC102", 35, 22),
    "extended_zero_times": ("ACC107", 46, 62),
    "extends_a_list": ("ACC102", 4, 10),
    "extends_itself": ("ACC116", 2, 10),
    "extends_nothing": ("ACC116", 1, 10),
    "extension_declared_twice": ("ACC106", 49, 62),
    "extension_named_breach": ("ACC105", 46, 23),
    "extension_named_like_a_state": ("ACC106", 46, 23),
    "extension_named_like_a_trigger": ("ACC106", 46, 23),
    "extension_named_like_the_start": ("ACC105", 46, 23),
    "extension_without_limit": ("ACC101", 46, 5),
    "fallback_with_a_sign": ("ACC114", 41, 37),
    "fallback_without_start": ("ACC101", 41, 5),
    "field_named_extension": ("ACC105", 11, 3),
    "final_state_with_inner_states": ("ACC110", 20, 5),
    "fraction": ("ACC016", 10, 36),
    "group_named_any": ("ACC105", 23, 3),
    "group_named_like_a_state": ("ACC106", 23, 3),
    "guarantees_not_supported": ("ACC190", 22, 1),
    "holidays_guessed": ("ACC103", 4, 14),
    "invisible_character": ("ACC003", 3, 17),
    "key_spelled_on": ("ACC100", 24, 1),
    "language_spelled_out": ("ACC113", 3, 9),
    "list_as_key": ("ACC015", 23, 3),
    "list_at_the_top": ("ACC008", 1, 1),
    "minimum_above_maximum": ("ACC111", 10, 36),
    "minimum_of_a_string": ("ACC111", 9, 26),
    "misaligned_key": ("ACC005", 7, 13),
    "needed_part_not_declared": ("ACC111", 11, 35),
    "nested_too_deeply": ("ACC009", 4, 39),
    "no_roles_may_act": ("ACC108", 28, 9),
    "no_signatures": ("ACC107", 34, 19),
    "number_too_large": ("ACC017", 2, 10),
    "objection_without_unit": ("ACC114", 36, 90),
    "only_a_comment": ("ACC004", 1, 1),
    "personal_part_of_a_field": ("ACC111", 11, 58),
    "quote_not_closed": ("ACC005", 10, 36),
    "regions_not_supported": ("ACC190", 20, 5),
    "role_named_system": ("ACC105", 8, 3),
    "role_with_a_capital": ("ACC104", 7, 3),
    "roles_as_a_list": ("ACC102", 6, 3),
    "rolls_backwards": ("ACC103", 47, 11),
    "rule_without_by": ("ACC101", 25, 3),
    "saved_as_gb18030": ("ACC001", 3, 27),
    "second_rule_without_from": ("ACC101", 36, 8),
    "tab_indents": ("ACC006", 13, 1),
    "tag": ("ACC014", 2, 10),
    "title_is_a_number": ("ACC102", 3, 8),
    "trigger_named_note": ("ACC105", 25, 3),
    "two_documents": ("ACC007", 37, 1),
    "unknown_calendar": ("ACC209", 4, 11),
    "unknown_key_beside_the_right_one": ("ACC100", 43, 5),
    "unknown_key_in_a_deadline": ("ACC100", 45, 5),
    "unknown_key_in_a_flow_rule": ("ACC100", 36, 51),
    "unknown_key_in_a_rule": ("ACC100", 29, 5),
    "unknown_top_level_key": ("ACC100", 4, 1),
    "unknown_type": ("ACC103", 10, 18),
    "version_in_quotes": ("ACC102", 2, 10),
    "version_zero": ("ACC107", 2, 10),
    "warning_in_minutes": ("ACC114", 44, 20),
    "window_in_quotes": ("ACC102", 47, 13),
    "workflow_name_with_a_dash": ("ACC104", 1, 11),
    "workflow_without_version": ("ACC101", 1, 1),
    "yes_for_a_boolean": ("ACC102", 20, 19),
}
"""File -> code, line and column of the one finding in it."""


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_wrong_file_gives_one_finding_at_the_exact_place(name: str) -> None:
    """An author is told what is wrong where it is wrong, and nothing else."""
    loaded = load_path(WRONG / f"{name}.yaml")

    found = [(finding.code, finding.line, finding.column) for finding in loaded.findings]
    assert found == [EXPECTED[name]]


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_wrong_file_gives_no_workflow_and_a_cure(name: str) -> None:
    """Nothing wrong is ever in force, and every finding says what to do in one sentence without a line break."""
    loaded = load_path(WRONG / f"{name}.yaml")

    (finding,) = loaded.findings
    assert loaded.workflow is None
    assert finding.is_error
    assert finding.help.strip()
    assert finding.message
    assert "\n" not in finding.message + finding.help
    assert (finding.end_line, finding.end_column) >= (finding.line, finding.column)


def test_every_wrong_file_is_expected() -> None:
    """No file lies in the folder without a promise about it."""
    assert {path.stem for path in WRONG.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", ["right", "right_with_deadlines"])
def test_the_right_file_has_no_finding(name: str) -> None:
    """The wrong files are one of these with a single mistake each; these have none."""
    loaded = load_path(HERE / f"{name}.yaml")

    assert loaded.findings == ()
    assert loaded.workflow is not None


def test_many_mistakes_are_all_shown_at_once() -> None:
    """An author does not have to run the check once for every mistake."""
    text = (HERE / "right.yaml").read_text()
    text = text.replace("version: 1", "version: 0").replace("final: true", "final: yes").replace("basis:", "bases:")
    text = text.replace("  open: [", "  any: [").replace('minimum: "0"', "minimum: 0.5")

    codes = [finding.code for finding in load(text, "f.yaml").findings]

    assert codes == ["ACC107", "ACC100", "ACC016", "ACC102", "ACC105"]
