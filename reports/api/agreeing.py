"""A second person's word over the API."""

from intake.shape import Prose, Shape, YesNo


class AgreementBody(Shape):
    agreed = YesNo(required=True, help_text="False: it is not made.")
    reason = Prose(help_text="Needed for a no. Whoever asked reads it, and it stands in the log.")
