"""The Python `caldav` library against a running server.

usage: python_caldav.py URL USER PASSWORD

Creates, searches with expansion, edits, follows by sync token, deletes, and
does the same with tasks. Ends with status 0 only if all of it held.
"""

import sys
from datetime import datetime, timedelta, timezone

import caldav

BERLIN_STANDUP = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Interop//EN
BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:standup@example.com
DTSTAMP:20260101T000000Z
DTSTART;TZID=Europe/Berlin:20260323T090000
DTEND;TZID=Europe/Berlin:20260323T091500
RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=10
EXDATE;TZID=Europe/Berlin:20260406T090000
SUMMARY:Stand-up
END:VEVENT
END:VCALENDAR
"""

TASK = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Interop//EN
BEGIN:VTODO
UID:taxes@example.com
DTSTAMP:20260101T000000Z
DUE;VALUE=DATE:20260531
SUMMARY:Taxes
STATUS:NEEDS-ACTION
END:VTODO
END:VCALENDAR
"""


def utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


def starts(objects):
    found = []
    for item in objects:
        for event in item.icalendar_instance.walk("VEVENT"):
            found.append(event["DTSTART"].dt.astimezone(timezone.utc))
    return sorted(found)


def discovery(client):
    principal = client.principal()
    names = sorted(calendar.get_display_name() for calendar in principal.calendars())
    assert names == ["Calendar", "Tasks"], names
    return principal


def create_and_search(principal):
    calendar = principal.make_calendar(name="Interop", cal_id="interop")
    assert any(c.url == calendar.url for c in principal.calendars())
    event = calendar.save_event(BERLIN_STANDUP)
    assert event.url is not None
    plain = calendar.search(
        event=True, start=utc(2026, 3, 30), end=utc(2026, 4, 21), expand=False
    )
    assert len(plain) == 1, plain
    assert "RRULE" in plain[0].data
    for server_expand in (True, False):
        expanded = calendar.search(
            event=True,
            start=utc(2026, 3, 30),
            end=utc(2026, 4, 21),
            expand=not server_expand,
            server_expand=server_expand,
        )
        wanted = [utc(2026, 3, 30, 7), utc(2026, 4, 13, 7), utc(2026, 4, 20, 7)]
        assert starts(expanded) == wanted, (server_expand, starts(expanded))
    by_text = calendar.search(event=True, summary="Stand")
    assert len(by_text) == 1, by_text
    nothing = calendar.search(event=True, start=utc(2027, 1, 1), end=utc(2027, 2, 1))
    assert nothing == [], nothing
    return calendar


def edit(calendar):
    event = calendar.event_by_uid("standup@example.com")
    before = event.props.get("{DAV:}getetag")
    with event.edit_icalendar_instance() as instance:
        instance.walk("VEVENT")[0]["SUMMARY"] = "Daily"
    event.save()
    again = calendar.event_by_uid("standup@example.com")
    again.load()
    assert "SUMMARY:Daily" in again.data, again.data
    assert before is None or again.props.get("{DAV:}getetag") != before


def follow_by_token(calendar):
    first = calendar.objects_by_sync_token(load_objects=True, disable_fallback=True)
    assert len(list(first)) == 1
    nothing = calendar.objects_by_sync_token(
        sync_token=first.sync_token, disable_fallback=True
    )
    assert list(nothing) == [], list(nothing)
    added = calendar.save_event(
        uid="added@example.com",
        dtstart=utc(2026, 5, 1, 8),
        dtend=utc(2026, 5, 1, 9),
        summary="Added",
    )
    second = calendar.objects_by_sync_token(
        sync_token=first.sync_token, load_objects=True, disable_fallback=True
    )
    assert [item.url for item in second] == [added.url], list(second)
    updated, deleted = first.sync()
    assert [item.url for item in updated] == [added.url], updated
    assert deleted == [] or list(deleted) == [], deleted
    added.delete()
    updated, deleted = first.sync()
    assert list(updated) == [], updated
    assert [item.url for item in deleted] == [added.url], deleted


def delete(calendar):
    event = calendar.event_by_uid("standup@example.com")
    event.delete()
    try:
        calendar.event_by_uid("standup@example.com")
    except caldav.lib.error.NotFoundError:
        pass
    else:
        raise AssertionError("a deleted event is still found")
    assert list(calendar.events()) == []


def tasks(principal):
    calendar = principal.make_calendar(
        name="Chores", cal_id="chores", supported_calendar_component_set=["VTODO"]
    )
    todo = calendar.save_todo(TASK)
    assert [t.icalendar_component["UID"] for t in calendar.todos()] == [
        "taxes@example.com"
    ]
    todo.complete()
    assert calendar.todos() == [], calendar.todos()
    done = calendar.todos(include_completed=True)
    assert len(done) == 1, done
    assert done[0].icalendar_component["STATUS"] == "COMPLETED"
    try:
        calendar.save_event(BERLIN_STANDUP)
    except caldav.lib.error.DAVError:
        pass
    else:
        raise AssertionError("a task list took an event")
    calendar.delete()


def main():
    url, user, password = sys.argv[1:]
    client = caldav.DAVClient(
        url=url, username=user, password=password, require_tls=False
    )
    principal = discovery(client)
    calendar = create_and_search(principal)
    edit(calendar)
    follow_by_token(calendar)
    delete(calendar)
    tasks(principal)
    calendar.delete()
    names = sorted(calendar.get_display_name() for calendar in principal.calendars())
    assert names == ["Calendar", "Tasks"], names
    print("caldav", caldav.__version__, "is content")


main()
