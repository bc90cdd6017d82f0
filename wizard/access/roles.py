"""The roles, from the one that may least; each may what the ones before it may."""

from django.db import models


class Role(models.IntegerChoices):
    VIEWER = 1, "Viewer"
    CONNECTOR = 2, "Connector"
    ADMIN = 3, "Admin"


MAY = {
    Role.VIEWER: "sees connections and their history, and nothing else",
    Role.CONNECTOR: "creates, tests and edits connections as well",
    Role.ADMIN: "deletes connections, and looks after people and credentials as well",
}
