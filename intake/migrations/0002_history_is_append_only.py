from django.db import migrations

from intake.append_only import install, remove


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunPython(install, remove)]
