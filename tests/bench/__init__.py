"""What the commands cost, measured against curl: `python -m tests.bench`. Needs Linux."""
