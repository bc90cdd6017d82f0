"""Signs somebody in whom one of our own pages has let in: by a link, not by what allauth asks for."""

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse

from wizard.people.models import User


def enter(request: HttpRequest, user: User, way: str) -> HttpResponse:
    """Leads on to home, by way of the second factor if there is one; the record says in which way: "first link"."""
    record_authentication(request, user, way)
    answer: HttpResponse = perform_login(request, user)
    return answer
