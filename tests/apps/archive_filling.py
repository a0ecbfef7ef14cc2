"""Fill every table of a database with something awkward, and tell every row of it; run as a program of its own.

`python -m tests.apps.archive_filling fill|tell FOLDER`, with the database of FOLDER or of EQUIPOISE_DATABASE_URL.
"""

# ruff: noqa: PLC0415 - Django starts before its models are known

import json
import os
import sys
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

AWKWARD = "Ünïcode ‚x‘ 🙂 \\ \" ' \t\n"
WHEN = datetime(2026, 3, 29, 0, 59, 59, 123457, tzinfo=UTC)


def main(what: str, folder: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "equipoise.config.settings"
    os.environ["EQUIPOISE_DATA"] = folder
    Path(folder).mkdir(exist_ok=True)
    import django

    django.setup()
    if what == "fill":
        fill()
    else:
        sys.stdout.write(json.dumps(tell()))


def fill() -> None:
    """The demo agency with one calendar and a person that is gone, and a row of every other table."""
    from django.core.management import call_command
    from django.utils import timezone

    from equipoise.apps.insights.welcome import actions as welcome
    from equipoise.apps.people.models import Person
    from equipoise.apps.people.organising import actions as organising

    call_command("migrate", verbosity=0)
    now = timezone.now()
    welcome.load_demo_agency(language="en", now=now)
    welcome.read_demo_calendar(person=Person.objects.get(demo_key="lena"), now=now)
    organising.add_person(actor=None, name=AWKWARD.strip(), email="x@example.org", now=now)
    Person.objects.create(pk=5000, name="Gone", email="gone@example.org", joined_at=now).delete()
    fill_empty()


def fill_empty() -> None:
    from django.apps import apps
    from django.db import IntegrityError, transaction

    from equipoise.platform.archive import contents

    waiting = [model for model in contents.tables(apps) if not model._base_manager.exists()]
    while waiting:
        left = []
        for model in waiting:
            try:
                with transaction.atomic():
                    model._base_manager.bulk_create([made(model)])
            except (IntegrityError, LookupError):
                left.append(model)
        if len(left) == len(waiting):
            raise SystemExit(f"cannot fill {[model._meta.label for model in left]}")
        waiting = left


def made(model: Any) -> Any:
    """A row with an awkward value in every column that takes one."""
    values: dict[str, Any] = {}
    others: list[Any] = []
    for field in model._meta.concrete_fields:
        if field.remote_field is not None:
            rows = field.remote_field.model._base_manager.exclude(pk__in=[each for each in others if each]).order_by(
                "pk"
            )
            row = rows.first()
            if row is None and not field.null:
                raise LookupError(field.name)
            values[field.attname] = row.pk if row else None
            others.append(row.pk if row and field.remote_field.model is model._meta.model else None)
        elif not field.primary_key or field.get_internal_type() == "UUIDField":
            values[field.attname] = value_of(field)
    if model._meta.label in {"provisioning.ImportedRow", "provisioning.DirectoryMember"}:
        values["team_id" if "team_id" in values else "nested_id"] = None
    if "manager_id" in values and "person_id" in values:
        values["manager_id"] = None
    return model(**values)


def value_of(field: Any) -> Any:
    kind = field.get_internal_type()
    if field.choices:
        return next(value for value, _label in field.flatchoices)
    text = f"{AWKWARD}{uuid.uuid4().hex}"
    return {
        "CharField": text[: field.max_length],
        "SlugField": uuid.uuid4().hex[: field.max_length],
        "EmailField": "ä@example.org",
        "URLField": "https://example.org/",
        "TextField": AWKWARD,
        "GenericIPAddressField": "192.0.2.1",
        "JSONField": {"z": [1, 0.1, None, True, AWKWARD, 2**53 + 1], "a": {}},
        "DateTimeField": WHEN,
        "DateField": date(2026, 2, 28),
        "TimeField": time(23, 59, 59, 999999),
        "DurationField": timedelta(days=1, microseconds=1),
        "BinaryField": bytes(range(256)),
        "BooleanField": True,
        "FloatField": 0.1 + 0.2,
        "DecimalField": Decimal("1.10"),
        "UUIDField": uuid.uuid4(),
        "IntegerField": 7,
        "BigIntegerField": 2**62,
        "PositiveBigIntegerField": 2**62,
        "PositiveIntegerField": 2**31 - 1,
        "PositiveSmallIntegerField": 32767,
        "SmallIntegerField": -5,
    }[kind]


def tell() -> dict[str, Any]:
    """Every row of every table that travels, as texts that differ when anything does; and what number comes next."""
    from django.apps import apps

    from equipoise.apps.people.models import Person
    from equipoise.platform import audit
    from equipoise.platform.archive import contents

    told: dict[str, Any] = {
        model._meta.label: [
            {name: plain(value) for name, value in row.items()} for row in model._base_manager.order_by("pk").values()
        ]
        for model in contents.tables(apps)
    }
    person = Person.objects.create(name="Next", email="next@example.org", joined_at=WHEN)
    told["next person"] = person.pk
    person.delete()
    check = audit.check()
    told["trail"] = [check.complete, list(check.broken)]
    return told


def plain(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return json.dumps(value, sort_keys=True)
    return repr(bytes(value) if isinstance(value, memoryview) else value)


if __name__ == "__main__":
    main(*sys.argv[1:])
