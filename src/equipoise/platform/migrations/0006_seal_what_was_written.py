"""The last link written before there were seals is sealed as it stands."""

from django.conf import settings
from django.db import migrations

from equipoise.platform import audit


def seal(apps, schema_editor):
    for head in apps.get_model("platform", "AuditHead").objects.all():
        head.seal = audit._seal(head, settings.VAULT_KEYS[0])
        head.save(update_fields=["seal"])


class Migration(migrations.Migration):

    dependencies = [
        ("platform", "0005_seal_of_the_head"),
    ]

    operations = [
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
