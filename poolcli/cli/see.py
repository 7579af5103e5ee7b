"""The commands by which pooling can be seen."""

from poolcli.cli.compare import compare_command
from poolcli.cli.explain import explain_command
from poolcli.cli.invariance import invariance_command
from poolcli.cli.shape import shape_command
from poolcli.cli.show import show_command

__all__ = ["COMMANDS"]

COMMANDS = [shape_command, explain_command, compare_command, show_command, invariance_command]
