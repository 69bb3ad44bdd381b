"""The calendar days that a report covers, and their months."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from outlogger_cli.domain.values import frozen


@frozen
class Stretch:
    """The days `first` to `last`, and the moments at which they start and end."""

    first: date
    last: date
    start: datetime
    end: datetime


@frozen
class Period:
    """The calendar days `first` to `last` in `zone`, up to `now`."""

    first: date
    last: date
    now: datetime
    zone: tzinfo = UTC

    @property
    def whole(self) -> Stretch:
        return self._between(self.first, self.last)

    @property
    def months(self) -> list[Stretch]:
        """The calendar months of the period; the first and the last may be cut."""
        found, first = [], self.first
        while first <= self.last:
            following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
            found.append(self._between(first, min(self.last, following - timedelta(days=1))))
            first = following
        return found

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def _between(self, first: date, last: date) -> Stretch:
        start = datetime.combine(first, time(), self.zone).astimezone(UTC)
        after = datetime.combine(last + timedelta(days=1), time(), self.zone).astimezone(UTC)
        return Stretch(first=first, last=last, start=start, end=min(after, self.now))
