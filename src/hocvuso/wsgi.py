"""What the application server loads. It refuses to start with settings that would harm people."""

import os

from django.core import checks
from django.core.management.base import SystemCheckError
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocvuso.settings")
application = get_wsgi_application()

faults = [fault for fault in checks.run_checks(tags=[checks.Tags.security]) if fault.is_serious()]
if faults:
    raise SystemCheckError("\n".join(f"{fault.msg} {fault.hint or ''}" for fault in faults))
