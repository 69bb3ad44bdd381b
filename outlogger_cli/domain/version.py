"""The version, as a literal: to ask the installed package costs more than `--version` may."""

__version__ = "0.1.0"
