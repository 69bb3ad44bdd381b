"""Elements, escaped where they are written out: what a page is built of."""

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
    """An element of texts and elements; `cls` is its class, `_` in other names a hyphen."""
    names = {name: "class" if name == "cls" else name.replace("_", "-") for name in attributes}
    element = Element(tag, {names[name]: value for name, value in attributes.items()})
    for part in parts:
        if isinstance(part, Element):
            element.append(part)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + part
        else:
            element.text = (element.text or "") + part
    return element


def marked(severity: Severity, word: str, *, watched: bool = False) -> Element:
    """A state in colour: the word says it, the sign is for those who see."""
    sign = mark(severity, open_incidents=int(watched)).glyph
    color = Severity.MINOR if watched else severity
    return node("span", node("span", sign, aria_hidden="true"), f" {word}", cls=f"state {color}")


def time(moment: datetime, now: datetime) -> Element:
    return node("time", wording.moment(moment, UTC, now), datetime=machine_time(moment) or "")


def link(text: str, url: str) -> Part:
    """Only the web's addresses are links."""
    if not url.startswith(("https://", "http://")):
        return text
    return node("a", text, href=url, rel="noreferrer")
