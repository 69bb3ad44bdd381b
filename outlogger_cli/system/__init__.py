"""This machine: streams, paths, files and the clock."""
