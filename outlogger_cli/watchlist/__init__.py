"""The user's list of vendors: its keys, its file, and the names in it."""
