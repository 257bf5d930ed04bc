"""term.sqlite3: what a class handed in, its grades, and what was changed by hand, for all assignments of a term."""

import contextlib
import csv
import getpass
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from sqlalchemy import JSON, URL, StaticPool, and_, create_engine, delete, event, func, select, true, tuple_, update
from sqlalchemy.dialects.sqlite import insert

from mlt_nn.support.locking import lock
from mlt_nn.support.writing import replacing
from mlt_nn.teaching.classroom import late
from mlt_nn.teaching.classroom.gradebook import safe
from mlt_nn.teaching.classroom.platforms import Name
from mlt_nn.teaching.classroom.record import Change, Record, how_it_ended
from mlt_nn.teaching.classroom.same import renamed
from mlt_nn.teaching.classroom.student import Student
from mlt_nn.teaching.classroom.tables import (
    CHANGES,
    FILES,
    GIVEN_BACK,
    GRADES,
    SHAPE,
    STUDENTS,
    SUBMISSIONS,
    TABLES,
    TOTALS,
)
from mlt_nn.teaching.grader.graded import Graded

FILE = "term.sqlite3"
_BEFORE = "grades.jsonl"
_WHO = ("first_name", "last_name", "email", "student_id", "platform_ids", "groups")
# So many seconds one who writes waits for another.
_PATIENCE = 30


class Term:
    """The database of a folder of grades. Use it in a `with` statement.

    What a method writes is on the disk when it returns, or else nothing of it is there. Several processes may have it
    open at once.

    Raises:
        OSError: when the database cannot be read or written; so does every method.
    """

    def __init__(self, folder):
        self._folder, path = Path(folder), Path(folder) / FILE
        url = URL.create("sqlite", database=str(path))
        how = {"isolation_level": "IMMEDIATE", "timeout": _PATIENCE}
        engine = create_engine(url, poolclass=StaticPool, connect_args=how)

        @event.listens_for(engine, "handle_error")
        def _(context):
            raise OSError(f"{path}: {context.original_exception}") from context.original_exception

        self.added: set[str] = set()
        """The keys of what was graded since it was opened."""
        self._connection = engine.connect()
        try:
            # Also the folder is on the disk before a grade is said to be there.
            self._connection.exec_driver_sql("PRAGMA synchronous = EXTRA")
            self._connection.commit()
            self._create()
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        self._connection.close()
        self._connection.engine.dispose()

    @contextlib.contextmanager
    def alone(self):
        """A `with` statement in which nobody else grades into the folder.

        Raises:
            BlockingIOError: when somebody else does.
            OSError: when that cannot be known.
        """
        with (self._folder / f"{FILE}.lock").open("a") as file:
            try:
                lock(file)
            except BlockingIOError:
                raise BlockingIOError(f"another grading is at work in {self._folder}") from None
            except OSError as error:
                raise OSError(
                    f"whether another grading is at work in {self._folder} cannot be known ({error.strerror}): "
                    "name a folder on another disk by --out"
                ) from error
            yield

    def _create(self):
        """Make the tables, and take over what an earlier version of the course wrote, all at once."""
        with self._connection.begin():
            if self._connection.exec_driver_sql("PRAGMA schema_version").scalar():
                if self._connection.exec_driver_sql("PRAGMA user_version").scalar() != SHAPE:
                    raise OSError(
                        f"{self._folder / FILE} was written by another version of the course: go on with that one, "
                        "or name another folder by --out"
                    )
                return
            self._connection.exec_driver_sql("BEGIN IMMEDIATE")
            TABLES.create_all(self._connection)
            self._connection.exec_driver_sql(f"PRAGMA user_version = {SHAPE}")
            for key, line in _lines(self._folder / _BEFORE):
                if key.startswith("given back"):
                    self._give_back(line["seed"])
                else:
                    self._add(key, line)

    # Grades

    def grade(self, key):
        """{"status", "grade", "problem"} of a key, where "grade" is what `Graded.to_json` gives; None without any."""
        return self.grades([key]).get(key)

    def grades(self, keys):
        """{key: the same} of those of the keys that have a grade."""
        columns = GRADES.c["key", "status", "grade", "problem"]
        rows = self._rows(select(*columns).where(GRADES.c.key.in_(keys)))
        return {key: {"status": status, "grade": grade, "problem": problem} for key, status, grade, problem in rows}

    def was_graded(self, assignment, sha):
        """Whether what has this `digest` was handed in for the assignment, by its name, and has a grade."""
        own = (SUBMISSIONS.c.assignment == assignment, SUBMISSIONS.c.sha == sha, GRADES.c.grade.is_not(None))
        graded = select(GRADES.c.id).join(SUBMISSIONS, SUBMISSIONS.c.key == GRADES.c.key)
        return bool(self._rows(graded.where(*own).limit(1)))

    def add(self, key, outcome):
        """Keep a grade, in the place of an earlier one of the same key."""
        with self._connection.begin():
            self._add(key, outcome)
        self.added.add(key)

    def _add(self, key, outcome):
        values = {name: outcome[name] for name in ("status", "grade", "problem")}
        values |= {"seed": outcome["grade"] and outcome["grade"]["seed"], "graded_at": _now()}
        row = insert(GRADES).values(key=key, **values)
        self._connection.execute(row.on_conflict_do_update(index_elements=["key"], set_=values))

    def seeds(self):
        """The seed of the newest grade that was not given back, or None, and those that were, the newest first."""
        new = select(GRADES.c.seed).where(GRADES.c.given_back.is_(None), GRADES.c.seed.is_not(None))
        new = new.order_by(GRADES.c.id.desc()).limit(1)
        old = select(GIVEN_BACK.c.seed).order_by(GIVEN_BACK.c.id.desc())
        return next(self._column(new), None), list(self._column(old))

    def give_back(self, seed):
        """Note that whoever was graded from this seed now has a page that tells of its inputs."""
        with self._connection.begin():
            self._give_back(seed)

    def _give_back(self, seed):
        new = GRADES.c.given_back.is_(None)
        if self._connection.scalar(select(GRADES.c.id).where(new).limit(1)):
            row = insert(GIVEN_BACK).values(seed=seed, at=_now())
            number = self._connection.execute(row.returning(GIVEN_BACK.c.id)).scalar()
            self._connection.execute(update(GRADES).where(new).values(given_back=number))

    # Submissions

    def keep(self, files):
        """Keep files as they were handed in.

        Arguments:
            files: {SHA-256: bytes}.
        """
        new = files.keys() - set(self._column(select(FILES.c.sha256).where(FILES.c.sha256.in_(files))))
        if new:
            with self._connection.begin():
                rows = [{"sha256": each, "data": files[each]} for each in sorted(new)]
                self._connection.execute(insert(FILES).on_conflict_do_nothing(), rows)

    def file(self, sha256):
        """The bytes of a file that was kept, or None."""
        return next(self._column(select(FILES.c.data).where(FILES.c.sha256 == sha256)), None)

    def hand_in(self, assignment, submissions, without_work=()):
        """Keep what was found of a class.

        Arguments:
            assignment: its name.
            submissions: of each student the one that counts, as a dict of the columns `student`, `sha`, `found_at`,
                `named`, `attempt`, `late`, `handed_in`, `when_by`, `page`, `superseded` and `key`, and `who`, a Student
                or None.
            without_work: `student`, `who` and `page` of those who handed in nothing.
        """
        with self._connection.begin():
            run = 1 + (self._connection.scalar(select(_last_run(assignment))) or 0)
            found = [*submissions, *without_work]
            self._rename(assignment, [(each["student"], each["who"], each.get("named")) for each in found])
            for place, values in enumerate(found):
                when = values.get("handed_in")
                values = values | {"handed_in": when.isoformat() if when else ""}
                self._know(values["student"], values.pop("who"))
                own = and_(SUBMISSIONS.c.assignment == assignment, SUBMISSIONS.c.student == values["student"])
                self._connection.execute(update(SUBMISSIONS).where(own).values(counts=False))
                values |= {"run": run, "place": place, "counts": True}
                row = insert(SUBMISSIONS).values(assignment=assignment, **values)
                self._connection.execute(
                    row.on_conflict_do_update(index_elements=["assignment", "student", "sha"], set_=values)
                )

    def _rename(self, assignment, now):
        """Call whoever is known by another name as now, in all tables."""
        rows = self._connection.execute(select(STUDENTS)).all()
        is_own = SUBMISSIONS.c.assignment == assignment
        called = select(SUBMISSIONS.c.student, SUBMISSIONS.c.named, is_own)
        last: dict[str, Name] = {}
        for student, named, of_this in self._connection.execute(called.order_by(is_own, SUBMISSIONS.c.run)):
            if named:
                # The numbers of Moodle and Gradescope say nothing in another assignment.
                last[student] = Name(*named) if of_this or named[0] in ("", "Canvas") else Name("", "")
        names = renamed([(row.name, _student(row), last.get(row.name)) for row in rows], now)
        # Two may change their names for each other's.
        between = {before: f"{token_hex(16)} {number}" for number, before in enumerate(names)}
        for before, name in between.items():
            self._call(before, name)
        taken = {row.name for row in rows} - names.keys()
        for before, name in between.items():
            if names[before] in taken:
                self._join(name, names[before])
            self._call(name, names[before])
            taken.add(names[before])

    def _call(self, before, after):
        for column in (STUDENTS.c.name, SUBMISSIONS.c.student, CHANGES.c.student, TOTALS.c.student):
            self._connection.execute(update(column.table).where(column == before).values({column: after}))

    def _join(self, before, after):
        """Forget of the first what cannot be the second's too: a student has one submission that counts, or none."""
        execute, own = self._connection.execute, SUBMISSIONS.c["assignment", "sha"]
        for one, other in ((before, after), (after, before)):
            handed_in = select(own.assignment).where(SUBMISSIONS.c.student == other, own.sha != "")
            for table, is_missing in (
                (SUBMISSIONS, own.sha == ""),
                (TOTALS, and_(TOTALS.c.status == "nothing handed in", TOTALS.c.points.is_(None))),
            ):
                execute(delete(table).where(table.c.student == one, is_missing, table.c.assignment.in_(handed_in)))
        of_first, of_second = (SUBMISSIONS.c.student == name for name in (before, after))
        execute(delete(SUBMISSIONS).where(of_first, tuple_(*own).in_(select(*own).where(of_second))))
        twice = own.assignment.in_(select(own.assignment).where(of_second, SUBMISSIONS.c.counts))
        execute(update(SUBMISSIONS).where(of_first, twice).values(counts=False))
        execute(delete(STUDENTS).where(STUDENTS.c.name == before))

    def _know(self, name, who):
        row = insert(STUDENTS).values(name=name)
        if who is None:
            self._connection.execute(row.on_conflict_do_nothing())
        else:
            known = {field: getattr(who, field) for field in _WHO} | {"called": who.name}
            self._connection.execute(row.values(**known).on_conflict_do_update(index_elements=["name"], set_=known))

    def left_out(self, assignment):
        """Who handed in something for the assignment, by its name, and is not in its last grading."""
        earlier = SUBMISSIONS.c.run < _last_run(assignment), SUBMISSIONS.c.sha != ""
        students = _counting(assignment).where(*earlier).with_only_columns(SUBMISSIONS.c.student)
        return list(self._column(students.order_by(SUBMISSIONS.c.student)))

    def version(self, assignment):
        """Another one whenever `records` gives something else."""
        return self._rows(select(_last_run(assignment.name), select(func.max(CHANGES.c.id)).scalar_subquery()))[0]

    def records(self, assignment, student=None):
        """Yields the Record of each student in the last grading of an Assignment, or of one of them, one by one."""
        last = SUBMISSIONS.c.run == _last_run(assignment.name)
        if assignment.extensions:
            own = select(STUDENTS).join(SUBMISSIONS, STUDENTS.c.name == SUBMISSIONS.c.student)
            rows = self._rows(own.where(SUBMISSIONS.c.assignment == assignment.name, SUBMISSIONS.c.counts, last))
            assignment = late.settled(assignment, [(row.name, _student(row)) for row in rows])
        numbers = _counting(assignment.name).where(last).order_by(SUBMISSIONS.c.place)
        numbers = numbers.where(SUBMISSIONS.c.student == student if student else true())
        by_hand: dict[str, list[Change]] = {}
        for change in self.changes(assignment.name, student):
            by_hand.setdefault(change.student, []).append(change)
        joined = (
            select(SUBMISSIONS, GRADES.c.status, GRADES.c.grade, GRADES.c.problem, STUDENTS)
            .join(STUDENTS, STUDENTS.c.name == SUBMISSIONS.c.student)
            .outerjoin(GRADES, GRADES.c.key == SUBMISSIONS.c.key)
        )
        # A few at once, so that a long reading keeps nobody from writing.
        for some in _batches(list(self._column(numbers))):
            yield from self._records(assignment, joined.where(SUBMISSIONS.c.id.in_(some)), by_hand)

    def _records(self, assignment, query, by_hand):
        for row in self._rows(query.order_by(SUBMISSIONS.c.place)):
            graded = row.grade and assignment.of(Graded.from_json(row.grade))
            yield Record(
                row.student,
                row.attempt,
                row.late,
                datetime.fromisoformat(row.handed_in) if row.handed_in else None,
                how_it_ended(graded) if graded and not row.problem else row.status or "nothing handed in",
                graded,
                row.problem if row.status else "Nothing was handed in.",
                row.page,
                tuple(map(tuple, row.superseded)),
                tuple(by_hand.get(row.student, ())),
                _student(row),
                row.when_by,
                assignment,
                row.named and Name(*row.named),
            )

    # By hand

    def change(self, assignment, student, **what):
        """Set a mark, say something, or withdraw what was changed before; returns the number of the change.

        Arguments:
            what: `exercise` (all of the assignment without it), `points` and the `max_points` that they are out of,
                `comment`, `reason`, or `withdraws`, the number of an earlier change.
        """
        values = {"comment": "", "reason": ""} | what
        values |= {"made_at": _now(), "made_by": _user(), "sha": self._sha(assignment, student)}
        with self._connection.begin():
            row = insert(CHANGES).values(assignment=assignment, student=student, **values)
            return self._connection.execute(row.returning(CHANGES.c.id)).scalar()

    def _sha(self, assignment, student):
        own = SUBMISSIONS.c.assignment == assignment, SUBMISSIONS.c.student == student, SUBMISSIONS.c.counts
        return next(self._column(select(SUBMISSIONS.c.sha).where(*own)), None)

    def changes(self, assignment=None, student=None):
        """The changes by hand that stand, in the order in which they were made."""
        withdrawn = select(CHANGES.c.withdraws).where(CHANGES.c.withdraws.is_not(None))
        own = and_(SUBMISSIONS.c.assignment == CHANGES.c.assignment, SUBMISSIONS.c.student == CHANGES.c.student)
        same = CHANGES.c["assignment", "student", "exercise", "points", "max_points", "comment", "reason"]
        others = CHANGES.c.id.label("number"), CHANGES.c.made_at.label("when"), CHANGES.c.made_by.label("by")
        is_older = SUBMISSIONS.c.sha.is_distinct_from(CHANGES.c.sha).label("is_older")
        is_mark = CHANGES.c.points.is_not(None)
        place = CHANGES.c["assignment", "student", "exercise"]
        last = func.max(CHANGES.c.id).filter(is_mark).over(partition_by=place)
        is_replaced = and_(is_mark, CHANGES.c.id < last).label("is_replaced")
        chosen = select(*same, *others, is_older, is_replaced).select_from(CHANGES)
        chosen = chosen.outerjoin(SUBMISSIONS, and_(own, SUBMISSIONS.c.counts))
        chosen = chosen.where(CHANGES.c.withdraws.is_(None), CHANGES.c.id.not_in(withdrawn)).order_by(CHANGES.c.id)
        chosen = chosen.where(CHANGES.c.assignment == assignment if assignment else true())
        chosen = chosen.where(CHANGES.c.student == student if student else true())
        rows = (row._asdict() for row in self._rows(chosen))
        return [Change(**row | {"when": datetime.fromisoformat(row["when"])}) for row in rows]

    # The term

    def note_totals(self, assignment):
        """Keep what each student has of an Assignment, where it is not what was last; yields the records."""
        last = select(TOTALS).where(TOTALS.c.assignment == assignment.name).order_by(TOTALS.c.id.desc()).limit(1)
        new = []
        for record in self.records(assignment):
            values = {"status": record.status, "points": record.score(), "max_points": assignment.points}
            before = self._rows(last.where(TOTALS.c.student == record.student))
            if not before or any(getattr(before[0], name) != value for name, value in values.items()):
                new.append({"assignment": assignment.name, "student": record.student, "at": _now()} | values)
            yield record
        if new:
            with self._connection.begin():
                self._connection.execute(insert(TOTALS), new)

    def students(self):
        """All students, by their names."""
        return self._rows(select(STUDENTS).order_by(STUDENTS.c.name))

    def assignments(self):
        """The names of the assignments that were graded, in their order."""
        names = select(TOTALS.c.assignment).group_by(TOTALS.c.assignment).order_by(func.min(TOTALS.c.id))
        return list(self._column(names))

    def totals(self):
        """What each student has for each assignment, with `before`, the points before that, of as many, or None."""
        own = [TOTALS.c.student, TOTALS.c.assignment]
        alike = [*own, TOTALS.c.max_points]
        numbered = select(
            TOTALS,
            func.lag(TOTALS.c.points).over(partition_by=alike, order_by=TOTALS.c.id).label("before"),
            func.row_number().over(partition_by=own, order_by=TOTALS.c.id.desc()).label("nth"),
        ).subquery()
        return self._rows(select(numbered).where(numbered.c.nth == 1))

    def export(self, folder):
        """Write each table into the folder, as CSV."""
        for table in TABLES.sorted_tables:
            with replacing(folder / f"{table.name}.csv") as stream, self._connection.begin():
                text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
                lines = csv.writer(text)
                lines.writerow(table.columns.keys())
                for row in self._connection.execute(select(table), execution_options={"yield_per": 100}):
                    lines.writerow([_cell(*each) for each in zip(table.columns, row, strict=True)])
                text.detach()

    def _rows(self, query):
        """The rows, all read."""
        with self._connection.begin():
            return self._connection.execute(query).all()

    def _column(self, query):
        return (value for (value,) in self._rows(query))


def _batches(items, size=20):
    return (items[start : start + size] for start in range(0, len(items), size))


def existing(folder):
    """The Term of a folder that has one.

    Raises:
        FileNotFoundError: when it has none.
        OSError: as Term does.
    """
    if not (folder / FILE).is_file():
        raise FileNotFoundError(
            f"There is no term in {folder}: name the folder that has it, "
            f"or grade submissions with --out {folder} first."
        )
    return Term(folder)


def _student(row):
    if row.called is None:
        return None
    known = {field: getattr(row, field) for field in _WHO}
    return Student(row.called, **known | {name: tuple(known[name]) for name in ("platform_ids", "groups")})


def _counting(assignment):
    return select(SUBMISSIONS.c.id).where(SUBMISSIONS.c.assignment == assignment, SUBMISSIONS.c.counts)


def _last_run(assignment):
    return select(func.max(SUBMISSIONS.c.run)).where(SUBMISSIONS.c.assignment == assignment).scalar_subquery()


def _cell(column, value):
    if value is None or isinstance(value, int | float):
        return value
    is_code = isinstance(value, bytes)
    if is_code or isinstance(column.type, JSON):
        # A spreadsheet that separates by semicolons would begin a cell behind each, and take it for a formula.
        return json.dumps([value.decode("utf-8", "replace")] if is_code else value).replace(";", "\\u003b")
    return safe(value)


def _lines(path):
    """Yields (key, values) of a file that an earlier version of the course wrote; a damaged line is passed over."""
    with contextlib.suppress(FileNotFoundError), path.open("rb") as lines:
        for line in lines:
            with contextlib.suppress(ValueError, TypeError, KeyError, AttributeError):
                values = json.loads(line)
                key = values["key"]
                wanted = ("seed",) if key.startswith("given back") else ("status", "grade", "problem")
                yield key, {name: values[name] for name in wanted}


def _now():
    return datetime.now(UTC).isoformat(timespec="seconds")


def _user():
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
