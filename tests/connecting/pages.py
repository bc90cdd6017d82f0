"""What the form's pages hold, and what a browser sends of them."""

import re

from tests.connecting import test_pasting

HTMX = {"HX-Request": "true"}
PART = "auth.params.connectionString."
URL = "/connect/postgres/"


def page(response):
    return response.content.decode()


def inputs(html):
    """What a browser would send of the page, intent aside."""
    chosen = dict(re.findall(r'type="radio"[^>]* name="([^"]+)" value="([^"]*)"[^>]* checked', html))
    target = re.search(r'<option value="(\d+)" selected', html)[1]
    return {**test_pasting.inputs(html), **chosen, "target": target}


def address(draft):
    return f"/connect/{draft.source}/?again={draft.uuid}"
