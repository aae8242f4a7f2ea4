"""The fields of a filter form, each written once for every way it can look: most look as they did last time."""

from collections import OrderedDict
from typing import Any

from django import forms
from django.utils.safestring import SafeString

MOST = 500
_written: OrderedDict[tuple[Any, ...], SafeString] = OrderedDict()


def written(field: forms.BoundField) -> SafeString:
    """The field with its label and choices. What somebody typed is never kept."""
    chosen = tuple(field.form.data.getlist(field.html_name))  # type: ignore[attr-defined]
    choices = getattr(field.field, "choices", None)
    if field.errors or (chosen and choices is None):
        return field.as_field_group()
    key = (type(field.form), field.html_name, chosen, tuple(choices or ()))
    if key not in _written:
        _written[key] = field.as_field_group()
        while len(_written) > MOST:
            _written.popitem(last=False)
    return _written[key]
