"""The requests as curl commands: one for each step, and all of them as a file."""

from collections.abc import Iterator
from dataclasses import replace

from wizard.handing_over.placeholders import as_json
from wizard.handing_over.requests import Handover, Step
from wizard.values.request import Preview

HEAD = """\
#!/bin/sh
# From a base connection to its dataflow: one command for each step, in this order. Each of them makes something anew.
# Replace the {PLACEHOLDERS} before you run a command; below each stands what its answer says about the next ones.
"""


def command(handed: Handover, step: Step) -> str:
    """The step as one shell command."""
    target = replace(handed.target, url=handed.urls[step.service])
    body = "" if step.body is None else as_json(step.body)
    return Preview(target, body, "", step.method, "".join(step.path)).as_curl()


def script(handed: Handover) -> str:
    """All of them. In its comments stands nothing but our own words."""
    return "\n".join([HEAD, *_parts(handed)])


def _parts(handed: Handover) -> Iterator[str]:
    for number, step in enumerate(handed.steps, 1):
        yield f"# {number}. {step.name}. {step.explanation}\n{command(handed, step)}"
        for taken in step.takes:
            yield f"""# {taken.placeholder} below is its answer's "{taken.words}"."""
        yield ""
