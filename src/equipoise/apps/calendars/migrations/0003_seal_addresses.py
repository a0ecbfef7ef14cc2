"""Seal the addresses of calendars that were read from one, and keep them in step from now on."""

from django.db import migrations
from django.utils import timezone

from equipoise.apps.calendars.discretion import discreet, plain_address
from equipoise.platform import vault


def seal(apps, schema_editor):
    for calendar in apps.get_model("calendars", "Calendar").objects.exclude(address=""):
        calendar.sealed_address = vault.seal(calendar.address)
        calendar.address_mark = vault.digest(plain_address(calendar.address))
        calendar.shown_address = discreet(calendar.address)
        calendar.due_at = timezone.now()
        calendar.name = _free_name(apps, calendar)
        calendar.save()
    for job in apps.get_model("calendars", "Import").objects.exclude(address=""):
        job.sealed_address = "" if job.finished_at else vault.seal(job.address)
        job.name, job.failure = discreet(job.name), discreet(job.failure)
        job.problems = [{**each, "source": discreet(str(each.get("source", "")))} for each in job.problems]
        job.save()


def _free_name(apps, calendar):
    """The calendar's name without what lets one in, with a number where another one is called so already."""
    wanted = discreet(calendar.name)
    others = apps.get_model("calendars", "Calendar").objects.filter(owner_id=calendar.owner_id).exclude(pk=calendar.pk)
    taken = set(others.values_list("name", flat=True))
    names = [wanted, *(f"{wanted[:190]} ({number})" for number in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def unseal(apps, schema_editor):
    for model in ("Calendar", "Import"):
        for row in apps.get_model("calendars", model).objects.exclude(sealed_address=""):
            row.address = vault.unseal(row.sealed_address)
            row.save()


class Migration(migrations.Migration):
    dependencies = [("calendars", "0002_in_step")]
    operations = [migrations.RunPython(seal, unseal)]
