"""Settings, in the order of Django's reference.

Everything that differs between installations is an environment variable; README.md lists them.
"""

from datetime import timedelta
from pathlib import Path

from django.utils.csp import CSP

from manager import env

ROOT = Path(__file__).resolve().parent.parent

# -- What an installation decides ---------------------------------------------------------------------------------

DEBUG = env.flag("DEBUG", False)
# Only a developer's machine may run with a key everybody knows.
SECRET_KEY = env.text("SECRET_KEY", "development-key-not-for-production-" + "x" * 32 if DEBUG else None)
BASE_URL = env.text("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_NAME = env.text("SITE_NAME", "Kestrel Hosting")
SECURE = BASE_URL.startswith("https://")
STATE_DIR = Path(env.text("STATE_DIR", str(ROOT / ".local"))).resolve()
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")

# -- Cache, database ----------------------------------------------------------------------------------------------

REDIS_URL = env.redis("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "portal",
        # Nobody waits for a Redis that hangs; redis-py does not try again unless it is told to.
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}
DATABASES = {
    "default": env.database("DATABASE_URL", "postgres://portal@127.0.0.1:5432/portal")
    | {"CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Mail ---------------------------------------------------------------------------------------------------------

# Whom people write to who cannot sign in.
SUPPORT_EMAIL = env.text("SUPPORT_EMAIL", "support@kestrel.example")
DEFAULT_FROM_EMAIL = env.text("FROM_EMAIL", "Kestrel Hosting <portal@kestrel.example>")
MAILERS = {"default": env.mailer("MAIL_URL", f"file://{STATE_DIR}/mail")}

# -- Applications -------------------------------------------------------------------------------------------------

# A product kind is a folder; adding one means adding its name here.
PRODUCT_KINDS = ["products.domains", "products.hosting", "products.email"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "manager.web",
    "accounts",
    "organizations",
    "products",
    *PRODUCT_KINDS,
    "billing",
    "manager.shell",
    "manager.help",
    "manager.dev",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "guardian",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "manager.web.middleware.CleanInput",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "manager.web.middleware.PrivateResponses",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "manager.web.middleware.SignInFirst",
    "organizations.tenancy.Middleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.sessions.Middleware",
    "accounts.language.Middleware",
    "organizations.gate.Middleware",
    "manager.web.middleware.RedisNeeded",
    "manager.web.middleware.NotAllowed",
]
ROOT_URLCONF = "manager.urls"
WSGI_APPLICATION = "manager.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "manager.shell.context.shell",
            ],
        },
    },
]

# -- Languages and time -------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
# Each in its own words: who looks for theirs may read no other.
LANGUAGES = [("en", "English"), ("fr", "Français"), ("de", "Deutsch"), ("it", "Italiano"), ("es", "Español")]
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = SECURE
# The texts by language. `manage.py build_messages` makes of them what a running portal reads.
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "Europe/Zurich")
USE_TZ = True

# Whether a worker in the browser answers when there is no network; switched off, it removes itself.
OFFLINE_PAGE = env.flag("OFFLINE_PAGE", True)

# -- Files --------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(STATE_DIR / "collected")))
# `manage.py build_assets` writes the style sheet and the icon sprite to the second folder.
STATICFILES_DIRS = [ROOT / "static", STATE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# -- People and sessions ------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.Backend",
    "products.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("Argon2", "PBKDF2")]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "landing"
# In the database: people stay signed in, and pages work, when Redis is down.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# The token lives in the session, so that nothing on the page has to read a cookie.
CSRF_USE_SESSIONS = True

ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_FORMS = {
    "signup": "accounts.forms.SignupForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password_from_key": "accounts.forms.NewPasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# For how long five wrong passwords close a login.
LOCKED_MINUTES = 5
# The adapter spaces the mails with codes, with the same answer for an address that is taken and one that is not.
ACCOUNT_RATE_LIMITS = {"confirm_email": None, "login_failed": f"10/m/ip,5/{LOCKED_MINUTES}m/key"}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "landing"
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXY_COUNT", 0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "accounts.passkeys.Adapter"
MFA_FORMS = {"add_webauthn": "accounts.passkeys.AddForm", "edit_webauthn": "accounts.passkeys.EditForm"}
MFA_TOTP_ISSUER = SITE_NAME
MFA_RECOVERY_CODES_SHOW_ONCE = True
USERSESSIONS_ADAPTER = "accounts.sessions.Adapter"

ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

# -- Browser security ---------------------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REDIRECT_EXEMPT = [r"^live/$"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = ["manager.web.uploads.Bounded"]

# -- Celery -------------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A worker waits for its broker for ever.
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # A request that only wants to wake a worker must not wait for a broker that is down: the sweep will.
    "socket_connect_timeout": 2,
    "socket_timeout": 30,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
# What a lost message delays at most. What runs when: manager/schedule.py.
SWEEP_SECONDS = env.number("SWEEP_SECONDS", 20)

# -- Provisioning -------------------------------------------------------------------------------------------------

JOB_LEASE_SECONDS = env.number("JOB_LEASE_SECONDS", 120)
# Who is told when a job ends, by name, because products may not know billing.
JOB_ENDED_TASK = "billing.tasks.settle_delivery"
# How long a simulated step takes, so that one can watch it.
SANDBOX_STEP_SECONDS = env.number("SANDBOX_STEP_MS", 700) / 1000
POWERDNS_URL = env.text("POWERDNS_URL", "")
POWERDNS_KEY = env.text("POWERDNS_KEY", "")
NAME_SERVERS = env.words("NAME_SERVERS", "ns1.kestrel.example,ns2.kestrel.example")
HOSTMASTER = env.text("HOSTMASTER", "hostmaster.kestrel.example")
# The driver of a kind, where the installation wants another one than the kind's own choice.
PRODUCT_DRIVERS = dict(pair.split("=", 1) for pair in env.words("PRODUCT_DRIVERS"))
WEB_ADDRESSES = env.words("WEB_ADDRESSES", "203.0.113.24,2001:db8:41d0:203::24")
MAIL_SERVERS = env.words("MAIL_SERVERS", "mx1.kestrel.example,mx2.kestrel.example")

# -- Money --------------------------------------------------------------------------------------------------------

PAYMENT_GATEWAY = env.text("PAYMENT_GATEWAY", "billing.gateways.test.TestGateway")
# Name and address on invoices, line by line.
SELLER = env.words("SELLER", "Kestrel Hosting AG,Musterstrasse 12,8000 Zürich")
SELLER_VAT_NUMBER = env.text("SELLER_VAT_NUMBER", "")
ORDER_LIFETIME = timedelta(days=env.number("ORDER_LIFETIME_DAYS", 7))

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO").upper()},
    "loggers": {"django.server": {"level": "WARNING"}},
}

SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # the email address is unique without regard to case, by a constraint
    "guardian.W001",  # guardian's backend is extended by products.backends
]
