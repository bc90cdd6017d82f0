"""Where a browser finds this installation, for links that are read elsewhere."""

from django.conf import settings


def base_url() -> str:
    """Behind a proxy the first of ALLOWED_HOSTS, else our own address."""
    if not settings.IS_LOCAL:
        return "https://" + (settings.ALLOWED_HOSTS[0].lstrip("*.") or settings.HOST)
    host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
    return f"http://{host}:{settings.PORT}"


def link_for_others(path: str) -> str:
    """The whole address of a page, for an e-mail; empty where nobody but this machine could open it."""
    return "" if settings.IS_LOCAL else base_url() + path
