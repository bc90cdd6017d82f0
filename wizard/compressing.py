"""Pages go over the wire compressed, except to where another site has sent somebody."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

# The length of a compressed page tells whether a text that a stranger put into it (a search in a link) also stands
# elsewhere in it: asked a thousand times, it spells out what the page holds, through TLS (BREACH). Asking that often
# takes a site that sends its visitors here again and again, and those requests say so in a header that no page can
# forge: they are answered uncompressed. So is who does not send it: old browsers, and what is no browser. Beyond that,
# the token in each form is masked anew for each page, secrets that were typed never come back in one, the session's
# cookie goes along with another site's links alone, and Django blurs each length by up to 100 random bytes.
# A proxy in front must not compress pages by itself: it does not look at who asks.
OF_ITS_OWN = ("same-origin", "none")


class CompressPages(GZipMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.headers.get("Sec-Fetch-Site") not in OF_ITS_OWN:
            return response
        return super().process_response(request, response)
