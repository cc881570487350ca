"""What is installed is what was meant: the wheel, and the source distribution it is built from."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

from tests.house.project import ROOT


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source distribution, and from it the wheel, as a release does."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
        text=True,
    )
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> zipfile.ZipFile:
    """Open the wheel."""
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def metadata(wheel: zipfile.ZipFile) -> Parser:
    """Read the wheel's metadata."""
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return Parser().parsestr(wheel.read(name).decode())


def test_the_wheel_carries_every_shipped_workflow(wheel: zipfile.ZipFile):
    """Whoever installs the wheel has the workflows of the project, byte for byte."""
    shipped = [path for path in (ROOT / "workflows").rglob("*") if path.is_file()]
    assert shipped
    for path in shipped:
        name = f"accountability/workflows/{path.relative_to(ROOT / 'workflows').as_posix()}"
        assert wheel.read(name) == path.read_bytes()


def test_the_wheel_carries_the_package_whole(wheel: zipfile.ZipFile):
    """Every module is inside, with the mark that it is typed."""
    names = set(wheel.namelist())
    for path in (ROOT / "src").rglob("*.py"):
        assert path.relative_to(ROOT / "src").as_posix() in names
    assert "accountability/py.typed" in names


def test_the_wheel_carries_nothing_else(wheel: zipfile.ZipFile):
    """No tests, no data, no caches are installed on anybody's computer."""
    for name in wheel.namelist():
        top = name.split("/")[0]
        assert top == "accountability" or top.endswith(".dist-info"), name
        assert "/tests/data/" not in name
        assert not name.endswith((".pyc", ".db"))


def test_the_wheel_says_what_it_is(wheel: zipfile.ZipFile):
    """Licence, Python version and the command are stated where installers read them."""
    described = metadata(wheel)
    assert described["Name"] == "accountability"
    assert described["License-Expression"] == "Apache-2.0"
    assert described["Requires-Python"] == ">=3.11"
    (scripts,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert "accountability = accountability.cli.main:run" in wheel.read(scripts).decode()
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())


def test_the_core_needs_no_server_s_driver(wheel: zipfile.ZipFile):
    """PostgreSQL's driver comes with the extra, never with the core."""
    needed = metadata(wheel).get_all("Requires-Dist") or []
    drivers = [need for need in needed if need.startswith("psycopg")]
    assert drivers
    assert all("extra == 'postgres'" in need for need in drivers)


def test_the_source_distribution_can_be_tested(built: Path):
    """Who unpacks the source finds tests, documents, workflows and locks beside the code."""
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = ("Makefile", "LICENSE", "conftest.py", "requirements-dev.txt", "docs/language.md", "tests/conftest.py")
    assert not [name for name in wanted if name not in names]
    assert not [name for name in names if "__pycache__" in name or name.startswith(".venv")]
