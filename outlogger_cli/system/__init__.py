"""The machine the program runs on: streams, paths, files and the clock."""
