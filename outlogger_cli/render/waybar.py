"""For waybar's custom modules: the line as JSON with a tooltip and a class, escaped for Pango.

Documented at https://github.com/Alexays/Waybar/wiki/Module:-Custom. A module without text is
hidden.
"""

import json
from html import escape

from outlogger_cli.domain.report import Report
from outlogger_cli.render import View
from outlogger_cli.render.line import says_nothing, sentence, troubled


def render(report: Report, view: View, /) -> str:
    text = sentence(report, view.sort)
    tips = [f"{judged.name}: {judged.reasons[0]}" for judged in troubled(report)]
    module = {
        "text": "" if view.empty_ok and says_nothing(report) else escape(text, quote=False),
        "tooltip": escape("\n".join(tips) or text, quote=False),
        "class": report.verdict,
    }
    return json.dumps(module) + "\n"
