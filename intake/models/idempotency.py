"""Keys under which a client may repeat a request without a second enquiry; no body is kept."""

from datetime import timedelta

from django.db import models

from intake.models.user import User

KEPT_DAYS = 30
# So long the very same again, by the same person, is one press of a button that arrived twice.
ONE_PRESS = timedelta(minutes=1)


class IdempotencyKey(models.Model):
    """Written in the transaction of what it guards: it exists if and only if the enquiry does."""

    client = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    reference = models.CharField(max_length=16)
    status = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("client", "key", name="key_is_used_once_by_a_client"),)
        indexes = (models.Index("created_at", name="idempotency_by_age"),)

    def __str__(self) -> str:
        return self.reference
