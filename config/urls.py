"""Every address: the API, the pages, signing in, reference data."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularSwaggerSplitView

from config import health, unknown
from intake.api.tokens import Tokens

handler400 = "config.unknown.unreadable"
handler500 = "config.unknown.fault"

urlpatterns = [
    path("health/live/", health.live),
    path("health/ready/", health.ready),
    path("oauth/token/", Tokens.as_view(), name="token"),
    # The upper floor first: its enquiries/next/ is no reference of an enquiry.
    path("api/v1/", include("referrals.api.urls")),
    path("api/v1/", include("intake.api.urls")),
    path("api/v1/", include("reports.api.urls")),
    path(
        "api/v1/docs/",
        SpectacularSwaggerSplitView.as_view(
            url="/api/v1/schema/", authentication_classes=[], permission_classes=[]
        ),
    ),
    re_path(r"^api/", unknown.api),
    path("problems/<slug:name>/", unknown.about),
    path("accounts/signup/", RedirectView.as_view(pattern_name="account_login")),
    path("accounts/", include("allauth.urls")),
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/", admin.site.urls),
    path("", include("intake.pages.urls")),
    path("", include("referrals.pages.urls")),
    path("", include("reports.pages.urls")),
]
