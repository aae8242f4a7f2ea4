from django.db import migrations

from intake import found, tallies
from intake.keys import write_keys


def write(apps, schema_editor):
    models = (apps.get_model("intake", name) for name in ("Enquiry", "Person", "Assessment", "Risk"))
    write_keys(*models)


def nothing(apps, schema_editor):
    pass


class Migration(migrations.Migration):
    # Data first, what keeps it afterwards: PostgreSQL changes no table with changes that still wait for a check.
    atomic = True
    dependencies = [("intake", "0005_triage_whole")]
    operations = [
        migrations.RunPython(write, nothing),
        migrations.RunPython(found.install, found.remove),
        migrations.RunPython(tallies.begin, tallies.remove),
    ]
