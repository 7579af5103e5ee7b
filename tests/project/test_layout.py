"""The rooms, and what each may know of the others, held by reading the code (DESIGN.md, 5)."""

import ast
import re
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

import poolcli

ROOT = Path(poolcli.__file__).parent
MODULES = {
    ".".join(("poolcli", *path.relative_to(ROOT).with_suffix("").parts)): path
    for path in sorted(ROOT.rglob("*.py"))
}

ROOMS = [
    "errors",
    "core.types",
    "core.inputs",
    "core.geometry",
    "core.engine",
    "core.poolings",
    "core.operations",
    "core",
    "functional",
    "media.options",
    "media.places",
    "media.files",
    "media.picture",
    "media.xmp",
    "media.pillow",
    "media.pillow.reading",
    "media.attributes",
    "media.file_names",
    "media.held_folder",
    "media.replacing",
    "media.array_headers",
    "media.arrays",
    "media.array_pictures",
    "media.tiff",
    "media.zarr_store",
    "media",
    "jobs",
    "studies",
    "views.drawing",
    "views",
    "__init__",
    "cli",
    "__main__",
]
"""From the ground up: a room imports from itself and from those before it."""

STRANGERS = {
    "functional": {"media", "jobs", "studies", "views", "cli"},
    "media": {"functional"},
    "jobs": {"functional"},
    "studies": {"functional"},
    "views": {"functional"},
    "cli": {"functional"},
    "__main__": {"core", "functional", "media", "jobs", "studies", "views", "__init__"},
}
"""Wings that a wing leaves alone although they come before it."""

PILLOW_MEDIA = {"poolcli.media.pictures", "poolcli.media.tiff.reader"}
"""The only modules outside ``media.pillow`` that may import from it."""

AT_HOME = {"numpy": ["core", "functional", "media", "jobs", "studies", "views"]}
AT_HOME |= {
    "PIL": ["media.pillow", "media.pillow.reading", "views"],
    "click": ["cli"],
    "dask": ["jobs"],
    "distributed": ["jobs"],
    "fsspec": ["media.places"],
    "imagecodecs": ["media.tiff"],
    "isal": ["media.pillow"],
    "rich": ["views"],
    "tifffile": ["media.tiff"],
    "zarr": ["media.zarr_store"],
    "zlib_ng": ["media.pillow"],
}
"""The only rooms that know each package; the standard library is at home everywhere."""


def wing(module: str) -> str:
    return module.split(".")[1]


def room(module: str) -> str:
    """The longest of `ROOMS` that a module lies in, or the wing."""
    inside = [one for one in ROOMS if f"{module}.".startswith(f"poolcli.{one}.")]
    return max(inside, key=len, default=wing(module))


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> set[str]:
    """Every module imported anywhere in a module, functions and type checking included."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            assert node.module is not None
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            home = "poolcli.__init__" if node.module == "poolcli" else node.module
            found |= (names & set(MODULES)) or {home}
    return found


def own(module: str) -> set[str]:
    return {name for name in imports(module) if name.partition(".")[0] == "poolcli"}


def functions(module: str) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree(module)) if isinstance(node, ast.FunctionDef)]


every_module = pytest.mark.parametrize("module", MODULES)


@every_module
def test_imports_point_one_way(module: str) -> None:
    may = ROOMS[: ROOMS.index(room(module)) + 1]
    assert "poolcli" not in own(module), "say which module"
    assert {name for name in own(module) if room(name) not in may} == set()
    strangers = STRANGERS.get(wing(module), set())
    assert {name for name in own(module) if wing(name) in strangers} == set()


@every_module
def test_packages_are_at_home(module: str) -> None:
    for package in {name.partition(".")[0] for name in imports(module)} - {"poolcli"}:
        if package not in sys.stdlib_module_names:
            assert {room(module), wing(module)} & set(AT_HOME[package])


@every_module
def test_pillow_has_one_user(module: str) -> None:
    if not room(module).startswith("media.pillow") and module not in PILLOW_MEDIA:
        assert not [name for name in own(module) if room(name).startswith("media.pillow")]


@pytest.mark.parametrize(
    ("extras", "user"),
    [
        ({"tifffile", "imagecodecs"}, "poolcli.media.tiff.extra"),
        ({"dask", "distributed"}, "poolcli.jobs.cluster.extra"),
    ],
)
def test_extras_are_imported_by_one_module(extras: set[str], user: str) -> None:
    users = {name for name in MODULES if extras & {one.partition(".")[0] for one in imports(name)}}
    assert users == {user}


def test_folders_are_small() -> None:
    tests = Path(__file__).parents[1]
    for folder in {path.parent for top in (ROOT, tests) for path in top.rglob("*.py")}:
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(modules) <= 16, folder


def test_no_circle() -> None:
    TopologicalSorter({module: own(module) for module in MODULES}).prepare()


@every_module
def test_sizes(module: str) -> None:
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= 300
    for function in functions(module):
        body = function.body[1:] if ast.get_docstring(function) else function.body
        lines = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
        assert lines <= 50, f"{function.name} has {lines} lines"


@every_module
def test_docstrings(module: str) -> None:
    assert ast.get_docstring(tree(module))
    for node in tree(module).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if "overload" in map(ast.unparse, node.decorator_list):
                continue
            assert ast.get_docstring(node), f"{node.name} has no docstring"


HEADLESS = re.compile(r"(What|How|Where|Whether|So many|Whose|Of what|Which|Why|When)\b")


@every_module
def test_docstrings_open_with_a_verb_or_a_name(module: str) -> None:
    nodes = [
        node
        for node in ast.walk(tree(module))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    ]
    found = [ast.get_docstring(node) or "" for node in nodes]
    found += re.findall(r'(?m)^ *"""(.*)', MODULES[module].read_text(encoding="utf-8"))
    assert [text for text in found if HEADLESS.match(text)] == []


@every_module
def test_exported_names(module: str) -> None:
    public = {
        node.name
        for node in tree(module).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    }
    if wing(module) == "__main__":
        return
    loaded = import_module(module.removesuffix(".__init__"))
    exported = getattr(loaded, "__all__", [])
    assert public <= set(exported)
    assert [name for name in exported if not hasattr(loaded, name)] == []
    assert len(exported) == len(set(exported))


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [
        ("import poolcli", ["click", "rich", "PIL", "numpy"]),
        ("import poolcli; poolcli.max_pool", ["click", "rich", "PIL"]),
        ("import poolcli.functional", ["click", "rich", "PIL"]),
        # Threads of theirs would not be there in what is forked from this.
        ("import poolcli.jobs.worker_imports", ["fsspec", "s3fs", "asyncio"]),
        ("import poolcli.cli.main", ["rich", "PIL", "numpy"]),
        ("import poolcli.media.pictures as p; p.is_readable('.png')", ["click", "rich", "numpy"]),
        (
            "import poolcli, pathlib, tempfile; from PIL import Image; "
            "a = pathlib.Path(tempfile.mkdtemp(), 'a.tif'); Image.new('RGB', (4, 4)).save(a); "
            "poolcli.pool_file('max', a, a.with_name('b.tif'), kernel=2)",
            ["tifffile", "imagecodecs"],
        ),
    ],
)
def test_what_is_not_imported_uninvited(code: str, unwanted: list[str]) -> None:
    code += f"; import sys; print([name for name in {unwanted} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
