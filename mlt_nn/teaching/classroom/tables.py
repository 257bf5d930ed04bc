"""The tables of a term's database. Nothing in them is ever deleted."""

import zlib

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)


class Words(TypeDecorator):
    """A text that comes back as it was, also one that is no Unicode, as the name of a file may be."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        try:
            value is None or value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogatepass")  # the database keeps bytes in a column of texts, too
        return value

    def process_result_value(self, value, dialect):
        return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value


class Packed(TypeDecorator):
    """Bytes, compressed by us: nobody else could make a few of them unpack to gigabytes."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return zlib.compress(value)

    def process_result_value(self, value, dialect):
        return zlib.decompress(value)


def _text(name, **more):
    return Column(name, Words, nullable=False, **more)


def _number(name="id"):
    return Column(name, Integer, primary_key=True)


TABLES = MetaData()

# `called` is the name by itself, where a roster or a platform says who somebody is: `name` tells two of one name apart.
STUDENTS = Table(
    "students",
    TABLES,
    _text("name", primary_key=True),
    _text("first_name", server_default=""),
    _text("last_name", server_default=""),
    _text("email", server_default=""),
    _text("student_id", server_default=""),
    Column("platform_ids", JSON(none_as_null=True)),
    Column("groups", JSON(none_as_null=True)),
    Column("called", Words),
)

# A grade belongs to what was handed in, whoever did and for whichever assignment: `key` says all that it depends on.
GRADES = Table(
    "grades",
    TABLES,
    _number(),
    _text("key", unique=True),
    _text("status"),
    Column("grade", JSON(none_as_null=True)),
    _text("problem"),
    Column("seed", Integer),
    _text("graded_at"),
    Column("given_back", Integer, ForeignKey("given_back.id")),
)

# Who handed in nothing has a row, too, with empty texts.
SUBMISSIONS = Table(
    "submissions",
    TABLES,
    _number(),
    _text("assignment"),
    _text("student"),
    _text("sha"),
    _text("found_at"),
    Column("named", JSON(none_as_null=True)),  # what a platform called it there
    Column("attempt", Integer, nullable=False),
    Column("late", Boolean, nullable=False),
    _text("handed_in"),
    _text("when_by"),
    _text("page"),
    Column("superseded", JSON, nullable=False),
    _text("key"),
    Column("run", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("counts", Boolean, nullable=False),
    UniqueConstraint("assignment", "student", "sha"),
    Index("submissions_of_a_run", "assignment", "run", "place"),
)

# What was graded: where it was found, it may be gone, changed, or inside of a platform's zip.
FILES = Table("files", TABLES, _text("sha256", primary_key=True), Column("data", Packed, nullable=False))

CHANGES = Table(
    "changes",
    TABLES,
    _number(),
    _text("assignment"),
    _text("student"),
    Column("exercise", Words),
    Column("points", Float),
    _text("comment"),
    _text("reason"),
    Column("sha", Words),
    Column("withdraws", Integer, ForeignKey("changes.id")),
    _text("made_at"),
    _text("made_by"),
)

GIVEN_BACK = Table("given_back", TABLES, _number(), Column("seed", Integer), _text("at"))

TOTALS = Table(
    "totals",
    TABLES,
    _number(),
    _text("assignment"),
    _text("student"),
    _text("status"),
    Column("points", Float),
    Column("max_points", Float, nullable=False),
    _text("at"),
    Index("totals_of_a_student", "assignment", "student"),
)

SHAPE = zlib.crc32(" ".join(map(str, (each for table in TABLES.sorted_tables for each in table.columns))).encode()) >> 1
"""A number that changes with the names of tables and columns; SQLite keeps it as its `user_version`."""
