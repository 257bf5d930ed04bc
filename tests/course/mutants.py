"""A solution with one small thing changed, again and again: what a check must tell from the solution."""

import ast
import itertools
from typing import NamedTuple

from mlt_nn.teaching.building.stubs import BEGIN, END


class Mutant(NamedTuple):
    what: str
    """The changed line, or "without" and the line that is missing."""
    source: str
    """The function."""


def mutants(source, function):
    """The mutants of a function of a solution module, in the part between its markers; no two are alike."""
    (node,) = (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == function)
    lines = source.splitlines()
    marks = {mark: [i for i, line in enumerate(lines, 1) if line.strip() == mark] for mark in (BEGIN, END)}
    begin = next(i for i in marks[BEGIN] if i > node.lineno)
    end = next(i for i in marks[END] if i > begin)
    node.body = [part for part in node.body if not _is_text(part)]  # the docstring costs time and changes nothing
    names = sorted({name.id for name in ast.walk(node) if isinstance(name, ast.Name) and _stores(name)})
    names = [argument.arg for argument in node.args.args] + [name for name in names if name not in _arguments(node)]
    found: dict[str, Mutant] = {}
    unchanged = ast.unparse(node)
    for place, statement in _places(node, begin, end):
        original = place.get()
        for new in _changes(original, names):
            place.set(new)
            mutant = ast.unparse(node)
            if mutant != unchanged:
                line = _first_line(new if original is statement else statement)
                found.setdefault(mutant, Mutant(line, mutant))
            place.set(original)
            if isinstance(new, ast.Pass):
                found[mutant] = Mutant(f"without {_first_line(statement)}", mutant)
    return list(found.values())


def _first_line(statement):
    return ast.unparse(statement).splitlines()[0]


def _is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _stores(name):
    return isinstance(name.ctx, ast.Store)


def _arguments(node):
    return {argument.arg for argument in node.args.args}


class _Place:
    """Where a node hangs: a field of its parent, or an entry of a list there."""

    def __init__(self, parent, field, index=None):
        self._parent, self._field, self._index = parent, field, index

    def get(self):
        value = getattr(self._parent, self._field)
        return value if self._index is None else value[self._index]

    def set(self, node):
        if self._index is None:
            setattr(self._parent, self._field, node)
        else:
            getattr(self._parent, self._field)[self._index] = node


def _places(function, begin, end):
    """Every place of the marked part, with the innermost statement around it."""

    def within(parent, statement):
        for field, value in ast.iter_fields(parent):
            for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr):
                    continue
                inner = child if isinstance(child, ast.stmt) else statement
                if inner is not None and begin < inner.lineno < end:
                    yield _Place(parent, field, index), inner
                yield from within(child, inner)

    return list(within(function, None))


def _changes(node, names):
    """What takes the place of a node, one after another."""
    if isinstance(node, ast.stmt):
        yield ast.Pass()
    change = getattr(_Changes, type(node).__name__, None)
    if change is not None:
        yield from change(node, names)


_OTHER_OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
}
_OTHER_COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_OTHER_FUNCTIONS = {
    "sum": ("mean", "max"),
    "mean": ("sum",),
    "max": ("min", "sum"),
    "maximum": ("minimum", "add"),
    "argmax": ("argmin",),
    "zeros": ("ones",),
    "zeros_like": ("ones_like",),
    "ones_like": ("zeros_like",),
    "exp": ("sin",),
    "log": ("log2",),
    "tanh": ("sin",),
    "abs": ("square",),
    "sign": ("abs",),
    "subtract": ("add",),
    "standard_normal": ("random",),
    "permutation": ("integers",),
}


class _Changes:
    """By the type of the node."""

    def BinOp(node, names):  # noqa: N805
        yield from (node.left, node.right)
        yield ast.BinOp(node.left, _OTHER_OPERATORS[type(node.op)](), node.right)
        if not isinstance(node.op, (ast.Add, ast.Mult)):
            yield ast.BinOp(node.right, node.op, node.left)

    def UnaryOp(node, names):  # noqa: N805
        yield node.operand

    def Constant(node, names):  # noqa: N805
        if isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node.value, (int, float)):
            yield from map(ast.Constant, (node.value + 1, node.value - 1, node.value * 0, node.value * 2))
        elif isinstance(node.value, str):
            yield ast.Constant(f"not {node.value}")

    def Compare(node, names):  # noqa: N805
        for other in _OTHER_COMPARISONS[type(node.ops[0])]:
            yield ast.Compare(node.left, [other()], node.comparators)

    def BoolOp(node, names):  # noqa: N805
        yield from node.values
        yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)

    def IfExp(node, names):  # noqa: N805
        yield from (node.body, node.orelse)
        yield ast.IfExp(node.test, node.orelse, node.body)

    def If(node, names):  # noqa: N805
        yield from (ast.If(ast.Constant(always), node.body, node.orelse) for always in (True, False))

    def With(node, names):  # noqa: N805
        yield ast.If(ast.Constant(True), node.body, [])

    def AugAssign(node, names):  # noqa: N805
        yield ast.AugAssign(node.target, ast.Sub(), node.value)
        yield ast.Assign([node.target], node.value, lineno=node.lineno)

    def For(node, names):  # noqa: N805
        for some in _but_one(node.iter):
            yield ast.For(node.target, some, node.body, node.orelse, lineno=node.lineno)

    def comprehension(node, names):  # noqa: N805
        for some in _but_one(node.iter):
            yield ast.comprehension(node.target, some, node.ifs, node.is_async)

    def Call(node, names):  # noqa: N805
        method = isinstance(node.func, ast.Attribute) and not isinstance(node.func.value, ast.Name)
        if method or (isinstance(node.func, ast.Attribute) and node.func.value.id not in ("np", "rng")):
            yield node.func.value
        elif node.args:
            yield node.args[0]
        for i in range(len(node.args) - 1):
            args = list(node.args)
            args[i : i + 2] = reversed(args[i : i + 2])
            yield ast.Call(node.func, args, node.keywords)
        for i in range(len(node.keywords)):
            yield ast.Call(node.func, node.args, node.keywords[:i] + node.keywords[i + 1 :])
        if isinstance(node.func, ast.Name) and node.func.id == "range":
            for i, step in itertools.product(range(len(node.args)), (1, -1)):
                if not isinstance(node.args[i], (ast.Constant, ast.UnaryOp)):
                    args = list(node.args)
                    args[i] = ast.BinOp(args[i], ast.Add(), ast.Constant(step))
                    yield ast.Call(node.func, args, node.keywords)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for other in _OTHER_FUNCTIONS.get(name, ()):
            func = ast.Attribute(node.func.value, other) if isinstance(node.func, ast.Attribute) else None
            if func is not None:
                yield ast.Call(func, node.args, node.keywords)

    def Attribute(node, names):  # noqa: N805
        if node.attr == "T":
            yield node.value

    def Slice(node, names):  # noqa: N805
        if node.lower is not None:
            yield ast.Slice(None, node.upper, node.step)
        if node.upper is not None:
            yield ast.Slice(node.lower, None, node.step)

    def Tuple(node, names):  # noqa: N805
        for i in range(len(node.elts) - 1):
            elts = list(node.elts)
            elts[i : i + 2] = reversed(elts[i : i + 2])
            yield ast.Tuple(elts, node.ctx)
        if isinstance(node.ctx, ast.Load):
            for i in range(len(node.elts)):
                yield ast.Tuple(node.elts[:i] + node.elts[i + 1 :], node.ctx)

    def Name(node, names):  # noqa: N805
        if isinstance(node.ctx, ast.Load) and node.id in names:
            yield ast.Name(names[(names.index(node.id) + 1) % len(names)], node.ctx)


def _but_one(iterable):
    """All but the first, and all but the last."""
    for lower, upper in ((ast.Constant(1), None), (None, ast.Constant(-1))):
        entries = ast.Call(ast.Name("list", ast.Load()), [iterable], [])
        yield ast.Subscript(entries, ast.Slice(lower, upper), ast.Load())
