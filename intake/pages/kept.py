"""A page that is sent after its session has ended: what was typed is there again after signing in."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from intake.actions import keeping
from intake.models import User

# A page may lie open over a long weekend, long after its session has ended.
OPEN_FOR = 5 * 24 * 60 * 60
SALT = "kept"
LONGEST_PATH = 300
# A page's script says with these that it had the form kept, and of which page it is.
MARK, PAGE = "was_kept", "of_page"
NOT_KEPT = {"csrfmiddlewaretoken", "who", MARK, PAGE}


def seal(user: User) -> str:
    """Whose page it is, signed: it goes with the form."""
    return signing.dumps(user.pk, salt=SALT)


def owner(request: HttpRequest) -> User | None:
    """Whose page was sent; nobody when the seal is missing, old or forged."""
    try:
        pk = signing.loads(request.POST.get("who", ""), salt=SALT, max_age=OPEN_FOR)
    except signing.BadSignature:
        return None
    found: User | None = User.objects.filter(pk=pk, is_active=True).first()
    return found


def keep(request: HttpRequest) -> str:
    """The address of the same page with what was typed on it; "" when nothing can be kept."""
    person = owner(request) if request.method == "POST" else None
    if person is None:
        return ""
    token = keeping.keep(by=person, path=request.path, typed=typed_in(request))
    # What the address says besides stays: to whom a message was about to go, for one.
    return with_token(request.path, token, request.GET)


def typed_in(request: HttpRequest) -> dict[str, list[str]]:
    return {name: request.POST.getlist(name) for name in request.POST if name not in NOT_KEPT}


def with_token(path: str, token: str, besides: QueryDict | None = None) -> str:
    query = besides.copy() if besides else QueryDict(mutable=True)
    query["kept"] = token
    return f"{path}?{query.urlencode()}"


def keep_open(request: HttpRequest, user: User) -> None:
    """What stands in a form that still lies open, as its session is about to end."""
    path = request.POST.get(PAGE, "")
    if path.startswith("/") and len(path) <= LONGEST_PATH:
        keeping.keep(by=user, path=path, typed=typed_in(request))


def waiting(request: HttpRequest, user: User) -> dict[str, Any]:
    """That something typed here was kept, since when, and where it is brought back."""
    found = keeping.waiting(by=user, path=request.path)
    return {"kept_at": found.at, "bring_back": with_token(request.path, found.token)} if found else {}


def given_back(request: HttpRequest, user: User) -> QueryDict | None:
    """What was typed before the session ended, when this page was reached through signing in again."""
    token = request.GET.get("kept", "")
    typed = keeping.take(by=user, path=request.path, token=token) if token else {}
    if not typed:
        return None
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    messages.warning(request, gettext("What you had typed is below; it is not saved yet."))
    return data


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A page from before signing in again: shown anew with what was typed, instead of a dead end."""
    if address := keep(request):
        return HttpResponseRedirect(address)
    return render(request, "403_csrf.html", status=403)


def to_sign_in(request: HttpRequest, otherwise: Any) -> Any:
    """To the sign-in page, and from there back to what was typed."""
    if address := keep(request):
        return redirect(f"/accounts/login/?{urlencode({'next': address})}")
    return otherwise()
