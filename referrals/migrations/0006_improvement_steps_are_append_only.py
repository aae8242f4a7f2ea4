from django.db import migrations

from intake.append_only import install, remove


class Migration(migrations.Migration):

    dependencies = [
        ("intake", "0013_languages_of_people"),
        ("referrals", "0005_exports_apart"),
    ]

    operations = [migrations.RunPython(install, remove)]
