"""What pages under `docs/` show of the shipped workflows and reports is drawn from them, in the language of the page.

A page says what it wants between two remarks; what stands between them is written here and nowhere else:

    <!-- drawn: states rectification -->
    <!-- end -->

`states WORKFLOW [STATE…]` is a diagram of the states, or of some of them, and of the acts that lead from one to
another. `links` is a diagram of which workflow opens cases of which, and looks at which. `workflows NAME…` is a table
of who acts in them and how they end, `figures REPORT` one of what is counted, `mechanisms FROM TO` gives rows of
`docs/mechanisms.md`, and `names` lists all workflows in both languages. After a change:
`python -m tests.workflows.pages`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from accountability.definition import shipped, states
from accountability.definition.model import Text, Workflow
from accountability.reports.report_file import FigureRule, ReportFile, load_path
from tests.house.project import ROOT
from tests.workflows.tables import LAWS, PLACE, mechanisms, workflows

DRAWN = re.compile(r"(<!-- drawn: ([^>]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
PAGES = [*sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "zh").glob("*.md"))]

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "workflows": "| workflow | file | who acts | how it ends |\n|---|---|---|---|\n",
        "figures": "| figure | what is counted | unit | counted from |\n|---|---|---|---|\n",
        "entries": "every act ",
        "cases": "every case once, at ",
        "stay": "Acts that leave the state as it is: ",
        "hidden": "States that are not drawn: ",
        "and": ", ",
        "stop": ".",
        "open": " (",
        "shut": ")",
        "never": "it does not end",
    },
    "zh": {
        "workflows": "| 流程 | 文件 | 办理主体 | 办结方式 |\n|---|---|---|---|\n",
        "figures": "| 指标 | 统计口径 | 单位 | 统计来源 |\n|---|---|---|---|\n",
        "entries": "每次办理计一次：",
        "cases": "每个事项计一次：",
        "stay": "不改变状态的办理动作：",
        "hidden": "图中未列的状态：",
        "and": "、",
        "stop": "。",
        "open": "（",
        "shut": "）",
        "never": "不终结",
    },
}


def said(text: Text | None, language: str) -> str:
    """Give a text in the language of the page."""
    assert isinstance(text, Mapping), text
    return " ".join(text[language].split())


@cache
def report(name: str) -> ReportFile:
    """Load a shipped report."""
    return load_path(shipped.folder() / "reports" / f"{name}.yaml", LAWS.known)


def figure(place: str) -> FigureRule:
    """Find a figure that is written `report.figure`."""
    name, _, wanted = place.partition(".")
    return report(name).figures[wanted]


def titles(law: Workflow, name: str, language: str) -> str:
    """Give the titles of a trigger, each once, or of a deadline or a field."""
    if name == law.start.trigger:
        found = [law.start.title]
    elif name in law.transitions:
        found = [rule.title for rule in law.transitions[name]]
    else:
        found = [(law.deadlines.get(name) or law.data[name]).title]
    return WORDS[language]["and"].join(dict.fromkeys(said(one, language) for one in found))


def label(law: Workflow, leaf: str, language: str) -> str:
    """Name a state, an inner one behind the state around it."""
    known, words = states.states(law), WORDS[language]
    parts = [said(known[path].title, language) for path in (*states.ancestors(leaf), leaf)]
    return parts[0] + "".join(f"{words['open']}{part}{words['shut']}" for part in parts[1:])


def moves(law: Workflow) -> Iterator[tuple[str, str, str, int]]:
    """Give each act in each state in which it holds: where it leads, its trigger, and which of its rules it is."""
    for trigger, held in states.rules_at(law).items():
        for leaf, indexes in held.items():
            for index in indexes:
                for target in states.targets(law, law.transitions[trigger][index], leaf):
                    yield leaf, target, trigger, index


def draw_states(language: str, name: str, *only: str) -> str:
    """Draw the states of a workflow as a diagram, those inside each other side by side."""
    law, words = workflows()[name], WORDS[language]
    every = states.leaves(law)
    kept = [leaf for leaf in every if not only or leaf.split(".")[0] in only]
    assert {leaf.split(".")[0] for leaf in kept} >= set(only), only
    arrows: dict[tuple[str, str], dict[str, list[str]]] = {}
    for leaf, target, trigger, index in moves(law):
        rule = law.transitions[trigger][index]
        if rule.to is not None and leaf in kept and target in kept:
            title = said(rule.title, language)
            arrows.setdefault((leaf, target), {}).setdefault(trigger, []).append(title)
    lines = [f'    state "{label(law, leaf, language)}" as {identifier(leaf)}' for leaf in kept]
    if states.start_leaf(law) in kept:
        lines.append(f"    [*] --> {identifier(states.start_leaf(law))} : {plain(said(law.start.title, language))}")
    for (leaf, target), acts in arrows.items():
        together = " / ".join(common(found) for found in acts.values())
        lines.append(f"    {identifier(leaf)} --> {identifier(target)} : {plain(together)}")
    lines += [f"    {identifier(leaf)} --> [*]" for leaf in kept if leaf in states.final_leaves(law)]
    drawing = "```mermaid\nstateDiagram-v2\n" + "\n".join(lines) + "\n```\n"
    stay = [
        titles(law, trigger, language)
        for trigger, rules in law.transitions.items()
        if any(rule.to is None for rule in rules)
    ]
    hidden = [label(law, leaf, language) for leaf in every if leaf not in kept]
    return drawing + listed(words["stay"], stay, words) + listed(words["hidden"], hidden, words)


def common(titles: list[str]) -> str:
    """Name rules of one trigger that lead the same way: by what comes before the brackets where only these differ."""
    names = list(dict.fromkeys(titles))
    before = {re.split(r" ?[(\uff08,]", name)[0] for name in names}
    return before.pop() if len(names) > 1 and len(before) == 1 else " / ".join(names)


def listed(before: str, items: Iterable[str], words: Mapping[str, str]) -> str:
    """Write a sentence that lists something; nothing where there is nothing."""
    text = ("; " if words is WORDS["en"] else "；").join(items)
    return f"\n{before}{text}{words['stop']}\n" if text else ""


def identifier(leaf: str) -> str:
    """Name a state where a diagram allows letters only."""
    return f"{leaf.replace('.', '_')}_" if leaf in ("state", "end", "note") else leaf.replace(".", "_")


def plain(text: str) -> str:
    """Write a label without the signs that end one in a diagram."""
    return text.replace(": ", ", ").replace(";", ",").replace(":", " ")


def draw_links(language: str) -> str:
    """Draw which workflow opens cases of which others, and looks at which."""
    known = workflows()
    opened, looked = {}, {}
    for name, law in known.items():
        for act in (law.start, *(rule for rules in law.transitions.values() for rule in rules)):
            opened |= {(name, one.workflow): None for one in act.opens}
        looked |= {(name, one.workflow): None for one in law.reads.values() if one.workflow != name}
    shown = [name for name in known if any(name in pair for pair in (*opened, *looked))]
    lines = [f'    {name}_["{said(known[name].title, language)}"]' for name in shown]
    lines += [f"    {one}_ --> {other}_" for one, other in opened]
    lines += [f"    {one}_ -.-> {other}_" for one, other in looked]
    return "```mermaid\nflowchart LR\n" + "\n".join(lines) + "\n```\n"


def draw_workflows(language: str, *names: str) -> str:
    """Write who acts in some workflows, and how their cases end."""
    words, lines = WORDS[language], ""
    for name in names:
        law = workflows()[name]
        people = words["and"].join(said(title, language) for title in law.roles.values())
        final = [label(law, leaf, language) for leaf in states.leaves(law) if leaf in states.final_leaves(law)]
        ends = words["and"].join(final) or words["never"]
        lines += f"| {said(law.title, language)} | [`{name}`]({link(language)}/{name}.yaml) | {people} | {ends} |\n"
    return words["workflows"] + lines


def link(language: str) -> str:
    """Give the folder of workflows as seen from a page."""
    return "../workflows" if language == "en" else "../../workflows"


def draw_figures(language: str, name: str) -> str:
    """Write what each figure of a report counts."""
    words, lines = WORDS[language], ""
    for one in report(name).figures.values():
        cells = said(one.title, language), said(one.description, language), one.unit
        lines += f"| {' | '.join(map(str, cells))} | {words[one.count]}`{one.workflow}.{one.trigger}` |\n"
    return words["figures"] + lines


def draw_mechanisms(language: str, first: str, last: str) -> str:
    """Write rows of the table of mechanisms with the titles that workflows and reports have in a language."""
    lines = "| 序号 | 机制 | 办理动作 | 统计指标 | 验证情景（文件 › 原名） |\n|---|---|---|---|---|\n"
    for row in mechanisms():
        if int(first) <= row.number <= int(last):
            cells = row.term, acts(row.where, language), counted(row.figures, language), row.scenarios
            lines += f"| {row.number} | {' | '.join(cells)} |\n"
    return lines


def acts(cell: str, language: str) -> str:
    """Name what workflows are pointed at for, each workflow once; a command stands as it is."""
    found: dict[str, list[str]] = {}
    for workflow, name in PLACE.findall(cell):
        named = f"{titles(workflows()[workflow], name, language)}（`{workflow}.{name}`）"
        found.setdefault(workflow, []).append(named)
    parts = [f"{said(workflows()[one].title, language)}：{'、'.join(named)}" for one, named in found.items()]
    return "<br>".join(parts) or cell


def counted(cell: str, language: str) -> str:
    """Name figures with their units."""
    places = [f"{report_name}.{name}" for report_name, name in PLACE.findall(cell)]
    return "<br>".join(f"{said(figure(one).title, language)}，{figure(one).unit}（`{one}`）" for one in places)


def draw_names(language: str) -> str:
    """List all workflows with their names in both languages."""
    lines = "| 文件 | 中文名称 | English |\n|---|---|---|\n"
    for name, law in sorted(workflows().items()):
        lines += f"| [`{name}`]({link(language)}/{name}.yaml) | {said(law.title, 'zh')} | {said(law.title, 'en')} |\n"
    return lines


KINDS: Mapping[str, Callable[..., str]] = {
    "states": draw_states,
    "links": draw_links,
    "workflows": draw_workflows,
    "figures": draw_figures,
    "mechanisms": draw_mechanisms,
    "names": draw_names,
}


def drawn(page: Path) -> str:
    """Give a page with everything in it drawn anew."""
    language = "zh" if page.parent.name == "zh" else "en"

    def block(found: re.Match[str]) -> str:
        kind, *arguments = found[2].split()
        return f"{found[1]}\n{KINDS[kind](language, *arguments)}\n{found[4]}"

    return DRAWN.sub(block, page.read_text(encoding="utf-8"))


if __name__ == "__main__":
    for one in PAGES:
        one.write_text(drawn(one), encoding="utf-8")
