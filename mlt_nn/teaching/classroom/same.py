"""Who of a class is whom of the term: a student stays the same, also under another name, as a roster may bring one."""

from collections import defaultdict

from mlt_nn.teaching.classroom.roster import Roster
from mlt_nn.teaching.classroom.student import Student, letters, spellings


def renamed(term, now):
    """The names to change so that whoever is in the term is called there as in the class.

    Arguments:
        term, now: (name, Student or None, Name or None of what they handed in) of each student of the term, and of the
            class.

    Returns:
        {name in the term: name from now on}. Whoever is told by a student id, an e-mail, a platform's id or, at last, a
        name, and by that alone, is the same, unless two student ids say that they are not. Of two who are not the same
        but have one name, the one in the term gets what tells them apart behind it. Two get one name where the class
        now says that what the first handed in is the second's; they come in the order in which they are to be called.
    """
    left, new = ({name: who or _by_number(named) for name, who, named in each} for each in (term, now))
    known, of_class = {*left, *new}, dict(new)
    names: dict[str, str] = {}
    for kind in (_ids, _emails, _platforms, lambda name, who: {name}, _spellings):
        own, others = _by(kind, left), _by(kind, new)
        for key in own.keys() & others.keys():
            if len(own[key]) == len(others[key]) == 1:
                ((before,), (after,)) = own[key], others[key]
                if before in left and after in new and not _differ(left[before], new[after]):
                    names[before] = after
                    del left[before], new[after]
    roster = {who: name for name, who, _ in now if who}
    find = Roster(roster).find
    for name, who, named in [each for each in term if each[2] and each[0] in left]:
        found, _ = find(named, who, by_name=False)
        if len(found) == 1 and not _differ(left[name], found[0]):
            names[name] = roster[found[0]]
            del left[name]
    for name, who, named in term:
        # Who is known only as missing stays one with the other, if nothing speaks against it.
        if name not in left or name not in of_class or not (named or _differ(who, of_class[name])):
            continue
        told = f"{name} ({(who and (who.student_id or who.email)) or 'before'})"
        while told in known:
            told += "'"
        known.add(told)
        names[name] = told
    return {before: after for before, after in names.items() if before != after}


def _by_number(name):
    """Who handed in what has a Name, by the number of Moodle or Canvas, or None; the name they may have changed."""
    known = name and name.platform in ("Moodle", "Canvas") and name.platform_id
    return Student(name.student, platform_ids=(name.platform_id,)) if known else None


def _by(kind, students):
    found = defaultdict(set)
    for name, who in students.items():
        for key in kind(name, who):
            found[key].add(name)
    return found


def _ids(name, who):
    return {letters(who.student_id if who else name)} - {""}


def _emails(name, who):
    return {(who.email if who else name).casefold()} - {""}


def _platforms(name, who):
    """With the name, for two platforms may give the same number."""
    ids = {letters(each) for each in who.platform_ids} if who else set()
    return {(each, spelling) for each in ids - {""} for spelling in _spellings(name, who)}


def _spellings(name, who):
    return spellings(name) | (spellings(who.name) if who else set())


def _differ(one, other):
    ids = {letters(each.student_id) for each in (one, other) if each and each.student_id}
    return len(ids) > 1
