"""Untrusted TOML."""

import pytest

from outlogger_cli.domain import toml

DEEP = ".".join(["k"] * 20_000)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{DEEP} = 1", 1),
        (f"\n[{DEEP}]", 2),
        (f"[[ {DEEP.replace('.', ' . ')} ]]", 1),
        (".".join(["'a.b'"] * 9000) + " = 1", 1),
        (".".join(['"a\\".b"'] * 9000) + " = 1", 1),
        (f"x = {{ a = '''a'b''', {DEEP} = 1 }}", 1),
        (f"x = '''\n'\n'''\n{DEEP} = 1", 4),
        (f'x = """\n\\""" " \n"""\n{DEEP} = 1', 4),
        (f"# '''\n{DEEP} = 1", 2),
    ],
)
def test_a_key_of_very_many_parts_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(toml.DeepKeyError) as caught:
        toml.loads(text)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "text",
    [
        f"x = '{DEEP}'",
        f'x = "{DEEP}"',
        f"x = '''\n{DEEP} = 1\n'''",
        f'x = """\n{DEEP} = 1\n"""',
        f"x = 1 # {DEEP} = 1",
        ".".join("k" * 32) + f" = '{'x' * 9000}'",
    ],
)
def test_dots_that_are_in_no_key_are_read(text: str) -> None:
    assert toml.loads(text)


def test_a_long_text_without_an_end_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="Unterminated string"):
        toml.loads('x = "' + '\\"' * 500_000)
