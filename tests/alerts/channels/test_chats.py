"""The bodies for chats: a title that links, text that mentions nobody, and the chats' limits."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outlogger_cli.alerts.channels.chats import BODIES, format_of
from outlogger_cli.watchlist.readers import WebhookFormat
from tests.alerts.events import MESSAGE

WITH_INCIDENT = {
    **MESSAGE,
    "title": "Acme: builds <stuck> & *slow*",
    "message": "It has a problem.\nmonitoring: see [here](https://evil.example) <!channel> @all",
    "incident": {"url": "https://stspg.io/i1?a=1&b=(2)"},
}


@pytest.mark.parametrize(
    ("address", "format"),
    [
        ("https://hooks.slack.com/services/T0/B0/x", "slack"),
        ("https://HOOKS.slack.com:443/services/T0/B0/x", "slack"),
        ("https://hooks.slack-gov.com/services/T0/B0/x", "slack"),
        ("https://discord.com/api/webhooks/1/x", "discord"),
        ("https://canary.discord.com/api/webhooks/1/x", "discord"),
        ("https://discordapp.com/api/webhooks/1/x", "discord"),
        ("https://acme.webhook.office.com/webhookb2/x", "teams"),
        ("https://outlook.office.com/webhook/x", "teams"),
        ("https://prod-01.westeurope.logic.azure.com:443/workflows/x", "teams"),
        ("https://default1.2.environment.api.powerplatform.com/powerautomate/x", "teams"),
        ("https://chat.googleapis.com/v1/spaces/x/messages?key=k", "googlechat"),
        ("https://hooks.slack.com.evil.example/x", "json"),
        ("https://evilhooks.slack.com/x", "json"),
        ("https://example.com/hooks.slack.com", "json"),
        ("https://notdiscord.com/api/webhooks/1/x", "json"),
        ("https://hooks.acme.example/x", "json"),
    ],
)
def test_the_format_is_that_of_the_host(address: str, format: str) -> None:
    assert format_of(address) == format


def test_slack() -> None:
    title = "Acme: builds &lt;stuck&gt; &amp; *slow*"
    text = (
        f"*<https://stspg.io/i1?a=1&amp;b=%282%29|{title}>*\nIt has a problem.\n"
        "monitoring: see [here](https://evil.example) &lt;!channel&gt; @all"
    )
    assert BODIES[WebhookFormat.SLACK](WITH_INCIDENT) == {
        "text": title,
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}],
        "unfurl_links": False,
    }


def test_discord() -> None:
    assert BODIES[WebhookFormat.DISCORD](WITH_INCIDENT) == {
        "embeds": [
            {
                "title": r"Acme: builds \<stuck\> & \*slow\*",
                "url": "https://stspg.io/i1?a=1&b=%282%29",
                "description": "It has a problem\\.\nmonitoring: see "
                r"\[here\]\(https://evil\.example\) \<\!channel\> @all",
                "color": 0xE16F24,
                "timestamp": "2026-01-15T12:00:00Z",
            }
        ],
        "allowed_mentions": {"parse": []},
    }


def test_teams() -> None:
    body = BODIES[WebhookFormat.TEAMS](WITH_INCIDENT)
    assert body["type"] == "message"
    (attachment,) = body["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert [block["text"] for block in card["body"]] == [
        r"[Acme: builds \<stuck\> & \*slow\*](https://stspg.io/i1?a=1&b=%282%29)",
        "It has a problem\\.\n\nmonitoring: see "
        r"\[here\]\(https://evil\.example\) \<\!channel\> @all",
    ]


def test_google_chat() -> None:
    body = BODIES[WebhookFormat.GOOGLECHAT](WITH_INCIDENT)
    (widget,) = body["cardsV2"][0]["card"]["sections"][0]["widgets"]
    assert widget["textParagraph"]["text"] == (
        '<b><a href="https://stspg.io/i1?a=1&amp;b=%282%29">'
        "Acme: builds &lt;stuck&gt; &amp; *slow*</a></b><br>It has a problem.<br>"
        "monitoring: see [here](https://evil.example) &lt;!channel&gt; @all"
    )


def test_others_get_the_event_itself() -> None:
    assert BODIES[WebhookFormat.JSON](WITH_INCIDENT) == WITH_INCIDENT


CHATS = [format for format in WebhookFormat if format is not WebhookFormat.JSON]


@pytest.mark.parametrize("format", CHATS)
@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "stspg.io/i1", f"https://a/{'b' * 1000}", None]
)
def test_without_a_sound_address_of_the_incident_the_title_links_to_the_page(
    format: WebhookFormat, url: str | None
) -> None:
    incident = {"url": url} if url is not None else None
    body = json.dumps(BODIES[format]({**MESSAGE, "incident": incident}))
    assert "https://status.acme.example" in body
    assert "javascript" not in body


def longest(format: WebhookFormat, body: Any) -> bool:
    """Whether `body` keeps to the limits that its chat documents."""
    if format is WebhookFormat.SLACK:
        return len(body["blocks"][0]["text"]["text"]) <= 3000
    if format is WebhookFormat.DISCORD:
        embed = body["embeds"][0]
        title, description = len(embed["title"]), len(embed["description"])
        return title <= 256 and description <= 4096 and title + description <= 6000
    return len(json.dumps(body, ensure_ascii=False).encode()) <= 28 * 1024


@pytest.mark.parametrize("format", CHATS)
@given(unit=st.sampled_from(["<", "&", "*", "\\", '"', "é", "\N{CYCLONE}", "a ", "\n"]))
def test_long_texts_are_cut_to_the_limits(format: WebhookFormat, unit: str) -> None:
    body = BODIES[format]({**MESSAGE, "title": unit * 1000, "message": unit * 50_000})
    assert longest(format, body)
    assert "…" in json.dumps(body, ensure_ascii=False)


@pytest.mark.parametrize("format", CHATS)
@given(text=st.text(max_size=300))
def test_no_text_mentions_a_channel(format: WebhookFormat, text: str) -> None:
    hostile = f"{text}<!everyone> <users/all> <@U1> </a>"
    body = BODIES[format]({**MESSAGE, "title": hostile, "message": hostile})
    body.pop("fallbackText", None)  # plain text
    written = json.dumps(body, ensure_ascii=False)
    assert not any(
        mark in written.replace("\\\\<", "") for mark in ("<!e", "<users", "<@U", "</a> ")
    )
