"""vdirsyncer between a folder of events and a running server.

usage: vdirsyncer_folder.py URL USER PASSWORD WORK [CORPUS]

A folder of 200 events is synced up, edited on both sides, synced again and
down into a second folder. All three must agree, no conflict may be invented,
and a further sync may transfer nothing. The events are from CORPUS (a folder
of calendars) where one is given, else made up.
"""

import re
import subprocess
import sys
from pathlib import Path

import icalendar
import niquests

COUNT = 200

CONFIG = """
[general]
status_path = "{work}/status-{name}/"

[pair {name}]
a = "{name}_folder"
b = "{name}_server"
collections = ["calendar"]

[storage {name}_folder]
type = "filesystem"
path = "{work}/{name}/"
fileext = ".ics"

[storage {name}_server]
type = "caldav"
url = "{url}"
username = "{user}"
password = "{password}"
"""


def made_up():
    for number in range(COUNT):
        yield f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Interop//EN
BEGIN:VEVENT
UID:made-up-{number}@example.com
DTSTAMP:20260101T000000Z
DTSTART:2026{1 + number % 12:02}{1 + number % 28:02}T080000Z
DURATION:PT1H
SUMMARY:Event {number}
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n").encode()


def from_corpus(folder):
    """Objects of the calendars that are marked valid, one for each UID."""
    index = (folder / "INDEX.tsv").read_text(encoding="utf-8").splitlines()
    head = index[0].split("\t")
    rows = [dict(zip(head, line.split("\t"))) for line in index[1:]]
    names = [row["file"] for row in rows if row["valid"] == "valid"]
    seen = set()
    for name in sorted(names):
        try:
            calendar = icalendar.Calendar.from_ical((folder / name).read_bytes())
        except ValueError:
            continue
        events = {}
        for event in calendar.walk("VEVENT"):
            events.setdefault(str(event.get("UID", "")), []).append(event)
        for uid, components in events.items():
            if not uid or uid in seen or not is_sound(components):
                continue
            seen.add(uid)
            single = icalendar.Calendar()
            single.add("VERSION", "2.0")
            single.add("PRODID", "-//Example//Interop//EN")
            for zone in calendar.walk("VTIMEZONE"):
                single.add_component(zone)
            for component in components:
                single.add_component(component)
            yield single.to_ical()
            if len(seen) == COUNT:
                return


def is_sound(components):
    """What no server has to take: an event without a start, one instance twice."""
    instances = [str(c.get("RECURRENCE-ID", "")) for c in components]
    return all("DTSTART" in c for c in components) and len(set(instances)) == len(
        instances
    )


def run(work, name, command):
    result = subprocess.run(
        [Path(sys.executable).parent / "vdirsyncer", "-c", work / f"{name}.conf", command],
        input="y\n" * 10,
        capture_output=True,
        text=True,
    )
    output = result.stdout + result.stderr
    assert result.returncode == 0, output
    assert "conflict" not in output.lower(), output
    return output


def transfers(output):
    return re.findall(r"(?:Copying|Deleting|Updating).*", output)


def uid_of(text):
    match = re.search(r"^UID[^:\r\n]*:(.*(?:\r?\n[ \t].*)*)", text, re.MULTILINE)
    return re.sub(r"\r?\n[ \t]", "", match.group(1)).strip()


def folder(path):
    """The items of a folder by UID, as vdirsyncer compares them."""
    items = {}
    for file in path.glob("*.ics"):
        text = file.read_bytes().decode()
        items[uid_of(text)] = (file, text)
    return items


class Server:
    def __init__(self, url, user, password):
        self.home = f"{url}/dav/calendars/{user}/calendar/"
        self.session = niquests.Session()
        self.session.auth = (user, password)
        self.origin = url

    def items(self):
        answer = self.session.request(
            "PROPFIND",
            self.home,
            headers={"Depth": "1"},
            data='<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>',
        )
        assert answer.status_code == 207, answer.text
        hrefs = re.findall(r"<D:href>([^<]*\.ics)</D:href>", answer.text)
        items = {}
        for href in hrefs:
            text = self.session.get(self.origin + href).content.decode()
            items[uid_of(text)] = (href, text)
        return items

    def put(self, href, text):
        answer = self.session.put(
            self.origin + href,
            data=text.encode(),
            headers={"Content-Type": "text/calendar; charset=utf-8"},
        )
        assert answer.status_code in (201, 204), (answer.status_code, answer.text)

    def delete(self, href):
        answer = self.session.delete(self.origin + href)
        assert answer.status_code == 204, answer.text


def edited(text, where):
    changed, count = re.subn(
        r"^END:VEVENT", f"X-EDITED-ON:{where}\r\nEND:VEVENT", text, flags=re.MULTILINE
    )
    assert count, text
    return changed


def edit_both_sides(local, server):
    items, remote = folder(local), server.items()
    uids = sorted(items)
    for uid in uids[0:20]:
        file, text = items[uid]
        file.write_bytes(edited(text, "folder").encode())
    for uid in uids[20:40]:
        href, text = remote[uid]
        server.put(href, edited(text, "server"))
    for uid in uids[40:50]:
        items[uid][0].unlink()
    for uid in uids[50:60]:
        server.delete(remote[uid][0])
    for number in range(5):
        text = next(made_up()).decode().replace("made-up-0", f"new-{number}")
        (local / f"new-{number}.ics").write_bytes(text.encode())
        text = text.replace(f"new-{number}", f"newer-{number}")
        server.put(f"/dav/calendars/{USER}/calendar/newer-{number}.ics", text)
    return {
        "folder": set(uids[0:20]),
        "server": set(uids[20:40]),
        "gone": set(uids[40:60]),
        "new": {f"new-{n}@example.com" for n in range(5)}
        | {f"newer-{n}@example.com" for n in range(5)},
    }


def check(found, before, edits):
    assert set(found) == (set(before) - edits["gone"]) | edits["new"], (
        set(found) ^ ((set(before) - edits["gone"]) | edits["new"])
    )
    for where in ("folder", "server"):
        marked = {uid for uid, (_, text) in found.items() if f"X-EDITED-ON:{where}" in text}
        assert marked == edits[where], marked ^ edits[where]


def main():
    url, user, password, work = sys.argv[1:5]
    global USER
    USER = user
    work = Path(work)
    server = Server(url, user, password)
    for name in ("first", "second"):
        (work / name / "calendar").mkdir(parents=True)
        (work / f"{name}.conf").write_text(
            CONFIG.format(work=work, name=name, url=url, user=user, password=password)
        )
    local = work / "first" / "calendar"
    bodies = from_corpus(Path(sys.argv[5])) if len(sys.argv) > 5 else made_up()
    for number, body in enumerate(bodies):
        (local / f"{number}.ics").write_bytes(body)
    before = folder(local)
    assert len(before) == COUNT, len(before)

    run(work, "first", "discover")
    assert len(transfers(run(work, "first", "sync"))) == COUNT
    assert set(server.items()) == set(before)
    assert transfers(run(work, "first", "sync")) == []

    edits = edit_both_sides(local, server)
    run(work, "first", "sync")
    check(folder(local), before, edits)
    check(server.items(), before, edits)
    assert transfers(run(work, "first", "sync")) == []

    run(work, "second", "discover")
    run(work, "second", "sync")
    down = folder(work / "second" / "calendar")
    check(down, before, edits)
    on_server = server.items()
    for uid, (_, text) in down.items():
        assert text.splitlines() == on_server[uid][1].splitlines(), uid
    assert transfers(run(work, "second", "sync")) == []
    print("vdirsyncer is content")


main()
