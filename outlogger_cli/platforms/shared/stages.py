"""The words by which feeds say how an incident or a maintenance stands.

A stage is the whole text of a line or a field, a bold word, a word in brackets, or a label before
a colon or dash. A word inside a sentence is never one. A few closing sentences count too.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from outlogger_cli.domain.model import IncidentStatus
from outlogger_cli.platforms.shared import times, written_times

OPEN, SHUT = "\ue000", "\ue001"
"""What stands for the start and the end of bold text; neither is a character of any language."""

_RESOLVED = IncidentStatus.RESOLVED
_COMPLETED = IncidentStatus.COMPLETED
_BY_STATUS = {
    IncidentStatus.SCHEDULED: "scheduled|planned|upcoming|not started yet|notstartedyet"
    "|scheduled maintenance|planned maintenance|upcoming maintenance|maintenance scheduled|geplant"
    "|geplante wartung|wartung geplant|planifié|planifiée|prévu|prévue|maintenance planifiée",
    IncidentStatus.IN_PROGRESS: "in progress|inprogress|maintenance in progress|under maintenance"
    "|wartung läuft|wartung im gange|maintenance en cours",
    IncidentStatus.VERIFYING: "verifying",
    IncidentStatus.INVESTIGATING: "investigating|under investigation|investigation|reopened"
    "|re-opened|acknowledged|untersuchung|in untersuchung|wird untersucht|wir untersuchen"
    "|untersuchung läuft|en cours d'investigation|en cours d'analyse"
    "|investigation en cours|analyse en cours",
    IncidentStatus.IDENTIFIED: "identified|identifiziert|ursache gefunden|ursache identifiziert"
    "|identifié|identifiée|cause identifiée",
    IncidentStatus.MONITORING: "monitoring|watching|mitigated|überwacht|wird überwacht|überwachung"
    "|beobachtung|in beobachtung|surveillance|sous surveillance|en surveillance",
    _RESOLVED: "resolved|fixed|closed|recovered|solved|gelöst|behoben|erledigt|geschlossen"
    "|wiederhergestellt|résolu|résolue|corrigé|corrigée|rétabli|rétablie|clos",
    _COMPLETED: "completed|complete|maintenance completed|maintenance complete|cancelled|canceled"
    "|finished|abgeschlossen|wartung abgeschlossen|beendet|wartung beendet|abgesagt|terminé"
    "|terminée|maintenance terminée|annulé|annulée",
    IncidentStatus.POSTMORTEM: "postmortem|post-mortem|post mortem",
}
"""The words in lower case, in the order of the stages."""

_STATUSES = {word: status for status, words in _BY_STATUS.items() for word in words.split("|")}
_UPDATES = frozenset(("update", "updated", "aktualisierung", "mise à jour"))
"""Words of a message that leaves the stage as it was."""

_BY_STATUS_IN_TITLES = {
    _RESOLVED: "up|monitor is up|service is operating normally",
    IncidentStatus.UNKNOWN: "outage|down|monitor is down|major outage|partial outage|minor outage"
    "|service outage|informational message|degraded|degraded performance|degradation"
    "|service degradation|disruption|service disruption|performance issues|incident|ongoing"
    "|störung|ausfall|offen|panne|perturbation|en cours",
}
_IN_TITLES = {
    word: status for status, words in _BY_STATUS_IN_TITLES.items() for word in words.split("|")
}
"""Words that only a title may use: some tell that something is wrong, but not its stage."""

_PROGRESS = {status: place for place, status in enumerate(_BY_STATUS)}
_PROGRESS[IncidentStatus.UNKNOWN] = -1

INCIDENT = frozenset(
    (IncidentStatus.INVESTIGATING, IncidentStatus.IDENTIFIED, IncidentStatus.MONITORING)
)
"""The stages that only an incident has."""


def _any_of(words: Iterable[str]) -> str:
    """A pattern for `words`, the longest first, whatever stands between their parts.

    Words of one first letter are tried together: most places fail at the first letter.
    """
    found: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        found.setdefault(word[0], []).append(re.escape(word[1:]))
    pattern = "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in found.items())
    return pattern.replace("\\ ", r"[\s_]{1,3}").replace("'", "['’]")


_IN_TEXT = rf"(?:(?:{_any_of([*_STATUSES, *_UPDATES])})(?:[ ]\#?\d{{1,3}}(?!:?\d))?)(?!\w)"
_IN_TITLE = rf"(?:{_any_of([*_STATUSES, *_UPDATES, *_IN_TITLES])})(?!\w)"
_END = rf"[{SHUT}\])*_]*"
_APART = r"(?:[(\[][^()\[\]]{0,20}\d:\d\d[^()\[\]]{0,20}[)\]]\s*)?(?:$|[.:!|–—]|\s*[-–—](?!\w))"

_FIELDS = "status update|status|state|stage|phase|zustand|statut|état"

_FIRST_WORDS = {re.split(r"\W", word)[0] for word in (*_STATUSES, *_UPDATES)}
_FIRST_WORDS |= {
    *_FIELDS.split("|"),
    "current",
    "latest",
    "new",
    "incident",
    "maintenance",
    "posted",
}
_CALENDAR = {*times.MONTHS, "mon", "tue", "wed", "thu", "fri", "sat", "sun"}

_STAMP = re.compile(rf"\W*({written_times.STAMP})\W*")
_LABEL = re.compile(
    rf"(?P<lead>\W*)(?P<word>{_IN_TEXT})(?P<end>{_END}\s*)"
    rf"(?:(?:at|on|um|am|le|à)?[^\w\n]{{0,3}}(?P<stamp>{written_times.STAMP})[)\]{SHUT}]*\s*)?",
    re.I,
)
_POSTED = re.compile(rf"\W*posted\b[^\n]{{0,40}}?({written_times.STAMP})\W*", re.I)
_SEPARATED = re.compile(rf"{_APART}[\s:–—-]*")
_FIELD = re.compile(
    rf"\W*(?:(?:current|latest|new|incident|maintenance) )?(?P<name>{_FIELDS})"
    rf"[{SHUT}\s*]*[:=–—-][{OPEN}{SHUT}\s*\[]*"
    rf"(?P<word>[^\W\d_][^\W\d]*(?:[ '’_-][^\W\d_]+){{0,4}}?)"
    rf"[{SHUT}\])*\s]*(?:$|[.,:;!(]|(?<=\s)[-–—])[\s:–—-]*",
    re.I,
)
_TITLE = re.compile(
    rf"[\[(][ ]?({_IN_TITLE})[ ]?[\])]|(?:^|:)\W*({_IN_TITLE})(?=\s*(?:$|:)|\s+[-–—])"
    rf"|(?::|[ ][-–—])[ ]?({_IN_TITLE})\W*$",
    re.I,
)
TITLE_LIMIT = 300
"""Characters of a title in which stages are looked for: of a longer one, at both ends."""

_MAINTENANCE = re.compile(r"maintenance|wartung", re.I)


class Label(NamedTuple):
    """What a line begins with: the time in `stamp`, a stage in `word`, either may be "".

    `status` is None if the word is one of an update. `rest` is the text behind them. A `field`
    names the state of the whole entry (`Status: Resolved`).
    """

    rest: str
    stamp: str = ""
    word: str = ""
    status: IncidentStatus | None = None
    field: bool = False


class Title(NamedTuple):
    """A title: what it says of the stage, and the `topic` it shares with its other versions.

    `word` is "" if it says nothing, `status` None if it only announces an update. `sentence`: it
    is a closing sentence, which counts only if the text behind it says nothing.
    """

    topic: str
    maintenance: bool
    word: str = ""
    status: IncidentStatus | None = None
    sentence: bool = False


def progress(status: IncidentStatus | None) -> int:
    """How far along a stage is; -1 for none and for an unknown one."""
    return -1 if status is None else _PROGRESS[status]


def is_known(word: str) -> bool:
    """Whether feeds use `word` for how something stands."""
    return _normal(word) in _STATUSES or _normal(word) in _UPDATES


def is_stage(word: str) -> bool:
    """Whether `word` is the name of a stage."""
    return _status(word) is not None


def may_begin(word: str) -> bool:
    """Whether a line whose first word is `word` may begin with a stage or a time."""
    plain = word.casefold()
    return plain in _FIRST_WORDS or plain[:3] in _CALENDAR or plain[0].isdigit()


def label_of(line: str) -> Label:
    """The time and the stage at the start of `line`, whose bold text is between the marks."""
    stamped = _STAMP.match(line)
    stamp, said = (stamped[1], line[_kept(stamped) :]) if stamped else ("", line)
    if field := _FIELD.match(said):
        known = _status(field["word"])
        if known or field["name"].lower() == "status":
            rest = said[field.end() :]
            status = known or IncidentStatus.UNKNOWN
            return Label(stamp=stamp, word=field["word"], status=status, rest=rest, field=True)
    label = _worded(stamp, said) or Label(stamp=stamp, rest=said)
    if label.word and label.status is None:  # "Update: Resolved - ..."
        nearer = _worded(label.stamp, label.rest)
        return nearer if nearer and nearer.status else label
    return label


def posted_at(line: str) -> str:
    """The time in a line that only tells when the text above it was posted, else ""."""
    found = _POSTED.fullmatch(line)
    return found[1] if found else ""


def _kept(stamped: re.Match[str]) -> int:
    """Where the text behind a time begins: bold text and brackets that open there belong to it."""
    gap = stamped[0][stamped.end(1) - stamped.start() :]
    opening = min((place for mark in f"{OPEN}[(" if (place := gap.find(mark)) >= 0), default=None)
    return stamped.end() if opening is None else stamped.end(1) + opening


def _worded(stamp: str, said: str) -> Label | None:
    found = _LABEL.match(said)
    if found is None:
        return None
    rest = said[found.end() :]
    separated = _SEPARATED.match(rest)
    lead, end = found["lead"].rstrip()[-1:], found["end"]
    bracketed = lead in {"[", "("} and end[:1] in {"]", ")"}
    bold = lead == OPEN and end[:1] == SHUT and (bool(stamp) or not rest[:1].islower())
    if not (separated or bracketed or bold or found["stamp"]):
        return None
    rest = rest[separated.end() :] if separated else rest
    stamp = found["stamp"] or stamp
    status = _status(found["word"])
    return Label(stamp=stamp, word=found["word"], status=status, rest=rest)


def title_of(title: str) -> Title:
    """The stage that `title` names apart from its sentence, the furthest of several."""
    half = TITLE_LIMIT // 2
    ends = title if len(title) <= TITLE_LIMIT else f"{title[:half]} … {title[-half:]}"
    told = [next(filter(None, match.groups())) for match in _TITLE.finditer(ends)]
    maintenance = bool(_MAINTENANCE.search(title))
    if not told and (over := closing(title)):
        status, word = over
        topic = _topic(title, [word])
        return Title(word=word, status=status, topic=topic, maintenance=maintenance, sentence=True)
    unfinished = [word for word in told if _in_title(word) in INCIDENT]
    word = max(unfinished or told, key=lambda word: progress(_in_title(word)), default="")
    topic = _topic(title, told) or _topic(title, [w for w in told if _status(w)])
    return Title(word=word, status=_in_title(word), topic=topic, maintenance=maintenance)


def _topic(title: str, told: Iterable[str]) -> str:
    """`title` in lower case without punctuation and the words `told` of its stage."""
    for word in told:
        title = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " ", title, count=1, flags=re.I)
    return " ".join(re.findall(r"\w+", title.casefold()))


def _normal(word: str) -> str:
    """`word` as the tables have it; the number of an update is not part of it."""
    plain = re.sub(r"[\s_]+", " ", word.casefold().replace("’", "'")).strip()
    return re.sub(r"[ ]#?\d+$", "", plain)


def _status(word: str) -> IncidentStatus | None:
    return _STATUSES.get(_normal(word))


def _in_title(word: str) -> IncidentStatus | None:
    return _status(word) or _IN_TITLES.get(_normal(word))


# Closing sentences

_OVER = re.compile(
    r"\b(?:(?:has|have) (?:now |since )?been|(?:is|are|was|were)(?: now)?)"
    r" (?:fully |completely )?(?:resolved|fixed)\b"
    r"|\b(?:operating|working|running|functioning) normally\b"
    r"|\bis (?:now )?(?:up|online)\W*$"
    r"|\b(?:is|are) (?:now )?(?:fully )?back (?:to normal|up|online)\b"
    r"|\b(?:issue|incident|problem|outage|störung|fehler|panne|now|fully)"
    r" (?:resolved|fixed|behoben|gelöst|résolue?|close?)\W*$"
    r"|\bhas returned to normal\b|\bhave returned to normal\b"
    r"|\b(?:(?:has|have|is|are) (?:now )?(?:fully |completely )?)?recovered\W*$"
    r"|\b(?:wurden?|ist|sind)(?: \w+)? (?:gelöst|behoben)\b"
    r"|\b(?:est|sont|a été|ont été)(?: \w+)? (?:résolue?s?|corrigée?s?|rétablie?s?)\b",
    re.I,
)
_WINDOW_OVER = re.compile(
    r"\b(?:maintenance|wartung)\b[^.!?]{0,40}?\b(?:completed?|finished|over|abgeschlossen|beendet"
    r"|terminée?)\W*$",
    re.I,
)
_NOT_YET = re.compile(
    r"\b(?:once|when|until|till|unless|after|before|if|not|never|partially|partly|mostly|most|some"
    r"|few|many|almost|nearly|half|percent|will|would|should|could|may|might|must|expect\w*|hope"
    r"|seems?|appears?|believe|except|but|however|although|still|other|others|remaining|rest|yet"
    r"|for (?!all\b|every|everyone)|previous|previously|earlier|older|old|another|being|to be"
    r"|nicht|noch|teilweise|sobald|wenn|bis|falls|einige|manche|aber|andere\w*"
    r"|pas|partiellement|dès que|quand|jusqu|si|certains|certaines|mais|autres?)\b|n['’]t\b|%",
    re.I,
)
_COURTESY = re.compile(
    r"\W*(?:we |our |please |wir )?(?:(?:sincerely|deeply|again) )?"
    r"(?:sorry|thanks?\b|apolog|are sorry|accept our apolog|vielen dank|danke|entschuldig"
    r"|bitten um|bedauern|merci|nous nous excus|a (?:detailed )?root cause analysis will)",
    re.I,
)
_TAIL = 2000
"""Characters of a text in which its last sentence is looked for."""


def closing(text: str) -> tuple[IncidentStatus, str] | None:
    """What the last sentence of `text` says is over, and its words; courtesies do not count."""
    sentences = re.split(r"(?<=[.!?])\s+|\n", text[-_TAIL:].strip())
    said = [sentence for sentence in sentences[-6:] if not _COURTESY.match(sentence)]
    last = said[-1] if said else ""
    if not last.strip() or last.rstrip().endswith("?") or _NOT_YET.search(last):
        return None
    if found := _WINDOW_OVER.search(last):
        return _COMPLETED, found[0].strip(" .!")
    if found := _OVER.search(last):
        return _RESOLVED, found[0].strip(" .!")
    return None
