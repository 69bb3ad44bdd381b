"""A part of the screen: lines of styled text."""

from collections.abc import Sequence
from itertools import zip_longest

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class Pane(Widget):
    """Shows the lines that it was given last.

    They are Rich's own segments: no text in them is markup, and colours and links are those of the
    other outputs. `edge` stands before each line, also before empty ones.
    """

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.edge = ""
        self.lines: Sequence[Text] = ()

    def show(self, lines: Sequence[Text], *, height: int | None = None) -> None:
        """Show `lines`, in a pane of `height` or as high as they need."""
        wanted = len(lines) if height is None else height
        self.display = wanted > 0
        self.styles.height = wanted
        before, self.lines = self.lines, lines
        pairs = zip_longest(before, lines)
        changed = [Region(0, y, self.size.width, 1) for y, (a, b) in enumerate(pairs) if a != b]
        if changed:
            self.refresh(*changed)  # the others need not go through a slow connection again

    def render_line(self, y: int) -> Strip:
        text = self.lines[y] if y < len(self.lines) else Text("")
        segments = [Segment(self.edge, Style(dim=True))] if self.edge else []
        segments += text.render(self.app.console)
        return Strip(segments).adjust_cell_length(self.size.width)
