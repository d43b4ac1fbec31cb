"""The command line; each command is a short function over what the composition root builds."""

from runtime.commands.cli import bookrelay

__all__ = ["bookrelay"]
