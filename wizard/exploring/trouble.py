"""Why one does not see what one wanted to see: what happened, who can mend it, and what to do next."""

from dataclasses import dataclass
from typing import Self

from wizard.exploring.wanting import NAMED, Wanted
from wizard.flow_service.errors import FlowServiceError, NoAnswer
from wizard.flow_service.explanations import explain_look, says_why
from wizard.values import places

BUSY_FOR = 5  # seconds after which another try makes sense
SOURCE_REFUSES, NOT_SUPPORTED, OTHER_OBJECT = "1308-400", "1336-400", "1358-400"


@dataclass(frozen=True)
class Trouble:
    """`message` is Adobe's own. `instead` is another way to look that may lead further: rest, root, or none.

    `is_busy`: nobody was asked, and it may go well in a moment.
    """

    what: str
    who: str = ""
    next: str = ""
    about: str = ""
    message: str = ""
    status: int | None = None
    code: str = ""
    request_id: str = ""
    instead: str = ""
    is_busy: bool = False

    @classmethod
    def of(cls, error: FlowServiceError, wanted: Wanted) -> Self:
        found = explain_look(code=error.code, status=error.status, error=type(error).__name__, message=error.message)
        return cls(
            what=found.what,
            who=found.who,
            next=_first_of_all(error, wanted) + found.next,
            about="" if found.field == "named" else found.field,
            message=error.message,
            status=error.status,
            code=error.code,
            request_id=error.request_id,
            instead=_instead(error, wanted),
        )


BUSY = Trouble(places.BUSY.what, places.BUSY.who, places.BUSY.next, is_busy=True)


def _first_of_all(error: FlowServiceError, wanted: Wanted) -> str:
    """What to try before anything else, where this look tells it and the error does not."""
    if isinstance(error, NoAnswer) and error.status == 200 and wanted.rows:
        return "Ask for fewer rows: the answer may be too large. "
    if error.code == SOURCE_REFUSES and wanted.type in NAMED and not says_why(error.code, error.message):
        return f"Check that this {wanted.type} is still there, and that the connection’s user may read it. "
    return ""


def _instead(error: FlowServiceError, wanted: Wanted) -> str:
    """Nothing tells for sure which sources have what: only their answers do."""
    if wanted.type == "root" and error.code == OTHER_OBJECT:
        return "rest"
    return "root" if wanted.type == "rest" and error.code in (NOT_SUPPORTED, OTHER_OBJECT) else ""
