from django.db import migrations

from intake.append_only import install, remove


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_intake_whole")]
    operations = [migrations.RunPython(install, remove)]
