"""The one family of errors that talking to Adobe can end in.

    FlowServiceError
    ├── NotSent      nothing reached the Flow Service: safe to send again
    ├── NoAnswer     sent, and what became of it is unknown
    ├── Refused      a 4xx other than 429: as it stands it will be refused again
    └── Unavailable  a 429 or a 5xx; retry_after says when to ask again, if the answer did

After a create, of the last two only a Refused and a 429 say that no connection was made: a 5xx may come from a gateway
that stopped waiting while the Flow Service went on.
"""

import unicodedata

MESSAGE_LIMIT = 2000
# Adobe's list has 1439 with 400, its samples with 404.
NOT_FOUND = ("1101", "1439")


class FlowServiceError(Exception):
    """What went wrong. `message` is Adobe's own words where there are any; no error ever holds a request."""

    def __init__(self, message: str = "", *, status: int | None = None, code: str = "", request_id: str = "") -> None:
        self.message = one_line(message)
        self.status = status
        self.code = code
        self.request_id = request_id
        super().__init__(self.message)

    def __str__(self) -> str:
        line = ", ".join(fact for fact in (self.facts, self.message or self._summary()) if fact)
        return f"{line} (request {self.request_id})" if self.request_id else line

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    @property
    def facts(self) -> str:
        """Status and code, as far as there are any."""
        return ", ".join(filter(None, (f"HTTP {self.status}" if self.status else "", self.code)))

    @property
    def says_gone(self) -> bool:
        """Whether what was asked for does not exist, in this sandbox: not that the sandbox itself does not."""
        return self.code.partition("-")[0] in NOT_FOUND or self.code == "1003-404"

    def _summary(self) -> str:
        """The first line of the class's docstring, for errors that came without words."""
        return (type(self).__doc__ or "").partition("\n")[0]


class NotSent(FlowServiceError):
    """Nothing reached the Flow Service."""


class NoAnswer(FlowServiceError):
    """There was no answer that can be read."""


class Refused(FlowServiceError):
    """The request was refused."""


class Unavailable(FlowServiceError):
    """The service cannot answer at the moment.

    `retry_after` is in seconds, None if the answer did not say.
    """

    def __init__(
        self,
        message: str = "",
        *,
        status: int | None = None,
        code: str = "",
        request_id: str = "",
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, status=status, code=code, request_id=request_id)
        self.retry_after = retry_after


def one_line(text: str) -> str:
    """`text` fit for a page, a log and a database: `collapsed`, and at most 2,000 characters long."""
    return collapsed(text[: 2 * MESSAGE_LIMIT])[:MESSAGE_LIMIT]


def collapsed(text: str) -> str:
    """`text` in one line, without control, format or surrogate characters."""
    if text.isprintable():
        return " ".join(text.split())
    kept = (" " if char.isspace() else char for char in text)
    return " ".join("".join(char for char in kept if unicodedata.category(char)[0] != "C").split())
