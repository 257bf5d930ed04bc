"""The tables of a term's database. What was handed in, graded or changed by hand is never deleted from them."""

import zlib

import sqlalchemy as sa


class Words(sa.TypeDecorator):
    """A text that comes back as it was, also one that is no Unicode, as the name of a file may be."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value, dialect):
        try:
            value is None or value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogatepass")  # the database keeps bytes in a column of texts, too
        return value

    def process_result_value(self, value, dialect):
        return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value


class Packed(sa.TypeDecorator):
    """Bytes, compressed by us: nobody else could make a few of them unpack to gigabytes."""

    impl = sa.LargeBinary
    cache_ok = True

    def process_bind_param(self, value, dialect):
        return zlib.compress(value)

    def process_result_value(self, value, dialect):
        return zlib.decompress(value)


def _text(name, **more):
    return sa.Column(name, Words, nullable=False, **more)


def _number():
    return sa.Column("id", sa.Integer, primary_key=True)


TABLES = sa.MetaData()

# `called` is the name by itself, where a roster or a platform says who somebody is: `name` tells two of one name apart.
STUDENTS = sa.Table(
    "students",
    TABLES,
    _text("name", primary_key=True),
    _text("first_name", server_default=""),
    _text("last_name", server_default=""),
    _text("email", server_default=""),
    _text("student_id", server_default=""),
    sa.Column("platform_ids", sa.JSON(none_as_null=True)),
    sa.Column("groups", sa.JSON(none_as_null=True)),
    sa.Column("called", Words),
)

# A grade belongs to what was handed in, whoever did and for whichever assignment: `key` says all that it depends on.
GRADES = sa.Table(
    "grades",
    TABLES,
    _number(),
    _text("key", unique=True),
    _text("status"),
    sa.Column("grade", sa.JSON(none_as_null=True)),
    _text("problem"),
    sa.Column("seed", sa.Integer),
    _text("graded_at"),
    sa.Column("given_back", sa.Integer, sa.ForeignKey("given_back.id")),
)

# Who handed in nothing has a row, too, with what is said here of each column.
SUBMISSIONS = sa.Table(
    "submissions",
    TABLES,
    _number(),
    _text("assignment"),
    _text("student"),
    _text("sha", default=""),
    _text("found_at", default=""),
    sa.Column("named", sa.JSON(none_as_null=True)),  # what a platform called it there
    sa.Column("attempt", sa.Integer, nullable=False, default=0),
    sa.Column("late", sa.Boolean, nullable=False, default=False),
    _text("handed_in", default=""),
    _text("when_by", default=""),
    _text("page"),
    sa.Column("superseded", sa.JSON, nullable=False, default=[]),
    _text("key", default=""),
    sa.Column("run", sa.Integer, nullable=False),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("counts", sa.Boolean, nullable=False),
    sa.UniqueConstraint("assignment", "student", "sha"),
    sa.Index("submissions_of_a_run", "assignment", "run", "place"),
)

# What was graded: where it was found, it may be gone, changed, or inside of a platform's zip.
FILES = sa.Table("files", TABLES, _text("sha256", primary_key=True), sa.Column("data", Packed, nullable=False))

CHANGES = sa.Table(
    "changes",
    TABLES,
    _number(),
    _text("assignment"),
    _text("student"),
    sa.Column("exercise", Words),
    sa.Column("points", sa.Float),
    sa.Column("max_points", sa.Float),  # what the points were out of
    _text("comment"),
    _text("reason"),
    sa.Column("sha", Words),
    sa.Column("withdraws", sa.Integer, sa.ForeignKey("changes.id")),
    _text("made_at"),
    _text("made_by"),
)

GIVEN_BACK = sa.Table("given_back", TABLES, _number(), sa.Column("seed", sa.Integer), _text("at"))

TOTALS = sa.Table(
    "totals",
    TABLES,
    _number(),
    _text("assignment"),
    _text("student"),
    _text("status"),
    sa.Column("points", sa.Float),
    sa.Column("max_points", sa.Float, nullable=False),
    _text("at"),
    sa.Index("totals_of_a_student", "assignment", "student"),
)

SHAPE = zlib.crc32(" ".join(map(str, (each for table in TABLES.sorted_tables for each in table.columns))).encode()) >> 1
"""A number that changes with the names of tables and columns; SQLite keeps it as its `user_version`."""
