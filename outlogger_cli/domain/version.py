"""The version, as a literal: to look it up in the package metadata would slow `--version`."""

__version__ = "1.0.0"
