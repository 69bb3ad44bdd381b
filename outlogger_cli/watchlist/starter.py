"""The text of a new watchlist, with every key as a comment."""

from collections.abc import Iterator, Sequence

from outlogger_cli.watchlist.schema import DEFAULTS_KEYS, NOTIFY_KEYS, VENDOR_KEYS, Key

_EXAMPLES = {
    "fail_on": '"minor"',
    "on_unknown": '"fail"',
    "count_incidents": '"auto"',
    "timeout": '"10s"',
    "deadline": '"60s"',
    "jobs": "64",
    "retries": "1",
    "max_age": '"0s"',
    "tz": '"UTC"',
    "name": '"Acme"',
    "url": '"https://status.acme.example"',
    "platform": '"statuspage"',
    "components": '["API", "EU/*"]',
    "exclude": '["Docs"]',
    "tags": '["ci"]',
    "headers": '{ Authorization = "OAuth ${ACME_KEY}" }',
    "command": "'notify-send \"$OUTLOGGER_TITLE\"'",
    "webhooks": '["${HOOK_URL}"]',
    "urls": '["${CHAT_URL}"]',
    "quiet": '"22:00-07:00"',
    "on": '["opened", "recovered"]',
    "remind": '"4h"',
}
"""A value of each key; in `[defaults]` the built-in one, but for the deadline, which has none."""


def text(schema: str) -> str:
    """A watchlist that names its JSON Schema by `schema`, an address or a relative path."""
    rows = [
        f"#:schema {schema}",
        "# The vendors that outlogger reads. Add some: outlogger watchlist add NAME",
        "# All keys are listed; remove the # of those you need. See outlogger help watchlist",
        "version = 1",
        "",
        "[defaults]",
        *_settings(DEFAULTS_KEYS),
        "",
        "# A vendor of the catalogue needs no more than its slug.",
        "#[vendors.github]",
        "",
        "# Any other vendor needs a url.",
        "#[vendors.acme]",
        *_settings(VENDOR_KEYS),
        "",
        "# Used only in your own watchlist, or one named by --watchlist.",
        "#[notify]",
        *_settings(NOTIFY_KEYS),
    ]
    return "".join(f"{row}\n" for row in rows)


def _settings(keys: Sequence[Key]) -> Iterator[str]:
    for key in keys:
        yield f"#{key.name} = {_EXAMPLES[key.name]}  # {key.help}"
