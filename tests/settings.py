"""Django's settings for the suite: the project's own, in a folder that goes away, with fast password hashing."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = tempfile.mkdtemp(prefix="equipoise-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["EQUIPOISE_DATA"] = _folder
(Path(_folder) / "static").mkdir()

from equipoise.config.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
