"""What anybody may know of the service: its cookies, how accessible it is, what it does with what it is told."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views import View
from django.views.decorators.cache import never_cache

from intake.pages import looks

HOURS = settings.SESSION_COOKIE_AGE // 3600


def cookies() -> list[tuple[str, str, str]]:
    """Name, purpose and life of each cookie that there is: all of them are needed."""
    return [
        (
            settings.SESSION_COOKIE_NAME,
            gettext("Keeps you signed in."),
            gettext(
                "Until you close the browser or do nothing for {_} minutes, at most {HOURS} hours"
            ).format(_=settings.SESSION_IDLE_MINUTES, HOURS=HOURS),
        ),
        (
            settings.CSRF_COOKIE_NAME,
            gettext("Shows that a form was sent from a page of ours."),
            gettext("A year"),
        ),
        ("messages", gettext("Tells the next page what was just done."), gettext("Until it was shown")),
        (
            looks.NAME,
            gettext("Remembers whether you like lists comfortable or compact."),
            gettext("A year, once you chose"),
        ),
    ]


@method_decorator(never_cache, name="dispatch")
class AboutPage(View):
    template = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(
            request, f"about/{self.template}.html", {"cookies": cookies(), "provider": settings.PROVIDER_NAME}
        )


class Cookies(AboutPage):
    template = "cookies"


class Accessibility(AboutPage):
    template = "accessibility"


class Privacy(AboutPage):
    template = "privacy"
