"""The version, as a literal: to look it up in the package metadata would slow `--version`."""

__version__ = "0.1.0"
