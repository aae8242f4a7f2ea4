"""The settings: read top to bottom; every difference between machines is an environment variable."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from intake.limits import read_limits

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Where we are -----------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
# The demonstration on one's own machine: no TLS in front, no second factor.
DEMO = env.bool("DEMO", default=False)
LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "testserver"}

if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set. Give every installation a long random one of its own.")
if DEBUG and not set(ALLOWED_HOSTS) <= LOOPBACK:
    raise ImproperlyConfigured("DEBUG is on while ALLOWED_HOSTS names a public host. Turn DEBUG off.")
if DEMO and not set(ALLOWED_HOSTS) <= LOOPBACK:
    raise ImproperlyConfigured(
        "DEMO is on while ALLOWED_HOSTS names a public host. DEMO is for one's own machine."
    )

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
SITE_NAME = "Referral Desk"

# --- The house --------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config",
    "reports",
    "referrals",
    "intake",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "oauth2_provider",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    # For its htmx; the requests are answered as all others.
    "django_htmx",
]
MIDDLEWARE = [
    "config.trace.TraceMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.MaintenanceMiddleware",
    "config.middleware.ProblemMiddleware",
    "config.strict.StrictMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.SessionMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.SecondFactorMiddleware",
    "config.limiting.LimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            # Every template says something: the marks for translation need no loading.
            "builtins": ["django.templatetags.i18n"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- The database -----------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'referraldesk.sqlite3'}")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
database = DATABASES["default"]
if database["ENGINE"] == "django.db.backends.sqlite3":
    # Without these three, concurrent submissions are lost to "database is locked" and a power cut loses a 201.
    database.setdefault("OPTIONS", {})
    database["OPTIONS"].setdefault("transaction_mode", "IMMEDIATE")
    database["OPTIONS"].setdefault(
        "init_command",
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA cache_size=-16000",
    )
    database["OPTIONS"].setdefault("timeout", 20)
    # Kept open: closing the last connection empties the journal, which costs more than the request.
    database["CONN_MAX_AGE"] = None
    # A file, as in life: threads and processes of a test share it.
    database["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    pragmas = str(database["OPTIONS"]["init_command"]).replace(" ", "").lower()
    if (
        database["OPTIONS"]["transaction_mode"] != "IMMEDIATE"
        or "journal_mode=wal" not in pragmas
        or "synchronous=full" not in pragmas
    ):
        raise ImproperlyConfigured(
            "SQLite must run with transaction_mode=IMMEDIATE, journal_mode=WAL and synchronous=FULL."
        )
else:
    database["CONN_MAX_AGE"] = 0
    database["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=10), "timeout": 8},
        # Without moving parts a page out of order costs hardly more than the next one: lists keep to their indexes.
        # jit=off: a scope is estimated as all that somebody sees, and compiling for that takes longer than the page.
        "options": "-c lock_timeout=10000 -c random_page_cost=1.1 -c jit=off",
        **database.get("OPTIONS", {}),
    }

# --- People and machines ----------------------------------------------------------------------------------

AUTH_USER_MODEL = "intake.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "reports.pages.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# Whoever did not do it themselves is to notice.
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Wrong passwords are counted by axes, in the database, by name and address: a whole council may share one address.
ACCOUNT_RATE_LIMITS = {"login": "300/m/ip", "login_failed": ""}
ACCOUNT_FORMS = {
    name: f"intake.pages.account_forms.{form}"
    for name, form in {
        "login": "SignIn",
        "reset_password": "AskForALink",
        "reset_password_from_key": "ChoosePassword",
        "change_password": "ChangePassword",
        "reauthenticate": "PasswordOnceMore",
    }.items()
}
MFA_FORMS = {
    name: f"intake.pages.account_forms.{form}"
    for name, form in {
        "authenticate": "Code",
        "reauthenticate": "CodeOnceMore",
        "activate_totp": "FirstCode",
    }.items()
}
# Nobody signs up by themselves, so no address is confirmed: one is noted, unconfirmed, when a password is changed.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = SITE_NAME
# A code typed when its half minute is just over still counts (RFC 6238, 5.2: one step).
MFA_TOTP_TOLERANCE = 1
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", default=not (DEBUG or DEMO))

AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "intake.pages.accounts.sign_in_name"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = False
AXES_LOCKOUT_TEMPLATE = "account/lockout.html"
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["login", "password"]
# How many proxies of ours stand in front: of X-Forwarded-For, only what they added is believed.
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
AXES_CLIENT_IP_CALLABLE = "intake.pages.accounts.address_of"

OAUTH2_PROVIDER_APPLICATION_MODEL = "intake.ApiClient"
OAUTH2_PROVIDER = {
    "SCOPES": {
        "enquiries:read": "Read the enquiries of your authority",
        "enquiries:write": "Send, amend, answer and withdraw enquiries",
        "referrals:read": "Read the referrals made from them",
        "documents:read": "Fetch acknowledgements",
        "webhooks:write": "Register where we tell you of changes",
    },
    "SCOPES_BACKEND_CLASS": "intake.api.authentication.ClientScopes",
    "OAUTH2_VALIDATOR_CLASS": "intake.api.authentication.ClientValidator",
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    **{
        f"COMPLIANT_BCP_RFC9700_{name}": True
        for name in (
            "TOKEN_STORAGE",
            "IMPLICIT_GRANT",
            "PASSWORD_GRANT",
            "PKCE_METHOD",
            "ACCESS_TOKEN_TRANSPORT",
            "AUTHZ_RESPONSE_ISS",
            "REFRESH_TOKEN",
            "REDIRECT_URI_SCHEME",
        )
    },
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "ALLOWED_GRANT_TYPES": ["client_credentials"],
}

# --- Sessions, cookies, headers ---------------------------------------------------------------------------

BEHIND_TLS = not (DEBUG or DEMO)
# Put there by whoever works on the installation; what is in it is read to everybody who comes.
MAINTENANCE_FILE = VAR_DIR / "maintenance"
CSRF_FAILURE_VIEW = "intake.pages.kept.csrf_failure"
SESSION_COOKIE_AGE = 12 * 60 * 60
# Without a page opened or sent for so long, one has to sign in again.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", default=30)
if not 5 <= SESSION_IDLE_MINUTES <= 12 * 60:
    raise ImproperlyConfigured("SESSION_IDLE_MINUTES has to be from 5 to 720.")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=BEHIND_TLS)
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 63_072_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("TRUST_PROXY", default=False) else None
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = [
    "config.uploading.NoMoreThanTaken",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- The API ----------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "intake.api.authentication.TokenAuthentication",
        "intake.api.authentication.PageSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["intake.api.authentication.MayUse"],
    "DEFAULT_PARSER_CLASSES": ["intake.api.strict_json.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "intake.api.problems.AlwaysJSON",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "intake.api.problems.answer",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Referral Desk API",
    "VERSION": "1",
    "DESCRIPTION": "Enquiries for children's social-work assessments: send, follow, answer.",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "intake.api.schema.describe_problems",
    ],
    "COMPONENT_SPLIT_REQUEST": True,
    # Lists that several things have under one word, each by a name of its own.
    "ENUM_NAME_OVERRIDES": {
        "AudienceEnum": ["hub", "authority"],
        "AuditGradeEnum": "referrals.models.Audit.Grade",
        "DocumentAudienceEnum": "reports.models.Document.Audience",
        "DocumentKindEnum": "reports.models.Document.Kind",
        "ExportKindEnum": "reports.models.Export.Kind",
        "ExportFormEnum": "reports.models.Export.Form",
        "ExportStateEnum": "reports.models.Export.State",
        "PrintFormEnum": "reports.models.PrintRun.Form",
        "PrintStateEnum": "reports.models.PrintRun.State",
        "PrintOutcomeEnum": "reports.models.PrintRow.Outcome",
        "ClockStateEnum": ["running", "paused", "stopped"],
        "EnquiryKindEnum": ["general", "preliminary", "referral", "instruction"],
        "PriorityBandEnum": [("standard", "Standard"), ("high", "High"), ("urgent", "Urgent")],
        "VerifiedEnum": "intake.models.reference.Dated.Verified",
    },
}

# --- How often somebody may call --------------------------------------------------------------------------

try:
    LIMITS = read_limits(env.str("LIMITS", default=""))
except ValueError as fault:
    raise ImproperlyConfigured(str(fault)) from None
# Beside an SQLite database, the counters lie in a file of their own.
LIMITS_FILE = VAR_DIR / "limits.sqlite3"

# --- Many at once -----------------------------------------------------------------------------------------

# Rows of one bulk act or one plan; more is refused, never cut off.
BULK_MOST = env.int("BULK_MOST", default=1000)

# --- Exports ----------------------------------------------------------------------------------------------

# From which the pseudonyms of statistical extracts follow, each extract's its own; kept by the data-protection officer.
PSEUDONYM_KEY = env.str("PSEUDONYM_KEY", default="") or f"pseudonyms:{SECRET_KEY}"
# So many rows are made while somebody waits for the page; the worker makes the others.
EXPORT_AT_ONCE = env.int("EXPORT_AT_ONCE", default=1000)

# --- Claims -----------------------------------------------------------------------------------------------

# Office hours without a touch of its owner after which a claimed enquiry goes back, and is said to go soon.
CLAIM_HOURS = env.float("CLAIM_HOURS", default=8.0)
CLAIM_WARNING_HOURS = env.float("CLAIM_WARNING_HOURS", default=6.0)
if not 0 < CLAIM_WARNING_HOURS < CLAIM_HOURS:
    raise ImproperlyConfigured("CLAIM_WARNING_HOURS has to be above nought and below CLAIM_HOURS.")

# --- Webhooks ---------------------------------------------------------------------------------------------

# Fernet keys that their secrets are kept under, newest first; without any, one that follows from SECRET_KEY.
WEBHOOKS_KEYS = env.list("WEBHOOKS_KEYS", default=[])
# The whole of a call: finding the address, connecting, TLS, the answer's head.
WEBHOOKS_SECONDS = env.float("WEBHOOKS_SECONDS", default=10.0)
WEBHOOKS_AT_ONCE = env.int("WEBHOOKS_AT_ONCE", default=8)
# To this machine itself, for trying it out; a public installation must not call what runs beside it.
WEBHOOKS_ALLOW_LOOPBACK = env.bool("WEBHOOKS_ALLOW_LOOPBACK", default=DEMO)
if WEBHOOKS_ALLOW_LOOPBACK and not set(ALLOWED_HOSTS) <= LOOPBACK:
    raise ImproperlyConfigured(
        "WEBHOOKS_ALLOW_LOOPBACK is on while ALLOWED_HOSTS names a public host. Turn it off."
    )

# --- Files, static files, mail ----------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "templates" / "static"]
# Attachments lie on the disk, or in a bucket when one is named; credentials come to boto3 in its own ways.
MEDIA_ROOT = VAR_DIR / "attachments"
ATTACHMENTS_S3 = env.str("ATTACHMENTS_S3", default="")
ATTACHMENTS: dict[str, Any] = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
if ATTACHMENTS_S3:
    ATTACHMENTS = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": ATTACHMENTS_S3,
            "endpoint_url": env.str("ATTACHMENTS_S3_ENDPOINT", default="") or None,
            "region_name": env.str("ATTACHMENTS_S3_REGION", default="") or None,
            # Private, and never by an address of their own: the bytes pass through our rights.
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": False,
            # A download goes over the disk beyond this many bytes, never through memory whole.
            "max_memory_size": 2_621_440,
        },
    }
# The scanner: unix:///run/clamav/clamd.ctl or tcp://host:3310. Without one every file waits.
CLAMD = env.str("CLAMD", default="")
CLAMD_TIMEOUT = env.float("CLAMD_TIMEOUT", default=60.0)
STORAGES = {
    "default": ATTACHMENTS,
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        # Compressing takes half a minute, which pays on a network and not on one's own machine.
        else "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if email_url := env.str("EMAIL_URL", default=""):
    vars().update(env.email_url_config(email_url))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Referral Desk <desk@referral-desk.example>")
# The provider's own words on letters and documents.
PROVIDER_NAME = env.str("PROVIDER_NAME", default="Referral Desk Assessments")
PROVIDER_PHONE = env.str("PROVIDER_PHONE", default="020 7946 0000")
PROVIDER_OUT_OF_HOURS = env.str("PROVIDER_OUT_OF_HOURS", default="020 7946 0009")
PROVIDER_EMAIL = env.str("PROVIDER_EMAIL", default="desk@referral-desk.example")
# Where “Exit this page” leads: somewhere that says nothing of what was read before.
EXIT_PAGE = env.str("EXIT_PAGE", default="https://www.bbc.co.uk/weather")
MARKING = env.str("MARKING", default="OFFICIAL-SENSITIVE")

# --- Documents --------------------------------------------------------------------------------------------

# Presses that lay documents out, for each process that asks for some; started with the first document.
PDF_PROCESSES = env.int("PDF_PROCESSES", default=1)
# What one document may take: seconds of the processor, MiB of memory beyond a warm press.
PDF_SECONDS = env.float("PDF_SECONDS", default=15.0)
PDF_MEMORY = env.int("PDF_MEMORY", default=220)
# After so many a press is replaced by a fresh one.
PDF_DOCUMENTS = env.int("PDF_DOCUMENTS", default=500)
if min(PDF_PROCESSES, PDF_SECONDS, PDF_MEMORY, PDF_DOCUMENTS) < 1:
    raise ImproperlyConfigured(
        "PDF_PROCESSES, PDF_SECONDS, PDF_MEMORY and PDF_DOCUMENTS have to be 1 or more."
    )

# --- Language, time, log ----------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [BASE_DIR / "templates" / "locale"]
# Until a speaker has read the wording through, every paper and letter in Welsh says so.
WELSH_REVIEWED = env.bool("WELSH_REVIEWED", default=False)
TIME_ZONE = "Europe/London"
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"trace": {"()": "config.trace.TraceFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s trace=%(trace_id)s %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["trace"], "formatter": "line"},
        # Of a logger without any handler, Python writes the warnings to stderr all the same.
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        # Django logs the path and, for a refused host or a bad request, parts of what was sent.
        "django.request": {"handlers": ["nowhere"], "propagate": False},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
        "axes": {"level": "ERROR"},
        "oauth2_provider": {"level": "ERROR"},
        "oauthlib": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "WARNING"},
        "pikepdf": {"level": "ERROR"},
        "botocore": {"level": "ERROR"},
    },
}
