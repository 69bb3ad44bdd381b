"""How long each vendor had an incident open in the last 30 days, the longest first.

Reads the JSON: `outlogger incidents --json | python incident_hours.py`
"""

import json
import sys

document = json.load(sys.stdin)
if document["schema_version"] != 1:
    sys.exit("this script reads version 1 of outlogger's JSON")

known = [vendor for vendor in document["vendors"] if vendor["incident_seconds"] is not None]
for vendor in sorted(known, key=lambda vendor: -vendor["incident_seconds"]):
    print(f"{vendor['incident_seconds'] / 3600:6.1f} h  {vendor['name']}")
for vendor in document["vendors"]:
    if vendor not in known:
        print(f"     ? h  {vendor['name']}: {'; '.join(vendor['reasons'])}")
sys.exit(document["exit_code"])
