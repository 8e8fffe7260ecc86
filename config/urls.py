"""Where each page lives."""

from django.urls import include, path

from couples.access import anyone, declare, operator
from couples.operator.site import site

urlpatterns = [
    path("", include("couples.urls")),
    path("", include("rituals.urls")),
    path("repairs/", include("repairs.urls")),
    path("", include("therapists.urls")),
    path("operator/", declare(site.urls, operator)),
    # allauth guards its own pages (sign-in, fresh sign-in, second factor); we declare them open.
    path("accounts/", declare(include("allauth.urls"), anyone)),
]
