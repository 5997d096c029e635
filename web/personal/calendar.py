"""The calendar file (iCalendar, RFC 5545) at its secret address: no session, the address is the key."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import quote

from flask import Response, current_app
from flask.typing import ResponseReturnValue
from icalendar import Calendar, Event

from engine import calendar_feeds
from engine.calendar_feeds import Feed
from engine.texts import Text
from web import dates
from web.context import database, now, services
from web.permissions import allow
from web.personal.blueprint import blueprint

LIMIT = "30 per minute"
REFRESH = "PT6H"


@blueprint.get("/calendar/<token>.ics")
@allow("public")
def calendar_file(token: str) -> ResponseReturnValue:
    with current_app.extensions["arshjul_limiter"].limit(LIMIT), database().page() as tx:
        feed = calendar_feeds.read(tx, token, now())
    response = Response(written(feed), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="arshjul.ics"'
    return response


def written(feed: Feed) -> bytes:
    """Each task twice: its window as free time, and its last day. Steps to come have their window."""
    calendar = Calendar()
    calendar.add("prodid", "-//Arshjul//SV")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", feed.name.in_locale(feed.locale))
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for task in feed.open:
        uid = f"{task.instance_id}-{task.element_id}-{task.rows[0].task_id}"
        units = "; ".join(row.unit_name for row in task.rows[:20])
        where = f"/tasks/{task.rows[0].task_id}"
        if len(task.rows) > 1:
            where = f"/steps/{task.instance_id}/{quote(task.element_id)}"
        window = (task.opened_at, task.due_at)
        add(calendar, f"window-{uid}", task.title.in_locale(feed.locale), window, units, where)
        said = Text("Sista dagen: {title}", "Last day: {title}").in_locale(feed.locale)
        summary = said.replace("{title}", task.title.in_locale(feed.locale))
        add(calendar, f"due-{uid}", summary, (task.due_at, task.due_at), units, where)
    for step in feed.coming:
        uid = f"window-{step.instance_id}-{step.element_id}"
        add(calendar, uid, step.title.in_locale(feed.locale), (step.opens_at, step.due_at), "", "/")
    return bytes(calendar.to_ical())


def add(
    calendar: Calendar, uid: str, summary: str, window: tuple[datetime, datetime], description: str, where: str
) -> None:
    """Whole civil days in Sweden; the end is the day after the last, as the standard has it."""
    first: date = dates.civil(window[0])
    last: date = max(dates.civil(window[1]), first)
    config = services().config
    event = Event()
    event.add("uid", f"{uid}@{config.host}")
    event.add("dtstamp", now())
    event.add("summary", summary)
    event.add("dtstart", first)
    event.add("dtend", last + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    if description:
        event.add("description", description)
    event.add("url", config.public_url.rstrip("/") + where)
    calendar.add_component(event)
