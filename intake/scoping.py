"""The mixin of every view: it sees what its user may see, and nothing else."""

from typing import Any

from django.db import models

from intake.models import User
from intake.refusals import NotFound


class Scoped:
    """Looks rows up through `visible_to`: out of scope and non-existent are the same answer."""

    request: Any
    model: type[models.Model]

    @property
    def user(self) -> User:
        user: User = self.request.user
        return user

    def visible(self) -> Any:
        return self.model._default_manager.visible_to(self.user)  # type: ignore[attr-defined]

    def find(self, reference: str, *related: str) -> Any:
        if "\x00" in reference:
            # PostgreSQL refuses the character, where SQLite finds nothing.
            raise NotFound
        row = self.visible().select_related(*related).filter(reference=reference).first()
        if row is None:
            raise NotFound
        return row
