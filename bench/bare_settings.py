"""The product's database and nothing of its middleware."""

from hocvuso.settings import *  # noqa: F403

MIDDLEWARE: list[str] = []
INSTALLED_APPS: list[str] = []
ROOT_URLCONF = "bench.floors"
