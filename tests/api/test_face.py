"""The public names: what completion offers, where each name lives, and that no name is missing."""

import ast
from importlib import import_module
from pathlib import Path
from rlcompleter import Completer

import pytest

import poolcli
from poolcli import errors

HOMES = poolcli._HOMES
"""The module of each name that is imported late."""


def type_checkers_homes() -> dict[str, str]:
    """Read from the code in which modules type checkers find the names imported late."""
    code = ast.parse(Path(poolcli.__file__).read_text(encoding="utf-8"))
    (branch,) = (node for node in code.body if isinstance(node, ast.If))
    assert ast.unparse(branch.test) == "TYPE_CHECKING"
    found: dict[str, str] = {}
    for node in branch.body:
        if isinstance(node, ast.ImportFrom):
            found |= {alias.name: str(node.module) for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {str(alias.asname): alias.name for alias in node.names}
    return found


def test_dir_lists_the_public_names_and_no_others() -> None:
    listed = dir(poolcli)
    assert listed == sorted(set(listed))
    assert {name for name in listed if not name.startswith("__")} == set(poolcli.__all__)
    assert {"__all__", "__doc__", "__file__", "__name__"} <= set(listed)


def test_completion_offers_names_that_are_not_imported_yet() -> None:
    offered = Completer({"poolcli": poolcli}).attr_matches("poolcli.m")
    names = {match.removeprefix("poolcli.").partition("(")[0] for match in offered}
    assert names == {"max_pool", "max_unpool", "median_pool", "min_pool", "mode_pool"}


@pytest.mark.parametrize("name", poolcli.__all__)
def test_name_is_what_its_home_calls_so(name: str) -> None:
    found = getattr(poolcli, name)
    if name == "functional":
        assert found is import_module("poolcli.functional")
    else:
        home = import_module(HOMES.get(name, "poolcli.errors"))
        assert found is getattr(home, name)
        assert found.__module__ == home.__name__


def test_type_checkers_and_late_imports_agree() -> None:
    assert type_checkers_homes() == HOMES
    assert set(poolcli.__all__) == {*HOMES, *errors.__all__}
    assert list(HOMES) == sorted(HOMES)


def test_errors_are_one_tree() -> None:
    for name in errors.__all__:
        assert issubclass(getattr(poolcli, name), poolcli.PoolingError)
    assert issubclass(poolcli.PoolingError, ValueError)


def test_name_that_does_not_exist() -> None:
    with pytest.raises(AttributeError, match=r"^module 'poolcli' has no attribute 'max_pol'$"):
        _ = poolcli.max_pol  # type: ignore[attr-defined]
