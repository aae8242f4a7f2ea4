"""What the views of audits and improvements do alike: who they are for, and people by their address."""

from typing import Any, NoReturn

from intake.api.base import View
from intake.checks import Fault
from intake.lifecycle import Role
from intake.models import Organisation, User
from intake.refusals import Forbidden, Invalid, NotFound
from referrals.models.audit import AUDITING


class QualityView(View):
    """For the hub and the services; for an authority nothing is here."""

    reading_scope = "referrals:read"

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.user.organisation.kind not in (Organisation.Kind.HUB, Organisation.Kind.SERVICE):
            raise NotFound
        if not self.user.has(*AUDITING, Role.AUDITOR, Role.SERVICE_LEAD, Role.ASSESSOR):
            self.keep_out()

    def keep_out(self) -> NoReturn:
        raise Forbidden("Your role does not allow this: read audits and improvements.")

    def numbered(self, pk: int, *related: str) -> Any:
        """The row of this number as this person may see it; another's and none are the same."""
        row = self.visible().select_related(*related).filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row

    def colleague(self, data: dict[str, Any], name: str) -> User | None:
        """Who is named by their e-mail address; nobody where it is left out."""
        email = data.pop(name, "")
        if not email:
            return None
        rows = User.objects.visible_to(self.user).active().filter(kind=User.Kind.PERSON)
        person: User | None = rows.filter(email=email.lower()).first()
        if person is None:
            sentence = "Choose somebody of ours, or of the service whose work it is."
            raise Invalid([Fault(f"/{name}", "unknown", sentence)])
        return person
