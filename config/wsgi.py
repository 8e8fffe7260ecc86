"""Pages: `granian --interface wsgi config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_django = get_wsgi_application()

from django.conf import settings  # noqa: E402 - after setup

from config.pages import FewThreads, Whole  # noqa: E402

application = Whole(FewThreads(_django, threads=settings.PAGES_AT_ONCE))
