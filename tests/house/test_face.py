"""The public face: what other programs hold on to, and what importing it does."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import accountability
from tests.house.project import ROOT

GOLDEN = Path(__file__).with_name("public_api.txt")
NAMES_MAX = 25


def describe() -> str:
    """Write down every public name with its signature, and the public members of what we define."""
    return "".join(part for name in sorted(accountability.__all__) for part in describe_one(name))


def describe_one(name: str) -> list[str]:
    """Write down one public name; `__version__` without its value."""
    value = getattr(accountability, name)
    if not inspect.isclass(value):
        return [f"{name}: {type(value).__name__}\n"]
    bases = ", ".join(base.__name__ for base in value.__bases__ if base is not object)
    described = [f"class {name}{signature(value)}{f' is a {bases}' if bases else ''}\n"]
    for member in sorted(vars(value)):
        if not member.startswith("_"):
            described += describe_member(member, inspect.getattr_static(value, member))
    return described


def describe_member(name: str, member: Any) -> list[str]:
    """Write down a public method, property or attribute; a dataclass's fields stand in its signature already."""
    if isinstance(member, property):
        return [f"    {name}: property\n"]
    if isinstance(member, classmethod | staticmethod):
        return [f"    {type(member).__name__} {name}{inspect.signature(member.__func__)}\n"]
    if inspect.isfunction(member):
        return [f"    {name}{inspect.signature(member)}\n"]
    return []


def signature(value: type) -> str:
    """Write down how a class is called; protocols and plain errors are not called in a way worth holding."""
    if getattr(value, "_is_protocol", False) or "__init__" not in vars(value):
        return ""
    return str(inspect.signature(value))


def run(code: str, folder: Path) -> str:
    """Run a program in a fresh interpreter inside an empty folder, and give what it prints."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def test_the_public_api_is_as_written_down():
    """Names and signatures change only together with the golden file, so that nobody changes them by accident.

    After a change on purpose: `python -m tests.house.test_face`, and a line in the changelog.
    """
    assert describe() == GOLDEN.read_text(encoding="utf-8")


def test_the_face_has_few_names_in_order():
    """At most 25 names, sorted, each importable."""
    names = accountability.__all__
    assert list(names) == sorted(names)
    assert len(names) <= NAMES_MAX
    assert all(hasattr(accountability, name) for name in names)


def test_an_unknown_name_is_an_attribute_error():
    """The lazy face answers like any module where it does not know a name."""
    assert not hasattr(accountability, "Motor")
    assert "Engine" in dir(accountability)


def test_the_version_is_the_project_s():
    """`__version__` and the project's metadata agree."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert accountability.__version__ == project["version"]


def test_importing_loads_no_database_and_no_terminal(tmp_path: Path):
    """`import accountability` stays light; what is slow to import comes with the engine."""
    loaded = set(run("import accountability, sys; print(*sys.modules)", tmp_path).split())
    heavy = {"sqlmodel", "sqlalchemy", "alembic", "sqlite3", "typer", "rich"}
    heavy |= {"pydantic", "yaml", "pendulum", "structlog"}
    assert "accountability" in loaded
    assert not loaded & heavy


def test_the_engine_is_handed_on_when_asked_for(tmp_path: Path):
    """Asking for `Engine` loads the database's library, and not before."""
    asked = "print('sqlmodel' in sys.modules)"
    assert run(f"import accountability, sys; {asked}; accountability.Engine; {asked}", tmp_path).split() == [
        "False",
        "True",
    ]


SPY = """
import json, logging, os, sys

seen = {"files": [], "environment": []}

def caller():
    frame = sys._getframe(2)
    while frame and frame.f_globals.get("__name__") in ("os", "collections.abc"):
        frame = frame.f_back
    return frame.f_globals.get("__name__", "") if frame else ""

read = os._Environ.__getitem__

def spy(self, key):
    if caller().startswith("accountability"):
        seen["environment"].append(key)
    return read(self, key)

os._Environ.__getitem__ = spy

def watch(event, arguments):
    if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
        seen["files"].append(str(arguments[0]))

sys.addaudithook(watch)
{import_it}
loggers = [logging.getLogger(), logging.getLogger("accountability")]
seen["handlers"] = sum(type(handler) is not logging.NullHandler for logger in loggers for handler in logger.handlers)
seen["level"] = logging.getLogger("accountability").level
print(json.dumps(seen))
"""


def test_importing_has_no_side_effects(tmp_path: Path):
    """Importing face and engine writes no file, reads no setting and configures no logging (a `NullHandler` aside)."""
    seen = json.loads(run(SPY.replace("{import_it}", "import accountability; accountability.Engine"), tmp_path))
    assert seen == {"files": [], "environment": [], "handlers": 0, "level": 0}
    assert not list(tmp_path.iterdir())


def test_the_spy_sees_what_it_looks_for(tmp_path: Path):
    """A spy that sees nothing would let every side effect pass."""
    package = tmp_path / "accountability_twin.py"
    package.write_text("import os, logging\nos.environ.get('A')\nopen('b', 'w').close()\nlogging.basicConfig()\n")
    seen = json.loads(run(SPY.replace("{import_it}", "sys.path.insert(0, '.'); import accountability_twin"), tmp_path))
    assert seen == {"files": ["b"], "environment": ["A"], "handlers": 1, "level": 0}


if __name__ == "__main__":
    GOLDEN.write_text(describe(), encoding="utf-8")
