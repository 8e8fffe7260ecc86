"""Where each page lives."""

from django.urls import include, path

from couples.access import anyone, declare

urlpatterns = [
    path("", include("couples.urls")),
    path("", include("rituals.urls")),
    path("repairs/", include("repairs.urls")),
    path("", include("therapists.urls")),
    # allauth guards its own pages (sign-in, fresh sign-in, second factor); we declare them open.
    path("accounts/", declare(include("allauth.urls"), anyone)),
]
