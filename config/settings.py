"""Settings of Hi First.

Everything that differs between two installations comes from the environment; a missing value
stops the start with its name. `BASE_URL` decides between loopback over http and the open
internet over https: cookies, redirects and HSTS follow from it.
"""

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from environs import Env

from config.logs import logged

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What the environment says -------------------------------------------------------------

SECRET_KEY = env.str("SECRET_KEY")
VAULT_KEYS: list[str] = env.list("VAULT_KEYS")
"""Master keys of the vault, base64 of 32 bytes each, newest first."""

BASE_URL = env.str("BASE_URL").rstrip("/")
DEMO = env.bool("DEMO", False)
"""A demo on one's own machine: logins are printed and a therapist needs no second factor."""

DEBUG = False

_base = urlsplit(BASE_URL)
HTTPS = _base.scheme == "https"
if DEMO and HTTPS:
    raise ImproperlyConfigured("DEMO is for one's own machine: its logins are public.")
_host = _base.hostname or "localhost"
_loopback = ["localhost", "127.0.0.1", "::1", "[::1]"]
ALLOWED_HOSTS = [*(_loopback if _host in _loopback else [_host]), *env.list("ALLOWED_HOSTS", [])]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

DATABASES = {
    "default": {
        **env.dj_db_url("DATABASE_URL"),
        # Kept connections: opening one costs more than most of our pages.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }
}
# How much happens at once, each of it on a connection that is kept: config/checks.py adds it up.
PAGES_AT_ONCE = env.int("PAGES_AT_ONCE", 8)
"""Pages that one process answers at once; whoever comes when all are busy waits."""
WEB_WORKERS = env.int("WEB_WORKERS", 1)
"""Processes for pages."""
WORKER_PROCESSES = env.int("WORKER_PROCESSES", 2)
"""Processes of the Celery worker."""
REDIS_URL = env.str("REDIS_URL")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
"""Proxies of our own that stand in front. Without any, X-Forwarded-For is what anybody wrote."""

# --- Rooms ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",  # its one site: couples/operator/site.py
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "couples",
    "rituals",
    "repairs",
    "therapists",
    "config",
]

MIDDLEWARE = [
    "couples.middleware.NumberedRequests",
    "couples.middleware.OurOriginAlone",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Below static files: a policy means something on a page, and nothing on a style sheet.
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "couples.middleware.PrivatePages",
    "couples.middleware.SoundRequests",
    # Above sessions and tokens: what a second tap is answered brings the first one's cookies.
    "couples.repeats.OneAnswer",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "couples.accounts.sessions.RenewedSessions",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "couples.leaving.LeftQuickly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "couples.access.DeclaredAccess",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "couples.context.frame",
            ],
        },
    }
]
FORM_RENDERER = "couples.form_rendering.Renderer"

# --- What a lower room reaches in a higher one ---------------------------------------------
# Dotted paths, one list per kind, so that imports run one way only (docs/architecture.md).

COUPLE_STARTS = ["rituals.days.models.ritual.begin_with_two"]
BOTH_HERE = [
    "rituals.days.models.reminder_time.begin_with_greeting",
    "rituals.models.weekly.begin",
]
# What somebody who waited alone takes along into the couple they join: `(old, new) -> None`.
COMES_ALONG = ["rituals.topics.models.topic.come_along", "repairs.models.repair.come_along"]
CLOCK_CHANGES = [
    "rituals.days.models.reminder_time.replan",
    "rituals.asks.models.reminder.replan",
    "rituals.models.weekly.replan",
    "repairs.models.promises.replan",
    "couples.principles.models.lapse_promise.replan",
]
# Draws the part of Today that a tap has changed: `(request) -> HttpResponse`.
BOARD = ["pages.today.board"]
OTHER_HOMES = ["therapists.access.home"]
# What is open about one third and both may see: `(partner, third) -> list[Card]`.
THIRD_LINKS = ["rituals.asks.cards.about_third", "rituals.topics.cards.about_third"]
# What the two could talk about in their time together, in this order; and who lends its words.
AGENDA = [
    "rituals.meetings.agenda.Appreciations",
    "rituals.meetings.agenda.Topics",
    "rituals.meetings.agenda.Asks",
    "couples.agenda_items.Lapsing",
    "couples.agenda_items.Crowding",
    "rituals.meetings.agenda.NextWeek",
]
WORDS_FROM = ["rituals.meetings.decided.Lender"]
# Run with every tick: what is kept for a while alone is deleted once that is over.
SWEEPS = [
    "rituals.days.models.approach.sweep",
    "rituals.meetings.models.meeting.sweep",
    "couples.thirds.weeks.sweep",
    "couples.brakes.sweep",
    "couples.delivery.retention.sweep",
    "couples.repeats.sweep",
    "repairs.models.fading.sweep",
    "couples.accounts.models.sweep",
    "couples.accounts.unproved.sweep",
]
# Who beside oneself may read one's results: `(partner) -> Confidant | None`.
CONFIDANTS = ["therapists.sharing.confidant"]
# Which times of their own somebody has set: `(partner) -> list[Time]`.
REMINDER_TIMES = ["rituals.days.reminders.times"]
REMINDER_SOURCES = [
    "rituals.days.reminders.RitualReminders",
    "rituals.days.approach_reminders.ApproachReminders",
    "rituals.asks.reminders.AskReminders",
    "repairs.reminders.Invited",
    "repairs.reminders.Begins",
    "repairs.reminders.Return",
    "repairs.reminders.OnTheWay",
    "repairs.reminders.Holds",
    "repairs.reminders.OpenLong",
    "couples.principles.reminders.LapseReminders",
    "rituals.weekly_reminders.OurTimeReminders",
    "rituals.weekly_reminders.PulseReminders",
]

# --- Who somebody is -----------------------------------------------------------------------

AUTH_USER_MODEL = "couples.Person"
AUTHENTICATION_BACKENDS = ["couples.arrival.Arrival"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_LOGOUT_REDIRECT_URL = "welcome"

_validation = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_validation}.CommonPasswordValidator"},
    {"NAME": f"{_validation}.NumericPasswordValidator"},
]

ACCOUNT_ADAPTER = "couples.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "couples.accounts.forms.LoginForm",
    "signup": "couples.accounts.forms.SignupForm",
    "add_email": "couples.accounts.forms.AddEmailForm",
    "reset_password": "couples.accounts.forms.ResetPasswordForm",
    "request_login_code": "couples.accounts.forms.RequestLoginCodeForm",
    "change_email": "couples.accounts.forms.ChangeEmailForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
# An empty password means: send me a code each time.
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 600  # seconds: a code lives ten minutes
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds for which one answer is enough
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _base.scheme

MFA_ADAPTER = "couples.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Hi First"
MFA_TOTP_TOLERANCE = 1  # step of 30 seconds: RFC 6238, section 5.2
MFA_FORMS = {
    "authenticate": "couples.accounts.second_factor_forms.SecondFactorForm",
    "reauthenticate": "couples.accounts.second_factor_forms.SecondFactorAgainForm",
}

# --- Sessions, cookies, browser walls ------------------------------------------------------

# Sessions, rate limits and cache live in PostgreSQL: pages and taps never wait for Redis.
SESSION_ENGINE = "couples.accounts.sessions"
SESSION_COOKIE_AGE = int(timedelta(days=60).total_seconds())  # from the last use
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # Beyond it Django deletes what is still in force: limits, codes used. 300 unless said.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
# A third cookie would need a name and walls of its own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "couples.views.refused.csrf_failure"
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    LEFT_COOKIE_NAME = "__Host-left"
else:
    # Cookies know no ports: two copies on one machine must not sign each other out.
    SESSION_COOKIE_NAME = f"session_{_base.port or 80}"
    CSRF_COOKIE_NAME = f"csrf_{_base.port or 80}"
    LEFT_COOKIE_NAME = f"left_{_base.port or 80}"

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
# Health checks come from inside the machine, over plain http.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LEAVE_TO = "https://www.wikipedia.org/"
"""Where *Leave quickly* goes: neutral, plausible, and the only other host we ever link."""

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    # Browsers hold the redirect after a form to this list too, so leaving quickly is named here.
    "form-action": [CSP.SELF, LEAVE_TO],
    "frame-ancestors": [CSP.NONE],
}
PERMISSIONS_POLICY = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)

# Ten thousand characters of words and their form fit many times; a 10 MB post does not.
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# --- Language and time ---------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Files ---------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path("STATIC_DIR", BASE_DIR / ".data" / "static")
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "config.static_files.LeanStaticFiles"},
}

# --- Mail ----------------------------------------------------------------------------------

SMTP_URL = env.str("SMTP_URL", "smtp://127.0.0.1:25")
"""`smtp:`, `smtp+tls:` or `smtps:`; couples/checks.py says in words what is wrong with it."""
_smtp = urlsplit(SMTP_URL)
try:
    _smtp_port = _smtp.port
except ValueError as error:
    raise ImproperlyConfigured("SMTP_URL: what stands after the host is no port.") from error
MAILERS = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": _smtp.hostname,
            "port": _smtp_port or (465 if _smtp.scheme == "smtps" else 25),
            "username": unquote(_smtp.username or ""),
            "password": unquote(_smtp.password or ""),
            "use_ssl": _smtp.scheme == "smtps",
            "use_tls": _smtp.scheme == "smtp+tls",
            "timeout": 10,  # seconds
        },
    }
}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("MAIL_FROM", "Hi First <hello@localhost>")

# --- Celery --------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 120  # seconds; a lease outlives it (couples/delivery/claim.py)
CELERY_WORKER_CONCURRENCY = WORKER_PROCESSES
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A tick goes on when Redis is lost: PostgreSQL says what is due, and a mail cut off is in doubt.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 10, "socket_connect_timeout": 5}
CELERY_TIMEZONE = "UTC"

# --- Delivery ------------------------------------------------------------------------------

DELIVERY_LEASE = env.int("DELIVERY_LEASE", 150)
"""Seconds for which a claimed reminder is left to its worker: longer than a task can live."""

WORKER_SILENT_AFTER = env.float("WORKER_SILENT_AFTER", CELERY_TASK_TIME_LIMIT + 30.0)
"""Seconds without a sign of the worker after which `/readyz` and the log say so."""

VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", "")
VAPID_PUBLIC_KEY = env.str("VAPID_PUBLIC_KEY", "")
"""What push services know us by (`manage.py vapid_keys`); without them web push is off."""

PUSH_SERVICES: tuple[str, ...] = (
    "https://fcm.googleapis.com",  # Chrome and its kin
    "https://updates.push.services.mozilla.com",  # Firefox
    "https://*.push.apple.com",  # Safari
    "https://*.notify.windows.com",  # Edge on Windows
)
"""The only hosts a push may be sent to (couples/delivery/models/push.py); none by bare address."""

PUSH_TIMEOUT = 10  # seconds to connect, and seconds to answer

LIVE_HEARTBEAT = env.float("LIVE_HEARTBEAT", 15.0)
"""Seconds between two heartbeats of an open stream; at each its right to be open is checked."""

# --- Logs: ids, never content --------------------------------------------------------------

DEFAULT_EXCEPTION_REPORTER_FILTER = "config.logs.NoSecrets"
LOGGING = logged(level=env.str("LOG_LEVEL", "INFO"), form=env.str("LOG_FORMAT", "plain"))
