"""What the form's pages hold, and what a browser sends of them."""

import re

HTMX = {"HX-Request": "true"}
PART = "auth.params.connectionString."
URL = "/connect/postgres/"


def page(response):
    return response.content.decode()


def text_inputs(html):
    """What a browser would send of the page's text fields and hidden inputs."""
    found = re.findall(r'<input type="(?:hidden|text|number)" name="([^"]+)"(?: value="([^"]*)")?', html)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def inputs(html):
    """What a browser would send of the page, intent aside."""
    chosen = dict(re.findall(r'type="radio"[^>]* name="([^"]+)" value="([^"]*)"[^>]* checked', html))
    target = re.search(r'<option value="(\d+)" selected', html)[1]
    return {**text_inputs(html), **chosen, "target": target}


def address(draft):
    return f"/connect/{draft.source}/?again={draft.uuid}"
