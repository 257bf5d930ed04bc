"""Who of a class is whom of the term: a student stays the same, also under another name, as a roster may bring one."""

from collections import defaultdict

from mlt_nn.teaching.classroom.student import letters, spellings


def renamed(term, now):
    """The names to change so that whoever is in the term is called there as in the class.

    Arguments:
        term, now: (name, Student or None) of each student of the term, and of the class.

    Returns:
        {name in the term: name from now on}. Whoever is told by a student id, an e-mail, a platform's id or, at last, a
        name, and by that alone, is the same, unless two student ids say that they are not. Of two who are not the same
        but have one name, the one in the term gets what tells them apart behind it.
    """
    left, new = dict(term), dict(now)
    names: dict[str, str] = {}
    for kind in (_ids, _emails, _platforms, lambda name, who: {name}, _spellings):
        own, others = _by(kind, left), _by(kind, new)
        for key in own.keys() & others.keys():
            if len(own[key]) == len(others[key]) == 1:
                ((before,), (after,)) = own[key], others[key]
                if before in left and after in new and not _differ(left[before], new[after]):
                    names[before] = after
                    del left[before], new[after]
    used = {*left, *dict(now), *dict(term)}
    for name in left.keys() & dict(now).keys():
        who = left[name]
        told = f"{name} ({(who and (who.student_id or who.email)) or 'before'})"
        while told in used:
            told += "'"
        used.add(told)
        names[name] = told
    return {before: after for before, after in names.items() if before != after}


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
