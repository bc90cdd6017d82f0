"""How long something took, or has not happened, in words."""

from datetime import timedelta

MINUTE, HOUR, DAY = 60, 3600, 86_400  # seconds


def in_words(milliseconds: int | None) -> str:
    """Of a call or a test: `850 ms`, `1.2 s`, `2 min 5 s`; "" where it is not known."""
    if milliseconds is None:
        return ""
    if milliseconds < 1000:
        return f"{milliseconds} ms"
    seconds = milliseconds / 1000
    if seconds < MINUTE:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), MINUTE)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def pause_in_words(pause: timedelta) -> str:
    """In whole days, hours or minutes."""
    seconds = round(pause.total_seconds())
    for size, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if count := seconds // size:
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "less than a minute"
