"""The lowest version that poolcli takes of each of its needs, as pip's constraints.

``python tests/project/floor.py`` prints them; ``make floor`` runs the tests with them.
"""

import tomllib
from pathlib import Path

__all__ = ["lowest"]


def lowest(needs: list[str]) -> list[str]:
    """Pin each need, all of which have a lower bound and nothing else.

    >>> lowest(["click>=8.2", "rich>=13"])
    ['click==8.2', 'rich==13']
    """
    bounds = [need.split(">=") for need in needs]
    return [f"{name}=={version}" for name, version in bounds]


if __name__ == "__main__":
    project = tomllib.loads(Path(__file__).parents[2].joinpath("pyproject.toml").read_text("utf-8"))
    print("\n".join(lowest(project["project"]["dependencies"])))
