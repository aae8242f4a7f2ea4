"""A chart in a page or on paper."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from reports import charts
from reports.charts import Chart

register = template.Library()


@register.simple_tag
def chart(drawing: Chart, name: str) -> SafeString:
    """Inline, so that it takes the ink of the page, also in the dark; every word in it is escaped where it is drawn."""
    return mark_safe(charts.svg(drawing, name))  # noqa: S308


@register.simple_tag
def printed_chart(drawing: Chart, name: str) -> SafeString:
    return mark_safe(charts.printed(drawing, name))  # noqa: S308


@register.filter
def unbroken(words: str) -> str:
    """On one line, however narrow its column is."""
    return words.replace(" ", "\N{NO-BREAK SPACE}")
