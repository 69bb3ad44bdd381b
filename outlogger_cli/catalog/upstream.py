"""Vendors that others stand on, and which of them the text of an incident names.

Only names as their owners write them count: `stripe` is a word, `Stripe` a vendor. Nothing inside
of an address, of a mail address or of a longer word counts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache

from outlogger_cli.catalog import catalog
from outlogger_cli.domain.model import Incident, Vendor
from outlogger_cli.domain.verdict import Judged

LONGEST = 10_000
"""Characters of an incident that are read: its name, then its updates, the newest first."""

_TRIES = 20
"""Occurrences of a word that are looked at."""

_SERVICES = (
    *("API Gateway", "Aurora", "CloudFront", "CloudWatch", "Cognito", "Direct Connect", "DynamoDB"),
    *("EBS", "EC2", "ECS", "EKS", "ELB", "ElastiCache", "EventBridge", "Fargate", "IAM"),
    *("Kinesis", "Lambda", "RDS", "Redshift", "Route 53", "S3", "SES", "SNS", "SQS"),
)
"""Products of AWS. Others have products of these names: they count beside `Amazon` or a region."""

UPSTREAMS: dict[str, tuple[str, ...]] = {
    "aws": ("AWS", "Amazon Web Services", *(f"Amazon {service}" for service in _SERVICES)),
    "gcp": (
        *("Google Cloud", "Google Cloud Platform", "GCP", "Google BigQuery"),
        *("Google Compute Engine", "Google Kubernetes Engine"),
    ),
    "azure": ("Azure", "Microsoft Azure", "Microsoft Entra"),
    "azure-devops": ("Azure DevOps", "Microsoft Azure DevOps", "Azure Pipelines", "Azure Repos"),
    "oracle-cloud": ("Oracle Cloud", "Oracle Cloud Infrastructure"),
    "digitalocean": ("DigitalOcean", "Digital Ocean"),
    "heroku": ("Heroku",),
    "vercel": ("Vercel",),
    "netlify": ("Netlify",),
    "cloudflare": ("Cloudflare", "CloudFlare"),
    "fastly": ("Fastly",),
    "akamai": ("Akamai",),
    "twilio": ("Twilio",),
    "sendgrid": ("SendGrid", "Sendgrid", "Twilio SendGrid", "Twilio Sendgrid"),
    "mailgun": ("Mailgun",),
    "stripe": ("Stripe",),
    "plaid": ("Plaid",),
    "paypal": ("PayPal",),
    "openai": ("OpenAI", "ChatGPT"),
    "anthropic": ("Anthropic", "Claude"),
    "github": ("GitHub", "Github"),
    "gitlab": ("GitLab", "Gitlab"),
    "docker": ("Docker Hub", "DockerHub"),
    "pypi": ("PyPI",),
    "datadog": ("Datadog", "DataDog"),
    "pagerduty": ("PagerDuty",),
    "auth0": ("Auth0",),
    "okta": ("Okta",),
    "snowflake": ("Snowflake",),
    "databricks": ("Databricks",),
    "mongodb-atlas": ("MongoDB Atlas", "Mongo Atlas"),
    "redis": ("Redis Cloud",),
    "elastic": ("Elastic Cloud",),
    "confluent": ("Confluent Cloud",),
    "supabase": ("Supabase",),
    "letsencrypt": ("Let's Encrypt", "Let’s Encrypt"),
}
"""The names of each by its slug in the catalogue; the first is shown. Capitals count too."""

_REGION = (
    r"(?i)(?<![\w.-])(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov)?-"
    r"(?:central|(?:north|south)(?:east|west)?|east|west)-[1-9][a-f]?(?!\w|[.-]\w)"
)
_BEFORE = 200
"""Characters of an address before a name in it."""

_SERVICE = rf"(?<![\w.@-])(?:{'|'.join(_SERVICES)})(?!\w)"


def label(slug: str) -> str:
    """The name of the vendor `slug`, as people call it: `AWS`."""
    return UPSTREAMS[slug][0]


def named_in(text: str) -> list[str]:
    """The slugs of the vendors that `text` names, in the order in which it does."""
    words, names = _names()
    found: dict[str, int] = {}
    for word in names.keys() & set(words.findall(text)):
        wanted = {slug for _, slug in names[word]}
        start = -1
        for _ in range(_TRIES):
            start = text.find(word, start + 1)
            if start < 0 or wanted <= found.keys():
                break
            if slug := _named_at(text, start, names[word]):
                found[slug] = min(start, found.get(slug, start))
    if "aws" not in found and (region := re.search(_REGION, text)) and re.search(_SERVICE, text):
        found["aws"] = region.start()
    return sorted(found, key=lambda slug: found[slug])


def names(incident: Incident, vendor: Vendor, name: str) -> list[str]:
    """The slugs of the vendors other than `vendor`, called `name`, that the incident names."""
    texts, room = [incident.name], LONGEST - len(incident.name)
    for update in incident.updates:
        if room <= 0:
            break
        texts.append(update.body[:room])
        room -= len(update.body)
    found = named_in("\n".join(texts)[:LONGEST])
    return [slug for slug in found if not _is_same(slug, vendor, name)] if found else found


def common(vendors: Iterable[Judged]) -> list[str]:
    """The slugs that open incidents of several vendors name, the most often named first."""
    counts: Counter[str] = Counter()
    for judged in vendors:
        found = (names(one, judged.vendor, judged.name) for one in judged.open_incidents)
        counts.update({slug for named in found for slug in named})
    shared = [(-count, slug) for slug, count in counts.items() if count > 1]
    return [slug for _, slug in sorted(shared)]


@cache
def _names() -> tuple[re.Pattern[str], dict[str, list[tuple[str, str]]]]:
    """Every name and its slug by the first word of the name, the longest name first; and a pattern
    of words that begin like these."""
    slugs = {name: slug for slug, own in UPSTREAMS.items() for name in own}
    slugs |= {name.upper(): slug for name, slug in slugs.items()}
    names: dict[str, list[tuple[str, str]]] = {}
    seconds: dict[str, set[str]] = {}
    for name in sorted(slugs, key=len, reverse=True):
        names.setdefault(re.split(r"\W", name)[0], []).append((name, slugs[name]))
        seconds.setdefault(name[0], set()).add(name[1])
    # each begins with another letter, so that the search skips all others
    starts = "|".join(f"{first}[{''.join(sorted(own))}]" for first, own in seconds.items())
    return re.compile(rf"(?:{starts})\w*"), names


def _named_at(text: str, start: int, names: Sequence[tuple[str, str]]) -> str | None:
    """The slug of the longest of `names` that stands at `start`; None if it is part of a word, a
    mail address or an address."""
    last, before = text[max(0, start - 1) : start], text[max(0, start - 2) : max(0, start - 1)]
    if _is_letter(last) or last == "@" or (last in {"-", "."} and _is_letter(before)):
        return None  # `non-AWS`, but not `-AWS` in a list
    beginning = text[max(0, start - _BEFORE) : start]
    if "://" in beginning and "://" in f"{beginning}.".split()[-1]:
        return None
    ends = ((name, slug, text[start + len(name) : start + len(name) + 1]) for name, slug in names)
    return next(
        (s for name, s, after in ends if text.startswith(name, start) and not _is_letter(after)),
        None,
    )


def _is_letter(character: str) -> bool:
    """Whether a word goes on with it."""
    return character.isalnum() or character == "_"


def _is_same(slug: str, vendor: Vendor, name: str) -> bool:
    """Whether `slug` is `vendor` itself, by its slug, name or page, or another page of its own."""
    for own in filter(None, (catalog.find(vendor.slug), catalog.by_page(vendor.url))):
        other = catalog.find(slug)
        if own == other or (own.homepage and other and own.homepage == other.homepage):
            return True
    return slug in named_in(name)
