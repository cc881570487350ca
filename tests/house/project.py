"""Where the house tests look: the files of the project, and the Python among them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "accountability"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def project_files() -> list[Path]:
    """List the files that belong to the project, whether they are committed already or not."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:  # an unpacked source distribution is no repository
        folders = ("src", "tests", "docs", "workflows", "examples", "benchmarks")
        paths = [path for folder in folders for path in (ROOT / folder).rglob("*") if "__pycache__" not in path.parts]
        paths += ROOT.glob("*.*")
    return sorted(path for path in paths if path.is_file())


def text_files() -> Iterator[tuple[str, str]]:
    """Give the name and the text of every file that is text; the locks are made by a program and left out."""
    for path in project_files():
        if path.name.startswith("requirements"):
            continue
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


@cache
def modules(folder: str) -> tuple[tuple[str, str, ast.Module], ...]:
    """Give name, text and syntax tree of the Python files below a folder of the project."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    texts = [(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
    return tuple((name, text, ast.parse(text)) for name, text in texts)


def functions(tree: ast.Module) -> Iterator[Function]:
    """Give every function and method of a module."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))
