"""The five requests that Adobe documents, with their placeholders filled, and what is typed to get them."""

from typing import Any

PART = "auth.params.connectionString."
LOGIN = {PART + "USERNAME": "reader", PART + "PASSWORD": "pw-1"}
STRING_AUTH = "Connection String Based Authentication"


def body(name: str, spec_id: str, spec_name: str = "", connection_string: str = "") -> dict[str, Any]:
    auth = {"auth": {"specName": spec_name, "params": {"connectionString": connection_string}}} if spec_name else {}
    return {"name": name, **auth, "connectionSpec": {"id": spec_id, "version": "1.0"}}


# slug -> (what is typed, the body)
DOCUMENTED: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "postgres": (
        {PART + "SERVER": "db.example.com", PART + "PORT": "5432", PART + "DATABASE": "shop", **LOGIN},
        body(
            "PostgreSQL orders",
            "74a1c565-4e59-48d7-9d67-7c03b8a13137",
            STRING_AUTH,
            "Server=db.example.com;Database=shop;Port=5432;UID=reader;Password=pw-1",
        ),
    ),
    "mysql": (
        {PART + "SERVER": "db.example.com", PART + "PORT": "3306", PART + "DATABASE": "shop", **LOGIN},
        body(
            "MySQL orders",
            "26d738e0-8963-47ea-aadf-c60de735468a",
            STRING_AUTH,
            "Server=db.example.com;Port=3306;Database=shop;UID=reader;PWD=pw-1",
        ),
    ),
    "oracle": (
        {PART + "HOST": "db.example.com", PART + "PORT": "1521", PART + "SID": "ORCL", **LOGIN},
        body(
            "Oracle orders",
            "d6b52d86-f0f8-475f-89d4-ce54c8527328",
            "ConnectionString",
            "Host=db.example.com;Port=1521;Sid=ORCL;User Id=reader;Password=pw-1",
        ),
    ),
    "sql-server": (
        {PART + "SERVER_NAME": "db.example.com", PART + "INSTANCE_NAME": "SQL1", PART + "DATABASE": "shop", **LOGIN},
        body(
            "SQL Server orders",
            "1f372ff9-38a4-4492-96f5-b9a4e4bd00ec",
            STRING_AUTH,
            "Data Source=db.example.com\\SQL1;Initial Catalog=shop;Integrated Security=False;"
            "User ID=reader;Password=pw-1;",
        ),
    ),
    "dataset": ({}, body("Data lake", "c604ff05-7f1a-43c0-8e18-33bf874cb11c")),
}
