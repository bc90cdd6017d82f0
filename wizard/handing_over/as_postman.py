"""The requests as a collection for Postman, in its format 2.1; a script takes the ids out of each answer.

https://schema.postman.com/collection/json/v2.1.0/draft-07/collection.json
"""

import json
from typing import Any

from wizard.handing_over.placeholders import Placeholder, as_json
from wizard.handing_over.requests import Handover, Step, Taken

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
DESCRIPTION = (
    "From a base connection to its dataflow. Fill in the variables that are empty, then send the requests in their"
    " order: each takes the ids that it needs from the answers before. Every run makes all of it anew."
)


def collection(handed: Handover, name: str) -> str:
    """The file, for a collection of that name."""
    made: dict[str, Any] = {
        "info": {"name": name, "description": DESCRIPTION, "schema": SCHEMA},
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{ACCESS_TOKEN}}", "type": "string"}]},
        "variable": [{"key": key, "value": value, "type": "string"} for key, value in _variables(handed).items()],
        "item": [_item(number, step) for number, step in enumerate(handed.steps, 1)],
    }
    return json.dumps(made, indent=2) + "\n"


def _variables(handed: Handover) -> dict[str, str]:
    """What is empty has to be filled in by a person, or comes with an answer."""
    target = handed.target
    known = {"API_KEY": target.client_id, "ORG_ID": target.ims_org_id, "SANDBOX_NAME": target.sandbox_name}
    answers = [taken.placeholder.name for step in handed.steps for taken in step.takes]
    empty = dict.fromkeys(["ACCESS_TOKEN", *(found.name for found in handed.missing), *answers], "")
    return empty | known | handed.urls


def _item(number: int, step: Step) -> dict[str, Any]:
    headers = {"x-api-key": "{{API_KEY}}", "x-gw-ims-org-id": "{{ORG_ID}}", "x-sandbox-name": "{{SANDBOX_NAME}}"}
    request: dict[str, Any] = {
        "method": step.method,
        "header": [{"key": key, "value": value} for key, value in headers.items()],
        "url": f"{{{{{step.service}}}}}{''.join(map(_shown, step.path))}",
        "description": step.explanation,
    }
    if step.body is not None:
        request["header"].append({"key": "Content-Type", "value": "application/json"})
        request["body"] = {"mode": "raw", "raw": as_json(step.body, _shown), "options": {"raw": {"language": "json"}}}
    script = {"type": "text/javascript", "exec": _script(step)}
    return {"name": f"{number}. {step.name}", "event": [{"listen": "test", "script": script}], "request": request}


def _shown(part: str) -> str:
    """Only what is a placeholder of ours is a variable of Postman's."""
    return f"{{{{{part.name}}}}}" if isinstance(part, Placeholder) else part


def _script(step: Step) -> list[str]:
    """One statement a line, and nothing in it but our own words."""
    checked = f'pm.test("{step.name}", () => pm.expect(pm.response.code).to.be.oneOf([200, 201]));'
    return [
        checked,
        *(f'pm.collectionVariables.set("{taken.placeholder.name}", {_found(taken)});' for taken in step.takes),
    ]


def _found(taken: Taken) -> str:
    return f"pm.response.json().{taken.words}"
