"""The terminal's title, bell and notifications, and opening a page in a browser."""

import webbrowser
from collections.abc import Mapping

from outlogger_cli.domain.text import line

_NOTIFYING = {"iTerm.app", "WezTerm", "ghostty"}
"""Values of TERM_PROGRAM of the terminals that show OSC 9 as a notification."""

_OWN_VARIABLES = ("KITTY_WINDOW_ID", "WT_SESSION")
"""Variables of Kitty and the Windows Terminal, which do so too."""

SAVE_TITLE, RESTORE_TITLE = "\x1b[22;2t", "\x1b[23;2t"
_TEXT_LIMIT = 120


def title(text: str) -> str:
    """Return the sequence that sets the title of the window."""
    return f"\x1b]2;{_clean(text)}\x07"


def alert(text: str, environ: Mapping[str, str]) -> str:
    """Return the bell, and a notification for a terminal that is known to show it."""
    is_known = environ.get("TERM_PROGRAM") in _NOTIFYING or any(
        environ.get(name) for name in _OWN_VARIABLES
    )
    # A multiplexer inherits the variables of the terminal around it.
    notification = f"\x1b]9;{_clean(text)}\x07" if is_known and not environ.get("TMUX") else ""
    return f"\x07{notification}"


def _clean(text: str) -> str:
    """No control character may end the sequence early. The prefix also keeps a text that begins
    with a number from being another command: `9;4` is a progress bar."""
    return line(f"outlogger: {text}")[:_TEXT_LIMIT]


def open_page(url: str) -> str:
    """Open a web address in a browser; return what happened.

    A browser for terminals would take over this one, so its user gets the address.
    """
    if not url.startswith(("https://", "http://")):
        return f"not a web address: {url}"
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return f"no browser found; the page is {url}"
    if type(browser) is webbrowser.GenericBrowser or not browser.open(url):
        return f"no browser opened; the page is {url}"
    return f"opened {url}"
