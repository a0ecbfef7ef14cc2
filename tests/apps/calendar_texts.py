"""Small calendars for tests, written out."""

HEAD = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//tests//EN\r\n"


def entry(uid: str, title: str, start: str, end: str, *more: str) -> str:
    """One VEVENT; start and end as `20261102T090000Z`."""
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        "DTSTAMP:20261001T000000Z",
        f"SUMMARY:{title}",
        f"DTSTART:{start}",
        f"DTEND:{end}",
    ]
    return "\r\n".join([*lines, *more, "END:VEVENT", ""])


def calendar(*entries: str) -> bytes:
    """A whole calendar."""
    return (HEAD + "".join(entries) + "END:VCALENDAR\r\n").encode()


LENAS = calendar(
    entry("standup", "Client services stand-up", "20261005T080000Z", "20261005T083000Z", "RRULE:FREQ=WEEKLY;COUNT=8"),
    entry("tom", "1:1 Tom", "20261006T090000Z", "20261006T100000Z", "RRULE:FREQ=WEEKLY;COUNT=8"),
    entry("budget", "Budget review Q3", "20261007T090000Z", "20261007T110000Z", "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4"),
    entry("vision", "Where do we want to be in 2030", "20261008T120000Z", "20261008T150000Z"),
    entry("secret", "Doctor", "20261009T120000Z", "20261009T130000Z", "CLASS:PRIVATE"),
    entry("free", "Conference, maybe", "20261012T120000Z", "20261012T130000Z", "TRANSP:TRANSPARENT"),
    "BEGIN:VEVENT\r\nUID:offsite\r\nDTSTAMP:20261001T000000Z\r\nSUMMARY:Off-site strategy\r\n"
    "DTSTART;VALUE=DATE:20261015\r\nDTEND;VALUE=DATE:20261016\r\nEND:VEVENT\r\n",
)
