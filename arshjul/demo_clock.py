"""The demo's clock bar: process time moves forward, and what falls due on the way happens at its own instant."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from arshjul.demo import keep_time
from arshjul.needs import handed_in
from arshjul.player import Behaviour, Player
from engine import job_executor, playing
from engine.clock import STOCKHOLM, OffsetClock
from engine.playing import DueJob
from engine.rules import calendar
from engine.store.database import Database
from notifications.channels.mailbox import MailboxChannel
from notifications.dispatcher import dispatch

HAPPENINGS = {
    "open_activity": "Öppnar: {about}",
    "advance_activity": "Går vidare efter: {about}",
    "timer": "Dagen är inne: {about}",
    "start_instance": "Startar: {about}",
    "reminder": "Påminnelse: {about}",
    "escalation": "Påminnelse till överordnad: {about}",
    "overdue": "Sista dagen har gått: {about}",
}
MORNING = time(8)


@dataclass
class DemoClock:
    """What the pages move time with (`web.demo.controls.DemoControls`). One move at a time."""

    database: Database
    clock: OffsetClock
    public_url: str
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def next_event(self) -> str | None:
        """To 08.00 on the working day of the next event, when its mails go out; what it was, or None."""
        with self._lock:
            coming = next_event(self.database, self.clock)
            if coming is None:
                return None
            self._pass(calendar.next_workday_at(max(coming.due_at, self.clock.now())))
            return said(coming)

    def advance(self, days: int) -> None:
        with self._lock:
            local = self.clock.now().astimezone(STOCKHOLM)
            self._pass(datetime.combine(local.date() + timedelta(days=days), local.time(), STOCKHOLM))

    def move_to(self, day: date) -> None:
        with self._lock:
            self._pass(datetime.combine(day, MORNING, STOCKHOLM))

    def play_until(self, day: date) -> None:
        """As `move_to`, while the invented people answer what they have open. Raises Stuck."""
        with self._lock:
            player = Player(
                self.database,
                self.clock,
                behaviour=Behaviour(),
                script=handed_in(),
                after=lambda _now: self._mail(),
                wake=playing.next_send,
            )
            try:
                player.play(datetime.combine(day, MORNING, STOCKHOLM))
            finally:
                keep_time(self.database, self.clock)

    def _pass(self, target: datetime) -> None:
        """Time goes to `target`; jobs and mails on the way are done at their own instants."""
        self._do_what_is_due()
        while (instant := self._next_instant()) is not None and instant <= target:
            self.clock.move_to(instant)
            self._do_what_is_due()
        self.clock.move_to(max(target, self.clock.now()))
        self._do_what_is_due()
        keep_time(self.database, self.clock)

    def _next_instant(self) -> datetime | None:
        now = self.clock.now()
        with self.database.page() as tx:
            coming = playing.next_job(tx, now)
            instants = [coming.due_at if coming else None, playing.next_send(tx, now)]
        return min((instant for instant in instants if instant is not None), default=None)

    def _do_what_is_due(self) -> None:
        job_executor.tick(self.database, self.clock.now())
        self._mail()

    def _mail(self) -> None:
        dispatch(
            self.database, MailboxChannel(), now=self.clock.now(), wall=self.clock.wall(), public_url=self.public_url
        )


def next_event(database: Database, clock: OffsetClock) -> DueJob | None:
    """What happens next by itself: a window opens, a day is in, a reminder goes out."""
    with database.page() as tx:
        return playing.next_job(tx, clock.now())


def said(job: DueJob) -> str:
    """The event as a sentence."""
    return HAPPENINGS[job.kind].format(about=job.about.sv)
