"""WSGI application of the bare view."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.bare_settings"

from django.core.wsgi import get_wsgi_application

from bench import floors

application = get_wsgi_application()
floors.load()
