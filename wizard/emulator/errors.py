"""What the API refuses with: the gateway's body, the Flow Service's, the problem style, and OAuth's.

The code of a Flow Service error is the tail of its `type`: four digits, then the HTTP status.
See https://experienceleague.adobe.com/en/docs/experience-platform/sources/errors/flow-service-errors.
"""

import re
from collections.abc import Mapping
from http.client import responses
from typing import Any

from wizard.emulator.messages import Response

TITLES = {
    "1101": "Resource not found",
    "1102": "Internal Error",
    "1103": "Service Unavailable",
    "1104": "Gateway Timeout",
    "1400": "Internal Error",
    "1403": "Header is missing",
    "1404": "Version not matching",
    "1439": "Resource not found",
    "2000": "Invalid authorization token",
    "2001": "Header is missing or empty",
    "2002": "Header is missing",
    "2100": "Sandbox not found",
    "2101": "Sandbox not found",
    "2102": "Get sandbox by name error",
    "2103": "Sandbox not found",
    "2104": "Get sandbox by identifier error",
    "2105": "Header is missing",
    "2106": "Get default sandbox error",
    "2107": "Get default sandbox error",
    "2108": "Get active sandboxes error",
    "2110": "Headers not allowed",
    "2111": "Headers with value restricted",
    "2112": "Headers with different value not allowed",
    "2113": "Headers with value not allowed",
    "2114": "Empty token",
    "2115": "Invalid token",
    "2116": "Internal Error",
    "2117": "Internal Error",
    "2118": "Missing permission",
    "2119": "Query parameter missing",
    "2120": "Forbidden",
    "2121": "Forbidden",
    "2200": "External service request error",
    "2250": "External service request error",
}
FLOW_CODE = re.compile(r"\d{4}-[45]\d\d", re.ASCII)
GATEWAY_CODE = re.compile(r"\d{6}", re.ASCII)


class Refusal(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}

    def response(self, request_id: str) -> Response:
        body = self.body
        if "report" in body:
            body = body | {"report": body["report"] | {"request-id": request_id}}
        return Response(self.status, body, self.headers)


def gateway(status: int, code: str, message: str) -> Refusal:
    """Refused before the Flow Service saw the call."""
    return Refusal(status, {"error_code": code, "message": message})


def flow(
    code: str,
    message: str,
    *,
    status: int | None = None,
    resource: tuple[str, str] | None = None,
    title: str | None = None,
) -> Refusal:
    """Refused by the Flow Service; `code` like 1415-400, `resource` as (type, id); its title goes by the code."""
    status = status or int(code[-3:])
    report = {"detailed-message": message}
    if resource:
        report |= {"type": resource[0], "id": resource[1]}
    body = {
        "type": f"https://ns.adobe.com/aep/errors/FLOW-{code}",
        "title": title or TITLES.get(code[:4], "Invalid request"),
        "status": status,
        "report": report,
        "errorMessage": message,
        "errorDetails": message,
    }
    return Refusal(status, body)


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Refusal:
    """Refused for its form: method, path, content type, length."""
    title = responses.get(status, "Unknown").title().replace(" ", "") + "Error"
    body = {"type": "/placeholder/type/uri", "status": status, "title": title, "detail": detail}
    return Refusal(status, body, headers)


def oauth(status: int, error: str, description: str) -> Refusal:
    """Refused by IMS."""
    return Refusal(status, {"error": error, "error_description": description})


def not_found(kind: str, resource_id: str, code: str = "1439-404") -> Refusal:
    """The id is unknown, or belongs to another organization or sandbox."""
    shown = resource_id[:100]
    return flow(code, f"The resource with id '{shown}' was not found.", resource=(kind, shown))


def missing(field: str) -> Refusal:
    return flow("1304-400", f"The mandatory field '{field}' is not provided.")


def invalid(field: str) -> Refusal:
    """Names the field and never its value, which may be a secret."""
    return flow("1312-400", f"The value given for '{field[:100]}' is not valid.")


def documented(status: int, code: str, message: str) -> Refusal:
    """Any error, in the shape that goes with its code."""
    if FLOW_CODE.fullmatch(code):
        return flow(code, message, status=status)
    return gateway(status, code, message) if GATEWAY_CODE.fullmatch(code) else problem(status, message)
