"""Addresses are kept sealed only."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("calendars", "0003_seal_addresses")]
    operations = [
        migrations.RemoveField(model_name="calendar", name="address"),
        migrations.RemoveField(model_name="import", name="address"),
    ]
