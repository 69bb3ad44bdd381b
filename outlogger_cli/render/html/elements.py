"""Elements of a page; serialization escapes their texts and attributes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from outlogger_cli.domain.model import Severity
from outlogger_cli.render import wording
from outlogger_cli.render.records import machine_time
from outlogger_cli.render.theme import mark

Part = Element | str
Parts = Sequence[Part]


def node(tag: str, *parts: Part, **attributes: str) -> Element:
    """Return an element of texts and elements.

    `cls` is its class; in other attributes `_` stands for a hyphen.
    """
    names = {"cls": "class"}
    element = Element(
        tag, {names.get(n, n.replace("_", "-")): value for n, value in attributes.items()}
    )
    for part in parts:
        if isinstance(part, Element):
            element.append(part)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + part
        else:
            element.text = (element.text or "") + part
    return element


def marked(severity: Severity, word: str, *, watched: bool = False) -> Element:
    """Return a state in colour; screen readers read the word and skip the sign.

    `watched` marks a vendor without a problem that still has an open incident.
    """
    sign = mark(severity, open_incidents=int(watched)).glyph
    color = Severity.MINOR if watched else severity
    return node("span", node("span", sign, aria_hidden="true"), f" {word}", cls=f"state {color}")


def time(moment: datetime, now: datetime) -> Element:
    return node("time", wording.moment(moment, UTC, now), datetime=machine_time(moment) or "")


def link(text: str, url: str) -> Part:
    """Return a link, or only its text if `url` is not a web address."""
    if not url.startswith(("https://", "http://")):
        return text
    return node("a", text, href=url, rel="noreferrer")
