"""The stylesheet of the page, and the Content-Security-Policy that allows nothing else."""

from base64 import b64encode
from hashlib import sha256

STYLE = """
:root { color-scheme: light dark; --page: #f5f6f8; --card: #ffffff; --text: #1d2228; --dim: #555e69;
  --rule: #d9dde2; --link: #0b57a4; --none: #166c34; --maintenance: #0a6375; --minor: #7d5000;
  --major: #b3261e; --critical: #7d0024; --unknown: #6f3aa0; --quiet: #b9d8c2; }
@media screen and (prefers-color-scheme: dark) { :root { --page: #14171b; --card: #1c2026;
  --text: #e7eaee; --dim: #a3acb7; --rule: #363c45; --link: #86bdf5; --none: #63c989;
  --maintenance: #5cc3d9; --minor: #e5b454; --major: #ff8a80; --critical: #ff5e72;
  --unknown: #cda2f2; --quiet: #2f5240; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 58rem; padding: 1.5rem 1rem 3rem; background: var(--page);
  color: var(--text); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; } h3, h4 { font-size: 1rem; }
h1, h2, h4, p { margin: 0; } h3 { margin: 1.5rem 0 .5rem; }
a { color: var(--link); }
.dim, summary, thead th { color: var(--dim); font-size: .875rem; }
.drill { background: var(--critical); color: var(--card); text-align: center; padding: .75rem;
  border-radius: .5rem; margin-bottom: 1.25rem; }
nav { margin: .25rem 0; } td > p { margin-top: .125rem; }
.notice { border-left: .25rem solid var(--unknown); padding: .25rem .875rem; margin: .75rem 0; }
.card { background: var(--card); border: 1px solid var(--rule); border-radius: .75rem;
  padding: 1.25rem; margin-top: 1.25rem; }
.lead { font-size: 1.125rem; margin-top: .5rem; }
.state { font-weight: 600; white-space: nowrap; } .state.none { font-weight: 400; }
.components .state { white-space: normal; }
.none { color: var(--none); } .maintenance { color: var(--maintenance); }
.minor { color: var(--minor); } .major { color: var(--major); }
.critical { color: var(--critical); } .unknown { color: var(--unknown); }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .375rem .75rem .375rem 0;
  border-top: 1px solid var(--rule); font-weight: 400; }
thead th { border: 0; } th[scope=rowgroup] { font-weight: 600; } .child th { padding-left: 1rem; }
.components, .summary { table-layout: fixed; } th, td { overflow-wrap: break-word; }
.components thead th:first-child { width: 50%; } .summary .strip { width: 8rem; gap: 1px; }
.summary thead th:first-child { width: 9.5rem; } .summary thead th:nth-child(2) { width: 25%; }
.summary thead th:nth-child(4) { width: 8.75rem; }
.fine { margin-top: 1rem; color: var(--dim); } .fine .name { margin-left: 1rem; }
.fine .name, .fine .name a { color: inherit; display: inline-block; }
@media (max-width: 40rem) { .summary thead { position: absolute; left: -999rem; }
  .summary tr { display: block; border-top: 1px solid var(--rule); padding: .5rem 0; }
  .summary th, .summary td { display: block; border: 0; padding: .125rem 0;
    overflow-wrap: anywhere; }
  .summary td:first-child, .summary th { display: inline-block; margin-right: .75rem; }
  .summary .strip { width: 100%; } .card { padding: 1rem; } }
ul { margin: .5rem 0; padding-left: 1.25rem; } ol { list-style: none; margin: 0; padding: 0; }
.strip { display: flex; flex-wrap: wrap; align-items: end; gap: 2px; margin: .5rem 0 .25rem; }
.day { flex: 1 0 2px; max-width: 1.25rem; height: .5rem; border-radius: 2px;
  background: var(--quiet); }
.day.touched { background: currentColor; height: .875rem; } .day.minor.touched { height: 1.25rem; }
.day.major.touched { height: 1.625rem; } .day.critical.touched { height: 2rem; }
.day.unknown { background: none; border: 1px dashed; height: 1.25rem; }
.event { border-left: .25rem solid; padding-left: .875rem; margin: 1rem 0; }
.event > :not(.dim) { color: var(--text); } .event > .dim { color: var(--dim); }
.told { white-space: pre-line; } .told, .when { margin-top: .5rem; } summary { cursor: pointer; }
details { margin-top: .5rem; } footer { margin-top: 1.5rem; }
@media print { body { padding: 0; max-width: none; background: none; font-size: 10pt; }
  .card { border: 0; padding: 0; } .event, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; } .day, .drill { print-color-adjust: exact; }
  details::details-content { content-visibility: visible; block-size: auto; } }
"""


def policy(style: str) -> str:
    """The policy of a page with this stylesheet."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
