"""What every answer tells the browser, pages, files and refusals alike: keep nothing, embed nothing, tell nobody."""

from collections.abc import Callable

from csp.constants import NONCE, NONE, SELF
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

# Pages: a script or a stylesheet is loaded by a tag with this answer's nonce, and in no other way. That is stronger
# than 'self', with which a tag that somebody smuggled into a page could load any file below /static/; and than
# 'strict-dynamic', with which our scripts could load more of them: ours load none. A page has to be made anew for each
# request, then, which the Cache-Control below sees to.
POLICY = {
    "default-src": [NONE],
    "script-src": [NONCE],
    "style-src": [NONCE],
    # data: for the picture of a second factor's secret.
    "img-src": [SELF, "data:"],
    "connect-src": [SELF],
    "object-src": [NONE],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    # static/wizard.js makes both: `default` sees every markup that a script puts into a page, `reading` none of it.
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["default", "reading"],
}

# Only what browsers agree on: each complains of a feature that it does not know.
_OFF = (
    *("accelerometer", "autoplay", "camera", "clipboard-read", "display-capture", "encrypted-media", "fullscreen"),
    *("gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer", "microphone", "midi", "payment"),
    *("picture-in-picture", "screen-wake-lock", "serial", "sync-xhr", "usb", "xr-spatial-tracking"),
)
_OURS = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")
FIXED = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join([*(f"{name}=()" for name in _OFF), *(f"{name}=(self)" for name in _OURS)]),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def on_every_answer(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """The outermost middleware, so that what the others refuse or serve passes here, too.

    Pages and exports are kept nowhere, so that nothing comes back after the sign-out; static files, and the pages that
    say so themselves, are the exception.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        if request.method == "POST" and request.path == reverse("account_logout"):
            response["Clear-Site-Data"] = '"cache"'
        return response

    return respond
