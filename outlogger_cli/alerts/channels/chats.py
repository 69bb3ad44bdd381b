"""The bodies that the webhooks of chats expect, made of a message.

The title links to the incident, or to the page. Text of vendors is escaped: it must not mention
everyone in a channel, nor link elsewhere. Each chat has limits of length, and refuses more.
"""

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any
from urllib.parse import quote, urlsplit

from outlogger_cli.alerts.delivery_log import Message
from outlogger_cli.watchlist.readers import WebhookFormat

_TITLE_LIMIT = 200
_LINK_LIMIT = 1000
_TEXT_LIMIT = 2000
"""Characters, before escapes. Slack accepts 3000 in a section, Discord 4096 in a description;
Google Chat 4096 and Teams 28 KiB in a message."""

_HOSTS: Mapping[WebhookFormat, re.Pattern[str]] = {
    WebhookFormat.SLACK: re.compile(r"hooks\.slack(-gov)?\.com"),
    WebhookFormat.DISCORD: re.compile(r"((ptb|canary)\.)?discord(app)?\.com"),
    WebhookFormat.TEAMS: re.compile(
        r".+\.webhook\.office\.com|outlook\.office(365)?\.com"
        r"|.+\.logic\.azure\.(com|us)|.+\.api\.powerplatform\.(com|us)"
    ),
    WebhookFormat.GOOGLECHAT: re.compile(r"chat\.googleapis\.com"),
}

_COLORS = {
    "none": 0x2DA44E,
    "maintenance": 0x0969DA,
    "minor": 0xD4A72C,
    "major": 0xE16F24,
    "critical": 0xCF222E,
}
_GREY = 0x6E7781

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~])")


def format_of(address: str) -> WebhookFormat:
    """Return the format that the host of `address` expects."""
    host = urlsplit(address).hostname or ""
    matching = [format for format, hosts in _HOSTS.items() if hosts.fullmatch(host)]
    return matching[0] if matching else WebhookFormat.JSON


def _slack(message: Message) -> dict[str, Any]:
    title, text = _title(message), _text(message)
    linked = f"*<{_slack_text(_link(message))}|{_slack_text(title)}>*"
    section = {"type": "mrkdwn", "text": _cut(f"{linked}\n{_slack_text(text)}", 3000)}
    return {
        "text": _slack_text(title),
        "blocks": [{"type": "section", "text": section}],
        "unfurl_links": False,
    }


def _slack_text(text: str) -> str:
    return escape(text, quote=False)


def _discord(message: Message) -> dict[str, Any]:
    embed = {
        "title": _cut(_MARKDOWN.sub(r"\\\1", _title(message)), 256),
        "url": _link(message),
        "description": _cut(_MARKDOWN.sub(r"\\\1", _text(message)), 4096),
        "color": _COLORS.get(message["severity"], _GREY),
        "timestamp": message["at"],
    }
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def _teams(message: Message) -> dict[str, Any]:
    title = _MARKDOWN.sub(r"\\\1", _title(message))
    # Two line breaks: Markdown joins lines that follow each other.
    text = "\n\n".join(_MARKDOWN.sub(r"\\\1", _text(message)).split("\n"))
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "msteams": {"width": "Full"},
        "body": [
            {
                "type": "TextBlock",
                "text": f"[{title}]({_link(message)})",
                "weight": "Bolder",
                "size": "Medium",
                "wrap": True,
            },
            {"type": "TextBlock", "text": text, "wrap": True},
        ],
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _google_chat(message: Message) -> dict[str, Any]:
    # A card, for in a message's text "<users/all>" would mention everyone.
    title = f'<b><a href="{escape(_link(message))}">{escape(_title(message))}</a></b>'
    text = escape(_text(message)).replace("\n", "<br>")
    widget = {"textParagraph": {"text": f"{title}<br>{text}"}}
    return {
        "cardsV2": [{"cardId": "outlogger", "card": {"sections": [{"widgets": [widget]}]}}],
        "fallbackText": _title(message),
    }


BODIES: Mapping[WebhookFormat, Callable[[Message], dict[str, Any]]] = {
    WebhookFormat.JSON: lambda message: message,
    WebhookFormat.SLACK: _slack,
    WebhookFormat.DISCORD: _discord,
    WebhookFormat.TEAMS: _teams,
    WebhookFormat.GOOGLECHAT: _google_chat,
}


def _title(message: Message) -> str:
    return _cut(str(message["title"]), _TITLE_LIMIT)


def _text(message: Message) -> str:
    return _cut(str(message["message"]), _TEXT_LIMIT)


def _link(message: Message) -> str:
    """The address of the incident, else of the page, without characters that end a link."""
    incident = message["incident"] or {}
    address = str(incident.get("url") or message["url"])
    if urlsplit(address).scheme not in {"http", "https"} or len(address) > _LINK_LIMIT:
        address = str(message["url"])
    return quote(address, safe="%/:=&?~#+!$,;'@*")


def _cut(text: str, limit: int) -> str:
    """Cut `text` to `limit` characters, not within an escape."""
    if len(text) <= limit:
        return text
    return re.sub(r"(&[a-z0-9#]{0,6}|\\)$", "", text[: limit - 1]) + "…"
