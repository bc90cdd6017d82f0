"""What an error means in plain English, who can mend it, and what to do next. The sentences are in codes.json.

Adobe keeps two lists of codes that use some numbers twice; a code explains only what is true in both of them.
https://experienceleague.adobe.com/en/docs/experience-platform/sources/error-messages/flow-service-errors
"""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Explanation:
    """Three texts for a page. `who` reads as in "who can mend this: your Adobe administrator"."""

    what: str
    who: str
    next: str


def _loaded() -> dict[str, dict[str, Explanation]]:
    groups = json.loads(Path(__file__).with_name("codes.json").read_text(encoding="utf-8"))
    return {name: {key: Explanation(**entry) for key, entry in group.items()} for name, group in groups.items()}


_EXPLANATIONS = _loaded()


def explain(*, code: str, status: int | None, error: str = "") -> Explanation:
    """The explanation for an error's code; without one, for its HTTP status; without that, for its class.

    `error` is the name of the error's class, "" if it is not known. There is always an answer.
    """
    codes, statuses, errors = (_EXPLANATIONS[group] for group in ("codes", "statuses", "errors"))
    # A status that comes with NotSent is that of the sign-in service, and says little about the request.
    known = [codes.get(code), errors["NotSent"] if error == "NotSent" else None]
    known += [statuses.get(str(status)), statuses.get(f"{(status or 0) // 100}xx"), errors.get(error)]
    return next(filter(None, known), errors["Unknown"])
