"""What a browser says of itself, in the words of a list."""

# The first that fits: every browser also names those that it descends from.
BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
LENGTH = 60


def device(user_agent: str) -> str:
    """`Firefox on Windows`; what says neither is shown as it is, cut short."""
    found = [next((name for mark, name in names if mark in user_agent), "") for names in (BROWSERS, SYSTEMS)]
    known = " on ".join(name for name in found if name)
    return known or user_agent[:LENGTH].strip() or "An unnamed program"
