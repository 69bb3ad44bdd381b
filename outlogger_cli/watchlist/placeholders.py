"""`${NAME}` in a value of the watchlist: a secret in the environment."""

from collections.abc import Iterator, Mapping

from outlogger_cli.domain.errors import ConfigError


def placeholders(text: str) -> Iterator[tuple[str, str]]:
    """The NAME of each `${NAME}` in `text`, and the text between it and the next.

    Raises `ValueError` for a `${` without a name or without its `}`.
    """
    for rest in text.split("${")[1:]:
        name, brace, after = rest.partition("}")
        if not (brace and name.isascii() and name.isidentifier()):
            raise ValueError("${ must be followed by a variable name and }")
        yield name, after


def expand(text: str, environ: Mapping[str, str], *, where: str) -> str:
    """`text` with each `${NAME}` replaced from `environ`; a `$` elsewhere is a plain character.

    Raises `ConfigError` naming `where` and NAME, never a value: if the variable is not set or is
    empty, if no address and no header can hold its value, and for an invalid placeholder.
    """
    try:
        found = list(placeholders(text))
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from None
    expanded = [text.partition("${")[0]]
    for name, after in found:
        value = environ.get(name)
        if not value:
            wanting = "empty" if name in environ else "not set"
            raise ConfigError(f"{where}: the environment variable {name} is {wanting}")
        if not (value.isascii() and value.isprintable()):
            raise ConfigError(
                f"{where}: the environment variable {name} contains a character that is "
                "not printable ASCII (a line break?)"
            )
        expanded += (value, after)
    return "".join(expanded)
