import django.db.models.deletion
from django.db import migrations, models

from reports import uncounted


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0010_counting'),
        ('referrals', '0002_triage_whole'),
        ('reports', '0005_print_runs'),
    ]

    operations = [
        migrations.CreateModel(
            name='Uncounted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('enquiry', models.BigIntegerField()),
                ('since', models.DateTimeField()),
            ],
            options={
                'verbose_name_plural': 'uncounted',
            },
        ),
        migrations.CreateModel(
            name='DailySum',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(blank=True, help_text='A nation.', max_length=10)),
                ('type', models.CharField(blank=True, max_length=40)),
                ('service', models.BigIntegerField(default=0)),
                ('measure', models.CharField(max_length=20)),
                ('day', models.DateField()),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('value', models.IntegerField()),
                ('number', models.IntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('place', 'type', 'service', 'measure', 'day', 'reason', 'value'), name='sum_stands_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(max_length=20)),
                ('day', models.DateField()),
                ('types', models.TextField(blank=True, help_text='Codes, with spaces around each.')),
                ('reason', models.CharField(blank=True, max_length=40)),
                ('value', models.IntegerField(default=0, help_text='Working days, or how many.')),
                ('restricted', models.BooleanField(default=False)),
                ('authority', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.organisation')),
                ('enquiry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='intake.enquiry')),
                ('referral', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='referrals.referral')),
                ('service', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='intake.organisation')),
            ],
            options={
                'ordering': ('day', 'id'),
                'indexes': [models.Index(models.F('measure'), models.F('day'), models.F('id'), name='fact_by_measure'), models.Index(models.F('authority'), models.F('measure'), models.F('day'), models.F('id'), name='fact_by_authority'), models.Index(models.F('service'), models.F('measure'), models.F('day'), models.F('id'), name='fact_by_service'), models.Index(models.F('measure'), models.F('day'), condition=models.Q(('restricted', True)), name='fact_restricted')],
            },
        ),
        migrations.RunPython(uncounted.begin, uncounted.remove),
    ]
