"""Django settings: one file, no branches by environment; `env.py` alone knows where values come from."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from . import env as environment
from .logs import LOGGING as LOGGING
from .wiring import CASE_FOOT_PANELS as CASE_FOOT_PANELS
from .wiring import CASE_PANELS as CASE_PANELS
from .wiring import CASE_SIDE_PANELS as CASE_SIDE_PANELS
from .wiring import DESK_ADDRESSES as DESK_ADDRESSES
from .wiring import DESK_LOGOUT as DESK_LOGOUT
from .wiring import DESK_LOOKS as DESK_LOOKS
from .wiring import DESK_NAV as DESK_NAV
from .wiring import DESK_USER_LINKS as DESK_USER_LINKS
from .wiring import MESSAGE_AS_PDF as MESSAGE_AS_PDF
from .wiring import OPEN_TASKS as OPEN_TASKS
from .wiring import OUTBOX_HANDLERS as OUTBOX_HANDLERS
from .wiring import PORTAL_PANELS as PORTAL_PANELS
from .wiring import RECENT_FACTOR as RECENT_FACTOR
from .wiring import SYSTEM_NAMES as SYSTEM_NAMES
from .wiring import SYSTEMS_HANDED_OVER as SYSTEMS_HANDED_OVER
from .wiring import SYSTEMS_OWNED as SYSTEMS_OWNED
from .wiring import SYSTEMS_TOLD as SYSTEMS_TOLD
from .wiring import TO_APPROVE as TO_APPROVE
from .wiring import WRITE_BRAKE as WRITE_BRAKE

ENV = environment.read()
BASE_DIR = environment.ROOT

SECRET_KEY = ENV.secret_key
DEBUG = False
ALLOWED_HOSTS = [ENV.host, "localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [ENV.url]
SITE_URL = ENV.url

INSTALLED_APPS = [
    "identity",
    "requests_app",
    "exports",
    "config",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp_webauthn",
    "csp",
    "rest_framework",
    "drf_spectacular",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "requests_app.middleware.NoStoreMiddleware",
    "requests_app.middleware.HeadMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "identity.middleware.LanguageMiddleware",
    "requests_app.middleware.NoNulMiddleware",
    "requests_app.middleware.LocalTimeMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "identity.session_middleware.StaffSessionMiddleware",
    "identity.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "identity.middleware.RecentFactorMiddleware",
    "requests_app.desk.gate.CaseGate",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
                "requests_app.context.site",
                "requests_app.context.desk",
            ],
        },
    }
]


def _databases() -> dict[str, dict[str, Any]]:
    if ENV.embedded:
        return {
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": ENV.var / "datarett.sqlite3",
                "OPTIONS": {
                    # IMMEDIATE takes the write lock at BEGIN, so that writers queue instead of failing half-way;
                    # recursive_triggers keeps INSERT OR REPLACE from going round the append-only triggers;
                    # secure_delete overwrites what is deleted, which would stay readable in the file otherwise.
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 20,
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    " PRAGMA recursive_triggers=ON; PRAGMA secure_delete=ON;",
                },
            }
        }
    url = urlsplit(ENV.database_url)
    if url.scheme not in ("postgres", "postgresql"):
        raise environment.BadEnvironment("DATARETT_DATABASE_URL must begin with postgresql://")
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(url.path.lstrip("/")),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": url.hostname or "",
            "PORT": url.port or "",
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(parse_qsl(url.query)),
        }
    }


DATABASES = _databases()
AUTH_USER_MODEL = "identity.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "identity.password_validation.GuessablePasswordValidator"},
    {"NAME": "identity.password_validation.LeakedPasswordValidator"},
]  # fmt: skip
LEAKED_PASSWORDS = ENV.leaked_passwords
LOGIN_URL = "/desk/login/"
# Passkeys belong to the host of DATARETT_URL; browsers make none for an address in numbers, such as 127.0.0.1.
OTP_WEBAUTHN_RP_ID = ENV.host
OTP_WEBAUTHN_RP_NAME = "Datarett"
OTP_WEBAUTHN_ALLOWED_ORIGINS = [ENV.url]
OTP_WEBAUTHN_ALLOW_PASSWORDLESS_LOGIN = False
SILENCED_SYSTEM_CHECKS = ["otp_webauthn.E031"]  # a plain http address is no error: its pages offer no passkeys
# How long a session that showed the second factor may do what RECENT_FACTOR lists (`config/wiring.py`).
RECENT_FACTOR_AGE = timedelta(minutes=15)
LOGIN_REDIRECT_URL = "/desk/"

LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", _("Norwegian Bokmål")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Oslo"  # until the organisation says its own (`requests_app.local_time`)
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = ENV.var / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Only our own: no page uses the 4 MB that the REST framework brings along.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Of people who follow their case. Those of the staff are ended by their rows (identity/domain/session_life.py).
SESSION_COOKIE_AGE = int(timedelta(hours=10).total_seconds())
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.secure
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
SECURE_SSL_REDIRECT = ENV.secure
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.secure else None
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if ENV.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = ENV.secure
# "no-referrer" would make browsers send "Origin: null" with our own forms, which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Larger than any text we accept, so that an over-long one comes back with its length instead of being lost.
DATA_UPLOAD_MAX_MEMORY_SIZE = 12_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
# A file beside a task is encrypted from memory; Django would write a large one into /tmp in clear.
FILE_UPLOAD_MAX_MEMORY_SIZE = 11_000_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["identity.api.authentication.ApiTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["requests_app.api.permissions.HasScope"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["requests_app.api.parsers.ShallowJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "requests_app.api.pagination.CasePagination",
    "PAGE_SIZE": 50,
    "DEFAULT_THROTTLE_CLASSES": ["requests_app.api.throttling.WriteThrottle"],
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Datarett",
    "VERSION": "1",
    "DESCRIPTION": "Hand in inquiries and read the state of cases. No personal data is returned.",
    "SERVE_INCLUDE_SCHEMA": False,
}

# Celery carries hints only; what is owed stands in the outbox (docs/adr).
CELERY_BROKER_URL = ENV.broker_url or "hints://localhost"  # see hints.py
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
# In memory: a file of it can be torn by a kill, missed on a full disk, and shared by two timetables.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {"socket_timeout": 5, "socket_connect_timeout": 3, "visibility_timeout": 300}
    if ENV.broker_url
    else {
        "data_folder_in": str(ENV.var / "hints"),
        "data_folder_out": str(ENV.var / "hints"),
        "control_folder": str(ENV.var / "hints-control"),
        "store_processed": False,
    }
)

KEYS_TEXT = ENV.keys
OUTBOX_LEASE = timedelta(seconds=90)
ORGANISATION_SECOND_LOOK = timedelta(minutes=10)  # longer than any transaction that read the settings before
OUTBOX_BATCH = 50
SWEEP_SECONDS = 5.0
HEARTBEAT_STALE = timedelta(seconds=60)

MAILBOX_URLS = ENV.mailbox_urls
MAIL_SIZE_LIMIT = 25 * 1024 * 1024
NAMESERVERS: tuple[str, ...] = ()  # those of the machine; tests ask one of their own (127.0.0.1:5353)
SMTP_URL = ENV.smtp_url
OAUTH_TENANT = ENV.oauth_tenant
OAUTH_CLIENT_ID = ENV.oauth_client_id
OAUTH_CLIENT_SECRET = ENV.oauth_client_secret
OAUTH_SECRET_ENDS = ENV.oauth_secret_ends
MICROSOFT_LOGIN = "https://login.microsoftonline.com"
ENVELOPE_SENDER = ENV.envelope_sender
REPLY_ADDRESS = ENV.reply_address
CONFIRM_UNADDRESSED = ENV.confirm_unaddressed
ALARM_WEBHOOK = ENV.alarm_webhook
ALARM_WEBHOOK_SECRET = ENV.alarm_webhook_secret
EID_ISSUER = ENV.eid_issuer
EID_CLIENT_ID = ENV.eid_client_id
EID_CLIENT_SECRET = ENV.eid_client_secret
EID_ACR = ENV.eid_acr
SSO_ISSUER = ENV.sso_issuer
SSO_CLIENT_ID = ENV.sso_client_id
SSO_CLIENT_SECRET = ENV.sso_client_secret
SSO_SECOND_FACTOR = ENV.sso_second_factor
OIDC_SECONDS = 10.0  # how long a person waits for one answer of a provider

# The gateway that sends codes by SMS; none: nobody is sent any.
SMS_URL = ENV.sms_url
SMS_TOKEN = ENV.sms_token
SENT_FOLDER = ENV.var / "sent"
# Sent mail holds links and codes: shown only where nobody but this machine can look.
SHOW_SENT = ENV.embedded and not ENV.smtp_url and ENV.host in ("localhost", "127.0.0.1")
FILES_URL = ENV.files_url
EMBEDDED = ENV.embedded
VAR = ENV.var
ERASURE_UNDO = timedelta(hours=24)
ERASURE_UNDO_IN_TRIAL = timedelta(minutes=1)
LINK_LIFETIME = timedelta(days=180)
UNDO_LIFETIME = timedelta(days=30)
DIGEST_AT = ENV.digest_at
SUMMER_WEEKS = ENV.summer_weeks
SYSTEMS_FILE = ENV.var / "systems.yaml"
