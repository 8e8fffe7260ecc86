"""Where each page lives."""

from django.urls import include, path

from couples.access import declare, operator
from couples.operator.site import site

handler429 = "couples.views.refused.too_many"  # whichever limit of allauth it was

urlpatterns = [
    path("", include("pages.urls")),
    path("", include("couples.urls")),
    path("", include("rituals.urls")),
    path("repairs/", include("repairs.urls")),
    path("", include("therapists.urls")),
    path("operator/", declare(site.urls, operator)),
    path("accounts/", include("couples.accounts.urls")),
]
