from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("people", "0004_fill_organisation"),
    ]

    operations = [
        migrations.RemoveField(
            model_name='person',
            name='function',
        ),
        migrations.RemoveField(
            model_name='person',
            name='reports_to',
        ),
        migrations.RemoveField(
            model_name='person',
            name='title',
        ),
    ]
