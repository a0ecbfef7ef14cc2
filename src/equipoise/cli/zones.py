"""Which time zone this machine keeps."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LOCALTIME = Path("/etc/localtime")


def zone_named(name: str) -> ZoneInfo | None:
    """The zone of this name, or `None` when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def machine_zone(localtime: Path = LOCALTIME) -> ZoneInfo | None:
    """The zone of the machine, from TZ or /etc/localtime; `None` when it cannot be told."""
    names = [os.environ.get("TZ", "").lstrip(":"), _linked_name(localtime)]
    return next((zone for name in names if name and (zone := zone_named(name)) is not None), None)


def _linked_name(localtime: Path) -> str:
    try:
        target = localtime.resolve(strict=True).as_posix()
    except OSError:
        return ""
    return target.partition("/zoneinfo/")[2].removeprefix("posix/").removeprefix("right/")
