# SPDX-License-Identifier: MIT
"""Runs the recipe of Conan with what it uses of Conan 2, as Conan's documentation says what that does. Conan itself is
no package of Debian's; where it is installed, conan inspect reads the recipe, too."""

import fnmatch
import os
import shutil
import subprocess
import sys
import tempfile
import types
from pathlib import Path

SOURCE_DIR, VERSION = Path(sys.argv[1]), sys.argv[2]
RECIPE = SOURCE_DIR / ".github/packaging/conan/conanfile.py"


class ConanFile:
    pass


def copy(recipe, pattern, src, dst):
    copied = [file for file in Path(src).rglob("*") if file.is_file() and fnmatch.fnmatch(file.name, pattern)]
    for file in copied:
        target = Path(dst) / file.relative_to(src)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    assert copied, (pattern, src)


def stand_in(name, **members):
    module = types.ModuleType(name)
    module.__dict__.update(members)
    sys.modules[name] = module


def recipe_class():
    stand_in("conan", ConanFile=ConanFile)
    stand_in("conan.tools")
    stand_in("conan.tools.build", check_min_cppstd=lambda recipe, standard: recipe.standards.append(standard))
    stand_in("conan.tools.files", copy=copy, load=lambda recipe, path: Path(path).read_text(encoding="utf-8"))
    stand_in("conan.tools.layout", basic_layout=lambda recipe: None)
    module = types.ModuleType("conanfile")
    exec(compile(RECIPE.read_text(encoding="utf-8"), RECIPE, "exec"), module.__dict__)
    return module.CurtailConan


def package(kind, folder, options):
    """Does what conan create does, in its order, and returns the recipe after it."""
    recipe = kind()
    recipe.recipe_folder = str(RECIPE.parent)
    recipe.export_sources_folder = recipe.source_folder = str(folder / "export")
    recipe.package_folder = str(folder / "package")
    recipe.settings = types.SimpleNamespace(os="Linux", arch="x86_64", compiler="gcc", build_type="Release")
    recipe.options = types.SimpleNamespace(**{**kind.default_options, **options})
    recipe.required, recipe.standards, recipe.properties = {}, [], {}
    recipe.requires = lambda reference, **traits: recipe.required.update({reference.split("/")[0]: traits})
    recipe.info = types.SimpleNamespace(clear=lambda: None)
    recipe.cpp_info = types.SimpleNamespace(set_property=recipe.properties.__setitem__)
    for step in "set_version export_sources layout requirements package_id validate package package_info".split():
        getattr(recipe, step)()
    return recipe


def main():
    kind = recipe_class()
    assert set(kind.options) == set(kind.default_options)
    headers = sorted(path.relative_to(SOURCE_DIR) for path in SOURCE_DIR.glob("include/**/*.hpp"))
    with tempfile.TemporaryDirectory(prefix="curtail_conan_") as scratch:
        for on in [False, True]:
            recipe = package(kind, Path(scratch) / str(on), {name: on for name in kind.options})
            installed = Path(recipe.package_folder)
            assert recipe.version == VERSION, recipe.version
            assert sorted(path.relative_to(installed) for path in installed.glob("include/**/*.hpp")) == headers
            assert (installed / "licenses/LICENSE").read_bytes() == (SOURCE_DIR / "LICENSE").read_bytes()
            assert recipe.standards == [20]
            assert "CSV_IO_NO_THREAD" in recipe.cpp_info.defines
            assert recipe.properties["cmake_target_name"] == "curtail::curtail"
            # Each package that is required is linked, and none else.
            assert {name.split("::")[0] for name in recipe.cpp_info.requires} == set(recipe.required), recipe.required
            assert len(recipe.required) == (4 if on else 1), recipe.required
            if on:
                assert recipe.required["fast-cpp-csv-parser"]["options"] == {"with_thread": False}
    if shutil.which("conan"):
        subprocess.run(["conan", "inspect", str(RECIPE)], check=True)


if __name__ == "__main__":
    main()
