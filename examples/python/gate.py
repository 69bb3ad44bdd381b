"""Stop a deploy while a vendor it needs has a problem: `python gate.py && ./deploy.sh`."""

import sys

from outlogger_cli import read

report = read("github", components=["Actions", "API Requests"], fail_on="major")
for judged in report.vendors:
    print(f"{judged.name}: {judged.severity}: {'; '.join(judged.reasons) or 'ok'}")
sys.exit(report.exit_code)
