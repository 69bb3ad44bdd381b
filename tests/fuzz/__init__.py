"""Coverage-guided fuzzing of what reads strangers' text: `python -m tests.fuzz --list`.

Needs the extra `fuzz`; nothing else in the tests does.
"""
