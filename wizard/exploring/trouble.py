"""Why one does not see what one wanted to see: what happened, who can mend it, and what to do next."""

from dataclasses import dataclass
from typing import Self

from wizard.exploring.wanting import Wanted
from wizard.flow_service.errors import FlowServiceError, NoAnswer
from wizard.flow_service.explanations import explain_look
from wizard.values import places

BUSY_FOR = 5  # seconds after which another try makes sense
NOT_SUPPORTED, OTHER_OBJECT = "1336-400", "1358-400"


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
        is_large = isinstance(error, NoAnswer) and error.status == 200 and wanted.rows
        more = "Ask for fewer rows: the answer may be too large. " if is_large else ""
        return cls(
            what=found.what,
            who=found.who,
            next=more + found.next,
            about="" if found.field == "named" else found.field,
            message=error.message,
            status=error.status,
            code=error.code,
            request_id=error.request_id,
            instead=_instead(error, wanted),
        )


BUSY = Trouble(places.BUSY.what, places.BUSY.who, places.BUSY.next, is_busy=True)


def _instead(error: FlowServiceError, wanted: Wanted) -> str:
    """Nothing tells for sure which sources have what: only their answers do."""
    if wanted.type == "root" and error.code == OTHER_OBJECT:
        return "rest"
    return "root" if wanted.type == "rest" and error.code in (NOT_SUPPORTED, OTHER_OBJECT) else ""
