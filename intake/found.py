# ruff: noqa: S608, S611 - the SQL is of fixed names; what people type is a parameter
"""How the database looks for a part of a word in what enquiries are found by: an index of every three letters.

PostgreSQL's serves LIKE; SQLite's is a table of its own, which triggers keep beside the enquiries.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db import connections
from django.db.models import BooleanField, F, Func, JSONField, Q, Value
from django.db.models.expressions import RawSQL

TABLE, WORDS = "intake_enquiry", "intake_enquiry_words"
# What is written is searched from a short list first: a long one would make each search slower than the index is.
PENDING = "WITH (gin_pending_list_limit = 256)"
POSTGRESQL = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE INDEX IF NOT EXISTS enquiry_by_words ON {TABLE} USING gin (found_by gin_trgm_ops) {PENDING}",
    f"CREATE INDEX IF NOT EXISTS enquiry_open_by_words ON {TABLE} USING gin (found_by gin_trgm_ops) {PENDING} "
    "WHERE is_open",
    f"CREATE INDEX IF NOT EXISTS enquiry_by_asked_types ON {TABLE} "
    f"USING gin (string_to_array(asked_types, ' ')) {PENDING}",
    # How common a name is decides which way the enquiries are looked through.
    f"ALTER TABLE {TABLE} ALTER COLUMN found_by SET STATISTICS 1000",
    f"ALTER TABLE {TABLE} ALTER COLUMN authority_id SET STATISTICS 500",
    # What goes with what: else being open and being in triage are taken for two accidents, and a page for a few rows.
    f"CREATE STATISTICS IF NOT EXISTS enquiry_standing (mcv) ON status, is_open, turn, clock FROM {TABLE}",
]
SQLITE = [
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {WORDS} "
    f"USING fts5(found_by, content='{TABLE}', content_rowid='id', tokenize='trigram', detail='full')",
    f"CREATE TRIGGER IF NOT EXISTS {WORDS}_insert AFTER INSERT ON {TABLE} BEGIN "
    f"INSERT INTO {WORDS}(rowid, found_by) VALUES (new.id, new.found_by); END",
    f"CREATE TRIGGER IF NOT EXISTS {WORDS}_delete AFTER DELETE ON {TABLE} BEGIN "
    f"INSERT INTO {WORDS}({WORDS}, rowid, found_by) VALUES ('delete', old.id, old.found_by); END",
    f"CREATE TRIGGER IF NOT EXISTS {WORDS}_update AFTER UPDATE OF found_by ON {TABLE} "
    "WHEN old.found_by <> new.found_by BEGIN "
    f"INSERT INTO {WORDS}({WORDS}, rowid, found_by) VALUES ('delete', old.id, old.found_by); "
    f"INSERT INTO {WORDS}(rowid, found_by) VALUES (new.id, new.found_by); END",
    f"INSERT INTO {WORDS}({WORDS}) VALUES ('rebuild')",
]
DROPPED = {
    "postgresql": [
        "DROP STATISTICS IF EXISTS enquiry_standing",
        *(
            f"DROP INDEX IF EXISTS {name}"
            for name in ("enquiry_by_words", "enquiry_open_by_words", "enquiry_by_asked_types")
        ),
    ],
    "sqlite": [
        *(f"DROP TRIGGER IF EXISTS {WORDS}_{name}" for name in ("insert", "delete", "update")),
        f"DROP TABLE IF EXISTS {WORDS}",
    ],
}


def holding(words: str, using: str) -> Q:
    """Of enquiries: those whose `found_by` holds these folded words."""
    if connections[using].vendor == "postgresql":
        return Q(found_by__contains=words)
    # Nothing of the text is a sign of the query language: it is folded to letters, digits and spaces.
    rows: Any = RawSQL(f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s", [f'"{words}"'])
    return Q(pk__in=rows)


def asking_for_any(types: Sequence[str], using: str) -> Q:
    """Of enquiries: those whose `asked_types` names one of these; each stands between two spaces."""
    if connections[using].vendor == "postgresql":
        return Q(OneOf(F("asked_types"), Value(list(types), output_field=JSONField())))
    return reduce(or_, (Q(asked_types__contains=f" {code} ") for code in types), Q(pk__in=()))


class OneOf(Func):
    """What the index of the types holds, and how often each is there, which decides whether it is used."""

    output_field = BooleanField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        column, _ = compiler.compile(self.source_expressions[0])
        types = self.source_expressions[1].value  # type: ignore[attr-defined]
        return f"string_to_array({column}, ' ') && %s::text[]", [types]


def install(apps: Any, schema_editor: Any) -> None:
    """A second time is the same as once; a migration that makes the table anew on SQLite calls it again."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def remove(apps: Any, schema_editor: Any) -> None:
    for statement in DROPPED[schema_editor.connection.vendor]:
        schema_editor.execute(statement)
