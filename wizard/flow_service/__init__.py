"""How to talk to Adobe: the Flow Service, its tokens, and one family of errors. Knows no Django."""

from wizard.flow_service.client import FlowService
from wizard.flow_service.datatypes import Created, RemoteConnection, RemoteSandbox, Token
from wizard.flow_service.errors import FlowServiceError, NoAnswer, NotSent, Refused, Unavailable
from wizard.flow_service.explored import RemoteObject
from wizard.flow_service.ims import fetch_token

__all__ = [
    "Created",
    "FlowService",
    "FlowServiceError",
    "NoAnswer",
    "NotSent",
    "Refused",
    "RemoteConnection",
    "RemoteObject",
    "RemoteSandbox",
    "Token",
    "Unavailable",
    "fetch_token",
]
