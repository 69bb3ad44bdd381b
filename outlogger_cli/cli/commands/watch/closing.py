"""The last word on an incident: it is often published when the page's summary no longer has it."""

from collections.abc import Sequence

from outlogger_cli.alerts.delivery_log import DeliveryLog, vendor_key
from outlogger_cli.domain.model import Depth, Read, Verdict
from outlogger_cli.domain.values import replace
from outlogger_cli.domain.verdict import Judged, judge
from outlogger_cli.engine import run as engine
from outlogger_cli.engine.run import Run


class Closing:
    """Looks up, once, each incident that was open and is not listed any more.

    What was open before this process began is in the `logs` of the subscribers.
    """

    def __init__(self, run: Run, logs: Sequence[DeliveryLog]) -> None:
        self._run = run
        self._open: dict[str, set[str]] = {}
        for vendor in run.vendors:
            key = vendor_key(vendor)
            self._open[key] = {id for log in logs for id in log.state_of(key).open_incidents}

    def left(self, judged: Judged) -> set[str]:
        """Return the ids of the incidents that were open and that the page does not list now."""
        if judged.verdict is Verdict.UNKNOWN or not isinstance(judged.outcome, Read):
            return set()
        listed = {incident.id for incident in judged.outcome.snapshot.incidents}
        return self._open[vendor_key(judged.vendor)] - listed

    def complete(self, vendors: Sequence[Judged]) -> tuple[Judged, ...]:
        """Return what was just read of `vendors`, with the incidents that were closed.

        If the history cannot be read, or still has an incident as open, nothing is added.
        """
        completed = list(vendors)
        leaving = [index for index, judged in enumerate(vendors) if self.left(judged)]
        run = replace(
            self._run,
            vendors=tuple(vendors[index].vendor for index in leaving),
            request=replace(self._run.request, depth=Depth.HISTORY),
        )
        for place, history in engine.read(run) if leaving else ():
            judged = vendors[leaving[place]]
            if isinstance(history, Read) and isinstance(judged.outcome, Read):
                left = self.left(judged)
                closed = tuple(
                    one
                    for one in history.snapshot.incidents
                    if one.id in left and not one.status.open
                )
                snapshot = judged.outcome.snapshot
                snapshot = replace(snapshot, incidents=(*snapshot.incidents, *closed))
                completed[leaving[place]] = judge(
                    replace(judged.outcome, snapshot=snapshot), window=None
                )
        for judged in vendors:
            if judged.verdict is not Verdict.UNKNOWN:
                open_now = {incident.id for incident in judged.open_incidents}
                self._open[vendor_key(judged.vendor)] = open_now
        return tuple(completed)
