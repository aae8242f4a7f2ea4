"""The door for the server: `granian --interface wsgi config.wsgi:application`."""

import os
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters


class Request(WSGIRequest):
    """A Content-Type that cannot be taken apart is none, and none decides how we read letters.

    Django would fall over the one, and over some letters of the other, before any of us is asked.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        try:
            found = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            meta["CONTENT_TYPE"] = ""
            found = "", {}
        self.content_type, self.content_params = found


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()
application.request_class = Request
