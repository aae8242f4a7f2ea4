"""Words of pages and forms, marked for translation: looked up when they are shown, in the reader's language."""

from typing import cast

from django.utils.translation import gettext_lazy


def _(text: str) -> str:
    return cast(str, gettext_lazy(text))
