# ruff: noqa: S608 - the SQL is of fixed names
"""A trigger that notes, with each line of history, that the figures have not read it yet.

In the same transaction as the line: what is committed is noted, however long it took, and nobody waits for anybody.
"""

from typing import Any

TABLE, NOTES = "intake_event", "reports_uncounted"
NOTE = f"INSERT INTO {NOTES} (enquiry, since) VALUES (NEW.enquiry_id, NEW.at)"
# No figure counts it, and a table of exports can be as long as the history.
COUNTS = "NEW.verb <> 'enquiry.exported'"
SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS {NOTES}_note AFTER INSERT ON {TABLE} WHEN {COUNTS} BEGIN {NOTE}; END"
]
POSTGRESQL = [
    f"CREATE OR REPLACE FUNCTION {NOTES}_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    f"{NOTE}; RETURN NULL; END $$",
    f"CREATE OR REPLACE TRIGGER {NOTES}_note AFTER INSERT ON {TABLE} FOR EACH ROW "
    f"WHEN ({COUNTS}) EXECUTE FUNCTION {NOTES}_note()",
]
# For a history that has lines already.
BEGINNING = (
    f"INSERT INTO {NOTES} (enquiry, since) SELECT enquiry_id, MIN(at) FROM {TABLE} GROUP BY enquiry_id"
)


def install(apps: Any, schema_editor: Any) -> None:
    """A second time is the same as once; a migration that makes the history's table anew on SQLite calls it again."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def begin(apps: Any, schema_editor: Any) -> None:
    """All that was written before is still to be counted."""
    schema_editor.execute(BEGINNING)
    install(apps, schema_editor)


def remove(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {NOTES}_note ON {TABLE}")
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {NOTES}_note()")
    else:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {NOTES}_note")
