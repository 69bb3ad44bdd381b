"""The cost of commands, measured against curl: `python -m tests.bench`. Needs Linux."""
