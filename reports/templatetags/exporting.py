"""Where something can be exported from, for whom."""

from django import template
from django.urls import reverse

from intake.models import User
from reports.actions import exports

register = template.Library()


@register.simple_tag
def export_of(user: User, of: str) -> str:
    """The page that asks what is wanted of a list or of the figures; nothing for whoever may export nothing of it."""
    return reverse("export-new") if exports.kinds_for(user, of) else ""
