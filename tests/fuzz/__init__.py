"""Coverage-guided fuzzing of the parsers of untrusted text: `python -m tests.fuzz --list`.

Needs the extra `fuzz`; nothing else in the tests does.
"""
