"""Django's settings; what an administrator may change comes from `config.env`."""

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from equipoise.config.env import read_environment, secret_key, vault_keys

_env = read_environment()
_package = Path(__file__).resolve().parent.parent

DEBUG = _env.debug
SECRET_KEY = secret_key(_env.data)
VAULT_KEYS = vault_keys(_env.data)
ALLOWED_HOSTS = list(_env.hosts)
DATA_FOLDER = _env.data
OPENED = _env.opened
PRIVATE_FEEDS = _env.private_feeds
DEMO = _env.demo
PROXIES = _env.proxies
LEAST_PEOPLE = _env.least_people

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "equipoise.platform",
    "equipoise.apps.people",
    "equipoise.apps.integrations",
    "equipoise.apps.signin",
    "equipoise.apps.provisioning",
    "equipoise.apps.calendars",
    "equipoise.apps.change",
    "equipoise.apps.planner",
    "equipoise.apps.growth",
    "equipoise.apps.insights",
    "equipoise.apps.privacy",
    # After our own, whose templates and messages go before theirs.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
]

MIDDLEWARE = [
    "equipoise.platform.api.problems.everywhere",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "equipoise.platform.headers.permissions_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "equipoise.apps.people.middleware.local_owner",
    "equipoise.apps.people.middleware.language_and_zone",
    "equipoise.apps.people.middleware.roles",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "equipoise.apps.people.assistants.acting.middleware",
    "allauth.account.middleware.AccountMiddleware",
    "equipoise.apps.signin.middleware.sessions_listed",
    "equipoise.apps.signin.middleware.second_factor_asked",
]

ROOT_URLCONF = "equipoise.config.urls"
WSGI_APPLICATION = "equipoise.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "equipoise.apps.people.shell.shell",
            ],
        },
    },
]

_embedded = f"sqlite:///{_env.data / 'equipoise.sqlite3'}"
DATABASES = {"default": dj_database_url.parse(_env.database_url or _embedded, conn_max_age=60)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Write-ahead log: readers never wait for the one writer; IMMEDIATE: two writers queue instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "equipoise"}}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_TIMEOUT = 30
PUBLIC_ADDRESS = _env.mail.public_address if _env.mail else ""  # empty: no mail is sent
if _env.mail:
    EMAIL_HOST, EMAIL_PORT = _env.mail.host, _env.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _env.mail.user, _env.mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = _env.mail.security == "starttls", _env.mail.security == "tls"
    DEFAULT_FROM_EMAIL = SERVER_EMAIL = _env.mail.sender

AUTH_USER_MODEL = "people.Person"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "insights:this-week"
LOGOUT_REDIRECT_URL = "account_login"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # what was set before
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "equipoise.apps.signin.strength.HardToGuess"},
]
ACCOUNT_ADAPTER = "equipoise.apps.signin.entrance.Entrance"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # nobody signs up; the form for signing in asks what this says
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "equipoise.apps.signin.forms.SignInForm",
    "reauthenticate": "equipoise.apps.signin.forms.PasswordAgainForm",
    "set_password": "equipoise.apps.signin.forms.FirstPasswordForm",
    "change_password": "equipoise.apps.signin.forms.OtherPasswordForm",
}
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",  # a whole office may come from one address on Monday morning
    "login_failed": "60/m/ip,10/15m/key",  # the key is the address together with the host
    "reauthenticate": "10/m/user",
    "change_password": "10/m/user",
}
MFA_ADAPTER = "equipoise.apps.signin.factors.Factors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Equipoise"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "equipoise.apps.signin.forms.CodeForm",
    "reauthenticate": "equipoise.apps.signin.forms.CodeAgainForm",
    "activate_totp": "equipoise.apps.signin.forms.FirstCodeForm",
    "add_webauthn": "equipoise.apps.signin.forms.NewPasskeyForm",
    "edit_webauthn": "equipoise.apps.signin.forms.PasskeyNameForm",
}
SOCIALACCOUNT_ADAPTER = "equipoise.apps.signin.elsewhere.adapter.Elsewhere"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _env.https
# Names of our own: other programs on this machine's host name share its cookies, whatever their port.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "equipoise_session", "equipoise_csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _env.hosts if host != "*"] if _env.https else []
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if _env.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _env.https else None
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "equipoise.apps.people.views.forgery_suspected"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [_package / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = _env.data / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": _env.data / "uploads"},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _env.debug
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

FILE_UPLOAD_HANDLERS = [
    "equipoise.platform.uploads.RefuseTooLarge",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# An upload larger than this goes to a temporary file instead of memory; the reader states its own limit.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"no_addresses": {"()": "equipoise.platform.logs.NoAddresses"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_addresses"]},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    # What strangers ask for in vain is answered with a page; it is no fault of the server to report.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.security.RequestDataTooBig": {"level": "CRITICAL"},
    },
}
