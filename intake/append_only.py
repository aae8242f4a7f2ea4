"""Triggers by which the database itself refuses to change or delete what is written once, on both engines."""

from typing import Any

TABLE = "intake_event"
# Of those that a later migration makes, the triggers come with it: `install` takes the tables that are there.
TABLES = (
    TABLE,
    "intake_message",
    "intake_accountevent",
    "intake_settingchange",
    "intake_disposal",
    "referrals_improvementstep",
    "reports_pack",
)
SENTENCE = "history is written once"


def sqlite(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
    ]


def postgresql(table: str) -> list[str]:
    return [
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'restrict_violation'; END $$",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_refuse()",
    ]


def dropped(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [f"DROP FUNCTION IF EXISTS {table}_refuse() CASCADE"]
    return [f"DROP TRIGGER IF EXISTS {table}_no_update", f"DROP TRIGGER IF EXISTS {table}_no_delete"]


SQLITE, POSTGRESQL = sqlite(TABLE), postgresql(TABLE)
DROP = {vendor: dropped(TABLE, vendor) for vendor in ("sqlite", "postgresql")}


def install(apps: Any, schema_editor: Any) -> None:
    """On every table that is there; a second time is the same as once."""
    remove(apps, schema_editor)
    connection = schema_editor.connection
    there = connection.introspection.table_names()
    for table in TABLES:
        if table in there:
            for statement in (sqlite if connection.vendor == "sqlite" else postgresql)(table):
                schema_editor.execute(statement)


def remove(apps: Any, schema_editor: Any) -> None:
    for table in TABLES:
        for statement in dropped(table, schema_editor.connection.vendor):
            schema_editor.execute(statement)
