"""The two hash-checked lists that pip installs say what uv.lock says, and nothing else."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.own_database

TOP = Path(__file__).resolve().parents[2]
UV_LOCK: dict[str, Any] = tomllib.loads((TOP / "uv.lock").read_text())
PACKAGES: dict[str, dict[str, Any]] = {package["name"]: package for package in UV_LOCK["package"]}
PROJECT = PACKAGES["referral-desk"]
REQUIREMENT = re.compile(r"^([a-z0-9-]+)==([^ ]+)(?: ; .+)?$")

Listed = dict[str, tuple[str, frozenset[str]]]


def listed(name: str) -> Listed:
    """Package name to version and hashes, from one of pip's lists."""
    found: Listed = {}
    for entry in re.split(r"\n(?=\S)", (TOP / name).read_text().strip()):
        first, *hashes = [part.strip() for part in entry.split("\\\n")]
        requirement = REQUIREMENT.match(first)
        assert requirement, f"{name} has a line that pins no version: {first}"
        found[requirement[1]] = (requirement[2], frozenset(each.removeprefix("--hash=") for each in hashes))
    return found


def locked(name: str) -> tuple[str, frozenset[str]]:
    """Version and hashes of a package, from uv.lock."""
    package = PACKAGES[name]
    files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    return package["version"], frozenset(file["hash"] for file in files)


def needed(dependencies: Iterable[dict[str, Any]]) -> set[str]:
    """Everything that these dependencies bring, with the extras they ask for."""
    seen: set[tuple[str, str]] = set()
    waiting = [(each["name"], extra) for each in dependencies for extra in ("", *each.get("extra", []))]
    while waiting:
        name, extra = one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        package = PACKAGES[name]
        brings = (
            package.get("optional-dependencies", {}).get(extra, [])
            if extra
            else package.get("dependencies", [])
        )
        waiting += [(each["name"], more) for each in brings for more in ("", *each.get("extra", []))]
    return {name for name, _ in seen}


RUNTIME = PROJECT["dependencies"]
DEVELOPMENT = [each for group in PROJECT["dev-dependencies"].values() for each in group]


@pytest.mark.parametrize(
    ("name", "dependencies"),
    [("requirements.lock", RUNTIME), ("requirements-dev.lock", [*RUNTIME, *DEVELOPMENT])],
)
def test_a_list_holds_exactly_what_the_dependencies_bring_with_the_versions_and_hashes_of_uv_lock(
    name, dependencies
):
    assert listed(name) == {each: locked(each) for each in needed(dependencies)}


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_list_names_no_package_index(name):
    text = (TOP / name).read_text()
    assert "://" not in text
    assert "--index-url" not in text


def test_what_pyproject_asks_for_is_what_was_locked():
    pyproject = tomllib.loads((TOP / "pyproject.toml").read_text())
    asked = {re.split(r"[\[<>=~!]", each)[0] for each in pyproject["project"]["dependencies"]}
    assert asked == {each["name"] for each in RUNTIME}
    assert UV_LOCK["requires-python"] == pyproject["project"]["requires-python"]
