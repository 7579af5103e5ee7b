"""Completion: the script for each shell, and what it then asks for."""

import pytest

from tests.commands import Shell


@pytest.mark.parametrize("shell_name", ["bash", "zsh", "fish"])
def test_completion(shell: Shell, shell_name: str) -> None:
    done = shell("completion", shell_name)
    assert (done.code, done.err) == (0, "")
    assert f"_POOLCLI_COMPLETE={shell_name}_complete" in done.out
    asked = {"COMP_WORDS": "poolcli max --skip", "COMP_CWORD": "2"}
    env = {**asked, "_POOLCLI_COMPLETE": f"{shell_name}_complete"}
    assert "--skip-existing" in shell(env=env).out or shell_name == "fish"
    assert shell("completion", "tcsh").code == 2
