"""Positions and reporting lines move to tables of their own; the owner of the machine becomes its administrator."""

from django.db import migrations


def fill(apps, schema_editor):
    Person = apps.get_model("people", "Person")
    Position = apps.get_model("people", "Position")
    ReportingLine = apps.get_model("people", "ReportingLine")
    Grant = apps.get_model("people", "Grant")
    for person in Person.objects.order_by("pk"):
        since = person.joined_at.date()
        if person.title or person.function:
            Position.objects.create(person=person, title=person.title, function=person.function[:20], from_day=since)
        if person.reports_to_id and person.reports_to_id != person.pk:
            ReportingLine.objects.create(person=person, manager_id=person.reports_to_id, from_day=since)
    owner = Person.objects.filter(demo_key="", invited=False, is_active=True).order_by("pk").first()
    if owner is not None:
        Grant.objects.create(person=owner, role="administrator", given_at=owner.joined_at)


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0003_organisation"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
