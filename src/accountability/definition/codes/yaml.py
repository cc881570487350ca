"""Findings about the file and its YAML."""

from __future__ import annotations

from accountability.definition.codes.code import Code

_WHOLE = """workflow: petition
version: 1
roles: {officer: Officer}
start: {by: officer}
states: {received: , closed: {final: true}}
initial: received
transitions:
  close: {from: received, to: closed, by: officer}
"""

CODES: tuple[Code, ...] = (
    Code(
        "ACC001",
        "Not UTF-8",
        "Workflow files are UTF-8 text. In any other encoding the same bytes would mean different words on different "
        "computers.",
        "(bytes that are not UTF-8, such as a file saved as GB 18030 or UTF-16)\n",
        "title: 信访举报\n",
    ),
    Code(
        "ACC002",
        "File too large",
        "A workflow file may hold at most 1 MiB, so that checking it always ends quickly.",
        "(a file of more than 1,048,576 bytes)\n",
        "title: Petition\n",
    ),
    Code(
        "ACC003",
        "Character not allowed",
        "Control characters and unusual line separators are invisible in most editors and break the numbering of "
        "lines; they have no place in a law.",
        'title: "a\\x07b"\n',
        'title: "ab"\n',
    ),
    Code(
        "ACC004",
        "Empty file",
        "The file says nothing.",
        "# workflow: petition\n",
        "title: Petition\n",
    ),
    Code(
        "ACC005",
        "Not valid YAML",
        "The text cannot be read as YAML, so nothing behind this place could be checked.",
        "title: Petition: the first\n",
        'title: "Petition: the first"\n',
    ),
    Code(
        "ACC006",
        "Tab instead of spaces",
        "YAML is indented with spaces; a tab is as wide as the editor likes, so it cannot show what belongs to what.",
        "title:\n\ten: Petition\n",
        "title:\n  en: Petition\n",
    ),
    Code(
        "ACC007",
        "Several documents",
        "One file holds one workflow; what follows a second `---` would be read by nobody.",
        _WHOLE + "---\n" + _WHOLE,
        _WHOLE,
    ),
    Code(
        "ACC008",
        "Not a mapping",
        "A workflow file is a list of `key: value` lines at its outermost level.",
        "- workflow: petition\n- version: 1\n",
        "title: Petition\n",
    ),
    Code(
        "ACC009",
        "Nested too deeply",
        "A file may be nested 32 levels deep.",
        "title: " + "{a: " * 33 + "b" + "}" * 33 + "\n",
        "title: {en: Petition}\n",
    ),
    Code(
        "ACC010",
        "Too many values",
        "A file may hold 100,000 keys and values, so that checking it always ends quickly.",
        "(a file of more than 100,000 keys and values)\n",
        "title: Petition\n",
    ),
    Code(
        "ACC011",
        "Key written twice",
        "The same key stands twice in one mapping. Most readers silently keep the last one, so a rule that is in the "
        "file would not be in force.",
        "title: Petition\ntitle: Complaint\n",
        "title: Petition\n",
    ),
    Code(
        "ACC012",
        "Anchor",
        "Anchors (`&name`) make one text mean several things at once. A law is read aloud; each rule says what it "
        "means.",
        "title: &name Petition\n",
        "title: Petition\n",
    ),
    Code(
        "ACC013",
        "Alias",
        "Aliases (`*name`) refer to another place of the file. A law is read aloud; each rule says what it means.",
        "title: *name\n",
        "title: Petition\n",
    ),
    Code(
        "ACC014",
        "Tag",
        "Tags (`!name`, `!!str`) change how a value is read, and in other tools can run code. The declared types of "
        "fields say all there is to say.",
        "title: !!str Petition\n",
        "title: Petition\n",
    ),
    Code(
        "ACC015",
        "Key is not plain text",
        "Every key is a word. A list, a mapping or nothing at all cannot be one.",
        "title:\n  en: Petition\n  [zh, zh-TW]: 信访\n",
        "title:\n  en: Petition\n  zh: 信访\n  zh-TW: 信访\n",
    ),
    Code(
        "ACC016",
        "Number with a fraction",
        "A plain number with a fraction or exponent is binary floating point in YAML: `3.10` becomes 3.1, and 0.1 is "
        "not a tenth. Exact values travel as text.",
        "data:\n  amount: {type: decimal, minimum: 0.50}\n",
        'data:\n  amount: {type: decimal, minimum: "0.50"}\n',
    ),
    Code(
        "ACC017",
        "Number too large",
        "Whole numbers beyond ±9,007,199,254,740,991 lose digits in many JSON readers, so the record could not be "
        "verified everywhere.",
        "data:\n  amount: {type: integer, maximum: 99999999999999999999}\n",
        "data:\n  amount: {type: integer, maximum: 999999999999}\n",
    ),
    Code(
        "ACC018",
        "Text that older tools read as a boolean",
        "`yes`, `no`, `on` and `off` are text here, as YAML 1.2 says. Tools of YAML 1.1 read them as true or false, so "
        "an editor or script may change their meaning.",
        "data:\n  real_name: {type: string, enum: [yes, no]}\n",
        'data:\n  real_name: {type: string, enum: ["yes", "no"]}\n',
    ),
)
