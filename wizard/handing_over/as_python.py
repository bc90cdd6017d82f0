"""The requests as one Python script, which takes each id from the answer before."""

from collections.abc import Iterator

from wizard.handing_over.placeholders import Placeholder, as_python
from wizard.handing_over.requests import DATA_PREP, FLOW_SERVICE, Handover, Step, Taken

HEAD = '''\
#!/usr/bin/env python3
"""From a base connection to its dataflow, through Adobe's Flow Service. Every run makes all of it anew.

It needs Python 3.8 or newer, and requests: pip install requests
In the environment it needs {needed}.
"""

import os
import sys

import requests


def needed(name):
    """What the environment says. Ends the script where it says nothing."""
    value = os.environ.get(name)
    if not value:
        sys.exit(f"Set {{name}} in the environment first.")
    return value


'''
SEND = '''
HEADERS = {
  "Authorization": f"Bearer {ACCESS_TOKEN}",
  "x-api-key": API_KEY,
  "x-gw-ims-org-id": ORG_ID,
  "x-sandbox-name": SANDBOX_NAME,
}


def send(method, url, body=None):
    """What comes back. Raises requests.HTTPError, with the answer's own words, for a refusal."""
    answer = requests.request(method, url, headers=HEADERS, json=body, timeout=60)
    if not answer.ok:
        raise requests.HTTPError(f"{method} {url}: {answer.status_code} {answer.text}", response=answer)
    return answer.json()


'''


def script(handed: Handover) -> str:
    """The whole file. Names of others stand in it as literals alone."""
    missing = [found.name for found in handed.missing]
    head = HEAD.format(needed=", ".join(["ACCESS_TOKEN", *missing]))
    constants = "\n".join(_constants(handed, missing))
    return f"{head}{constants}\n{SEND}" + "\n".join(_steps(handed))


def _constants(handed: Handover, missing: list[str]) -> Iterator[str]:
    yield 'ACCESS_TOKEN = needed("ACCESS_TOKEN")'
    target, urls = handed.target, handed.urls
    known = {"API_KEY": target.client_id, "ORG_ID": target.ims_org_id, "SANDBOX_NAME": target.sandbox_name}
    for name, value in (known | {name: urls[name] for name in _services(handed)}).items():
        yield f'{name} = os.environ.get("{name}", {value!r})'
    for name in missing:
        yield f'{name} = needed("{name}")'


def _services(handed: Handover) -> list[str]:
    used = {step.service for step in handed.steps}
    return [name for name in (FLOW_SERVICE, DATA_PREP) if name in used]


def _steps(handed: Handover) -> Iterator[str]:
    variables = {taken.placeholder: taken.placeholder.name.lower() for step in handed.steps for taken in step.takes}

    def show(found: Placeholder) -> str:
        return variables.get(found, found.name)

    for number, step in enumerate(handed.steps, 1):
        yield f"# {number}. {step.name}. {step.explanation}"
        url = " + ".join([step.service, *(as_python(part, show) for part in step.path)])
        body = "" if step.body is None else f", {as_python(step.body, show)}"
        yield f"answer = send({step.method!r}, {url}{body})"
        yield from _results(step, variables)
        yield ""


def _results(step: Step, variables: dict[Placeholder, str]) -> Iterator[str]:
    for taken in step.takes:
        yield f"{variables[taken.placeholder]} = answer{_subscript(taken)}"
        yield f'print("{taken.placeholder.name}", {variables[taken.placeholder]})'
    if not step.takes:
        yield 'print("RUNS", len(answer["items"]))'


def _subscript(taken: Taken) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f'["{part}"]' for part in taken.path)
