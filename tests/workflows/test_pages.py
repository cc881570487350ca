"""What the pages for officials show is drawn from workflows and reports, and is the same in English and in Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.project import ROOT
from tests.workflows.pages import DRAWN, PAGES, draw_states, drawn
from tests.workflows.tables import PLACE, rows, workflows

DOCS = ROOT / "docs"
TRANSLATED = ["measures.md", "mechanisms.md", "adapting.md", "protections.md"]
"""Pages that say the same in both languages, heading by heading."""
CODE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = re.compile(r"\d+|\bF\\\*|\bF\b|\bM\+|\bM\b|default|自定")

VETO = """\
```mermaid
stateDiagram-v2
    state "In force" as active
    state "Lifted" as lifted
    state "Expired" as expired
    [*] --> active : Lay a veto
    active --> lifted : Lift the veto
    active --> expired : The veto ends
    lifted --> [*]
    expired --> [*]
```

Acts that leave the state as it is: File the written opinion.
"""


def written(name: str) -> str:
    """Read a page without what is drawn in it."""
    return DRAWN.sub(lambda found: f"<!-- drawn: {found[2]} -->", (DOCS / name).read_text(encoding="utf-8"))


def headings(name: str) -> list[int]:
    """Give how deep each heading of a page is, outside its code."""
    return [len(marks) for marks in re.findall(r"^(#+) ", CODE.sub("", written(name)), re.MULTILINE)]


def links(name: str) -> set[Path]:
    """Give the files that a page links to, a Chinese page as the English one whose translation it is."""
    found = re.findall(r"\]\((?!https?:|#)([^)#]+)", written(name))
    paths = {(DOCS / name).parent.joinpath(target).resolve() for target in found}
    return {DOCS / path.name if path.parent == DOCS / "zh" else path for path in paths} - {DOCS / Path(name).name}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_what_is_drawn_on_a_page_is_what_the_workflows_say(page: Path):
    """Diagrams and tables are those of today's workflows and reports.

    After a change: `python -m tests.workflows.pages`.
    """
    assert page.read_text(encoding="utf-8") == drawn(page)


def test_a_diagram_shows_states_acts_and_ends():
    """A box for each state, an arrow for each act between two, and by name those that lead nowhere."""
    assert draw_states("en", "veto") == VETO
    assert "active --> lifted : 解除一票否决" in draw_states("zh", "veto")


def test_the_six_measures_show_every_workflow_and_every_figure():
    """No shipped workflow is left out, and each of the six reports is told whole."""
    shown = [found[2].split() for found in DRAWN.finditer((DOCS / "measures.md").read_text(encoding="utf-8"))]
    assert {name for kind, *names in shown if kind == "workflows" for name in names} == set(workflows())
    reports = [names[0] for kind, *names in shown if kind == "figures"]
    assert reports == sorted(file.stem for file in (ROOT / "workflows" / "reports").glob("measure_*.yaml"))


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_chinese_page_has_the_parts_of_the_english_one(name: str):
    """The same headings, links, code and drawings, in the same order."""
    chinese = f"zh/{name}"
    assert headings(chinese) == headings(name)
    assert links(chinese) == links(name)
    assert CODE.findall(written(chinese)) == CODE.findall(written(name))
    if name != "mechanisms.md":  # its table is written in English and drawn in Chinese
        assert [found[2] for found in DRAWN.finditer((DOCS / chinese).read_text(encoding="utf-8"))] == [
            found[2] for found in DRAWN.finditer((DOCS / name).read_text(encoding="utf-8"))
        ]
    for mark in ("- ", r"\d+\. "):
        one, other = (len(re.findall(f"^{mark}", written(page), re.MULTILINE)) for page in (chinese, name))
        assert one == other, mark


def test_the_chinese_table_of_mechanisms_has_every_row():
    """What is drawn in six parts is the whole table, each mechanism once."""
    numbers = [int(cells[0]) for cells in rows("zh/mechanisms.md", r"\d+", 5)]
    assert numbers == list(range(1, 38))


def test_the_chinese_protections_are_those_of_the_english_page():
    """The same rules, standing at the same places, on the same articles, with the same marks."""
    english = {cells[0]: cells for cells in rows("protections.md", r"R\d+", 5)}
    chinese = {cells[0]: cells for cells in rows("zh/protections.md", r"R\d+", 4)}
    assert list(chinese) == list(english)
    for rule, (_, _, where, basis) in chinese.items():
        assert PLACE.findall(where) == PLACE.findall(english[rule][2]), rule
        # Items of an article are numbered in characters in Chinese law: 第52条第（三）项.
        marks = [mark.replace("自定", "default") for mark in MARK.findall(basis.replace("第（三）项", " 3 "))]
        assert sorted(marks) == sorted(MARK.findall(english[rule][3])), rule


def test_the_chinese_glossary_has_every_word():
    """Each word of the English glossary, in the same order."""
    words = re.compile(r"^\| ([^|]+) \|(?: [^|]+ \|)+$", re.MULTILINE)
    english = words.findall((DOCS / "glossary.md").read_text(encoding="utf-8"))
    system, *_ = (DOCS / "zh" / "glossary.md").read_text(encoding="utf-8").partition("\n## 业务用语")
    assert words.findall(system)[1:] == english[1:]


def test_the_chinese_start_page_leads_to_every_page():
    """Whoever begins there finds all of them."""
    start = (DOCS / "zh" / "README.md").read_text(encoding="utf-8")
    for page in (DOCS / "zh").glob("*.md"):
        assert page.name == "README.md" or f"]({page.name})" in start, page.name
