"""Entries written before there was a chain are taken into it, as they stand."""

from django.db import migrations

from equipoise.platform import audit


def chain(apps, schema_editor):
    AuditEntry = apps.get_model("platform", "AuditEntry")
    AuditHead = apps.get_model("platform", "AuditHead")
    last, count = "", 0
    for entry in AuditEntry.objects.order_by("pk").iterator():
        entry.previous = last
        last = entry.digest = audit.digest_of(entry)
        entry.save(update_fields=["previous", "digest"])
        count += 1
    AuditHead.objects.update_or_create(pk=1, defaults={"digest": last, "entries": count})


class Migration(migrations.Migration):

    dependencies = [
        ("platform", "0002_chained_trail"),
    ]

    operations = [
        migrations.RunPython(chain, migrations.RunPython.noop),
    ]
