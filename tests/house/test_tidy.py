"""The house stays tidy: sizes, names, words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.project import Function, functions, modules, project_files, text_files

MODULE_LINES_MAX = 400
CLASS_LINES_MAX = 300
FUNCTION_LINES_MAX = 70
PLACES_MAX = 6
TEST_MODULE_LINES_MAX = 600

GRAB_BAGS = re.compile(r"utils?|common|misc|base|managers?|helpers?|handlers?")
TYPES_IS_A_TOPIC_HERE = "src/accountability/guards/types.py"

# Each pattern is written so that it does not find itself.
LATER = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
SILENCED = re.compile(r"# (?:noqa|type: ignore|pragma: no cover)")
REASON = re.compile(r"(?: -- |\]  # (?:-- )?)\w")
BANNER = re.compile(r"^\s*#\s*[-=#*~]{3,}", re.MULTILINE)
MACHINE = re.compile(
    r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|mnt/\w+)/"  # somebody's folders
    r"|\b(?:10|172|192)\.\d{1,3}\.\d{1,3}\.\d{1,3}\b"  # somebody's network
    r"|\b[\w-]+\.(?:internal|corp|lan)\b"
)


def nested(function: Function) -> Iterator[Function]:
    """Give the functions defined inside a function; their lines count for themselves."""
    return (node for node in ast.walk(function) if isinstance(node, Function) and node is not function)


def lines(function: Function) -> int:
    """Count the lines of a function, its docstring and inner functions left out."""
    own = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        own -= (docstring.end_lineno or 0) - docstring.lineno + 1
    return own - sum((inner.end_lineno or 0) - inner.lineno + 1 for inner in nested(function))


def test_no_module_is_longer_than_it_may_be():
    """A module of the package has at most 400 lines, a test module 600: what grows past that is two topics."""
    limits = {"src": MODULE_LINES_MAX, "tests": TEST_MODULE_LINES_MAX}
    too_long = [
        f"{name}: {text.count(chr(10))} lines"
        for folder, limit in limits.items()
        for name, text, _ in modules(folder)
        if text.count("\n") > limit
    ]
    assert not too_long


def test_no_function_is_longer_than_it_may_be():
    """A function has at most 70 lines, its docstring apart."""
    too_long = [
        f"{name}:{function.lineno} {function.name}: {lines(function)} lines"
        for name, _, tree in modules("src")
        for function in functions(tree)
        if lines(function) > FUNCTION_LINES_MAX
    ]
    assert not too_long


def test_no_class_is_longer_than_it_may_be():
    """A class has at most 300 lines: one that grows past that does two things."""
    too_long = [
        f"{name}:{node.lineno} {node.name}: {(node.end_lineno or 0) - node.lineno + 1} lines"
        for name, _, tree in modules("src")
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and (node.end_lineno or 0) - node.lineno + 1 > CLASS_LINES_MAX
    ]
    assert not too_long


def test_no_function_is_called_by_counting_commas():
    """A public function takes at most six arguments by place; the commands, which nobody calls by place, aside."""
    too_many = [
        f"{name}:{function.lineno} {function.name}: {places(function)}"
        for name, _, tree in modules("src")
        if not name.startswith("src/accountability/cli/")
        for function in functions(tree)
        if not function.name.startswith("_") and places(function) > PLACES_MAX
    ]
    assert not too_many


def places(function: Function) -> int:
    """Count the arguments that may be given by place; the object that a method belongs to is none."""
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def test_no_module_is_a_grab_bag():
    """A module is named for its topic, never for being handy."""
    handy = [
        name
        for folder in ("src", "tests")
        for name, _, _ in modules(folder)
        if GRAB_BAGS.fullmatch(name.rpartition("/")[2].removesuffix(".py"))
        or (name.endswith("/types.py") and name != TYPES_IS_A_TOPIC_HERE)
    ]
    assert not handy


def test_everything_public_has_a_docstring():
    """Every public module, class, function, method and property says what it does, in sentences."""
    silent = [f"{name}:{place}" for name, _, tree in modules("src") for place in undocumented(tree)]
    assert not silent


def undocumented(tree: ast.Module) -> Iterator[str]:
    """Give the public objects of a module that have no docstring, or one that does not end as a sentence ends."""
    pending: list[tuple[str, ast.Module | ast.ClassDef | Function]] = [("1 module", tree)]
    while pending:
        place, node = pending.pop()
        docstring = ast.get_docstring(node)
        first = (docstring or "").partition("\n\n")[0].strip()
        if not first.endswith((".", ":", "?")):
            yield place
        if isinstance(node, Function):
            continue
        pending += [
            (f"{child.lineno} {child.name}", child)
            for child in node.body
            if isinstance(child, ast.ClassDef | Function) and not child.name.startswith("_") and not explained(child)
        ]


def explained(node: ast.ClassDef | Function) -> bool:
    """Whether another definition of the same name has the docstring: one of several signatures, or a setter."""
    decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
    return any(decorator.endswith(("overload", ".setter")) for decorator in decorators)


def test_every_test_is_a_sentence_and_says_what_it_promises():
    """A test's name is a sentence of at least three words, and its docstring the promise it holds."""
    poor = [
        f"{name}:{function.lineno} {function.name}"
        for name, _, tree in modules("tests")
        for function in functions(tree)
        if function.name.startswith("test_") and not speaks(function)
    ]
    assert not poor


def speaks(function: Function) -> bool:
    """Whether a test has a sentence for a name, and a docstring."""
    words = function.name.removeprefix("test_").split("_")
    return len(words) >= 3 and bool(ast.get_docstring(function))


def test_nothing_is_left_for_later():
    """No file marks a thing as unfinished."""
    left = [f"{name}: {found[0]}" for name, text in text_files() if (found := LATER.search(text))]
    assert not left


def test_no_file_knows_a_machine():
    """No file names a folder, an address or a host of the computer it was written on."""
    known = [f"{name}: {found[0]}" for name, text in text_files() if (found := MACHINE.search(text))]
    assert not known


def test_the_locks_name_no_address():
    """The locks hold versions and hashes only, so that any registry may serve them."""
    locks = [path for path in project_files() if path.name.startswith("requirements")]
    assert locks
    for path in locks:
        text = path.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"://|--index|--find-links| @ |file:", text), path.name


def test_comments_draw_no_banners():
    """Structure comes from modules and functions, not from lines drawn across the file."""
    drawn = [name for folder in ("src", "tests") for name, text, _ in modules(folder) if BANNER.search(text)]
    assert not drawn


def test_every_ignore_gives_its_reason():
    """Whoever silences a tool says why.

    `# noqa: S608 -- the names are our own constants`, or `# type: ignore[override]  # typer hides the type`.
    """
    mute = [
        f"{name}:{number}"
        for name, text, _ in modules("src")
        for number, line in enumerate(text.splitlines(), 1)
        if (found := SILENCED.search(line)) and not REASON.search(line, found.start())
    ]
    assert not mute


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (LATER, "# TO" + "DO: later"),
        (MACHINE, "open('/ro" + "ot/x.txt')"),
        (MACHINE, "postgresql://db.inter" + "nal/x"),
        (BANNER, "# " + "-" * 10),
        (SILENCED, "x = 1  # no" + "qa"),
        (GRAB_BAGS, "utils"),
    ],
)
def test_the_patterns_find_what_they_are_for(pattern: re.Pattern[str], text: str):
    """A pattern that finds nothing would let everything pass."""
    assert pattern.search(text)
