"""Students who never met: each has habits, and writes the exercises by them. Everything hangs on the seed alone."""

import ast
import functools
import random
import re
import runpy
import textwrap

from benchmarks.alike_work.rewrites import REWRITES
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PROJECT, SOLUTIONS
from mlt_nn.teaching.building.stubs import BEGIN, END

_COURSE = PROJECT / "tests" / "course"
# Run, for tests/course is no package.
_WRONG = runpy.run_path(str(_COURSE / "wrong_versions.py"))
_MUTANTS = runpy.run_path(str(_COURSE / "mutants.py"))["mutants"]
# Such a share is written as a known mistake, as a mutant of the solution, and as the alternative.
_MISTAKE, _MUTANT, _ALTERNATIVE = 0.06, 0.06, 0.03

_GIVEN = {"W", "b", "Z", "A", "W_g", "b_g", "X", "Y", "z", "y", "y_hat", "theta", "mask"}
_NAMES = (
    "tmp", "result", "out", "value", "res", "temp", "x1", "cur", "item", "data", "arr", "final", "ret", "vec",
)  # fmt: skip
_PARTS = ("part", "first", "inner", "term", "left", "t", "h", "factor")
_RESULTS = ("result", "answer", "output", "final", "r")
_NEEDLESS = ("one = 1", "done = False", "eps = 1e-12", "debug = 0")
_COMMENTS = (
    "loop over the layers", "see the lecture", "shape (n, k)", "TODO: simplify", "this took me long", "as on the board",
    "avoid overflow", "one entry for each layer", "like in the notebook", "element-wise", "the last layer is special",
    "sum over the rows", "check shapes", "works", "same as before", "from the formula", "start with the input",
    "derivative", "keep the dtype", "careful with the axis", "first version was slower", "hint from the docstring",
)  # fmt: skip
_MIRRORED = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE, ast.Eq: ast.Eq}


def student(number, seed=0):
    """What one student hands in: {module: text}."""
    draw = random.Random(f"{seed} {number}")
    habits = _Habits(draw)
    return {module: _module(module, draw, habits) for module in MODULES}


def _module(module, draw, habits):
    source = text = _solution(module)
    for exercise in (each for each in EXERCISES if each.module == module):
        body = habits.written(_answer(exercise, source, draw))
        text = with_body(text, exercise.function, habits.laid_out(body))
    if not habits.keeps_docstrings:
        text = re.sub(r'\n    """.*?"""\n', "\n", text, flags=re.DOTALL)
    return text


def _answer(exercise, source, draw):
    """The lines of one exercise before anybody's habits."""
    solution = _marked(source, exercise.function)
    kinds = {"mistake": _MISTAKE, "mutant": _MUTANT, "alternative": _ALTERNATIVE}
    kind = draw.choices([*kinds, "right"], [*kinds.values(), 1 - sum(kinds.values())])[0]
    if kind == "mistake":
        wrong = draw.choice(list(_WRONG["WRONG"][exercise.name].values()))
        for old, new in (parts := _WRONG["parts"](wrong)):
            solution = solution.replace(old, new)
        return solution if parts else wrong
    if kind == "mutant":
        return _own_lines(draw.choice(_mutants(source, exercise.function)).source, source, exercise.function)
    if kind == "alternative":
        alternative = (_COURSE / "alternatives" / f"{exercise.module}.py").read_text(encoding="utf-8")
        return _own_lines(alternative, source, exercise.function)
    # As in any class most write what comes to mind first.
    choices = [solution, *REWRITES.get(exercise.name, ())]  # a new exercise has none yet
    return draw.choices(choices, [(1 + rank) ** -0.7 for rank in range(len(choices))])[0]


@functools.cache
def _solution(module):
    return (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")


@functools.cache
def _mutants(source, function):
    return _MUTANTS(source, function)


def _span(source, function):
    """Where the lines between the markers of a function begin and end, and where the function does."""
    start = source.index(f"def {function}(")
    return start, source.index(BEGIN, start), source.index(END, start)


def _marked(source, function):
    _, begin, end = _span(source, function)
    return textwrap.dedent(source[begin + len(BEGIN) + 1 : end].rstrip(" "))


def with_body(source, function, body):
    _, begin, end = _span(source, function)
    return source[:begin].rstrip(" ") + textwrap.indent(body, "    ") + source[end + len(END) + 1 :]


def _own_lines(text, source, function):
    """The body of a function in a text, without the lines that are given in the source."""
    (node,) = (node for node in _functions(ast.parse(text)) if node.name == function)
    start, begin, _ = _span(source, function)
    given = {ast.dump(each) for each in _functions(ast.parse(f"{source[start:begin]}pass"))[0].body}
    return "\n".join(ast.unparse(each) for each in node.body if ast.dump(each) not in given) or "pass"


def _functions(tree):
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]


class _Habits(ast.NodeTransformer):
    """How one student writes whatever is to be written."""

    def __init__(self, draw):
        self._draw = draw
        self.keeps_docstrings = draw.random() < 0.8
        self._comments = draw.choice([0, 0, 0.1, 0.2, 0.5])
        self._indent = draw.choice([4, 4, 4, 2])
        self._is_tight = draw.random() < 0.3
        self._renames = draw.choice([0.05, 0.2, 0.6])
        self._names: dict[str, str] = {}
        self._product = draw.choice(["{} @ {}", "{} @ {}", "np.dot({}, {})", "np.matmul({}, {})", "({}).dot({})"])
        self._square = draw.choice(["({0}) ** 2", "({0}) ** 2", "({0}) * ({0})", "np.square({0})"])
        self._uses_methods, self._names_axes, self._adds_in_place = (draw.random() < 0.5 for _ in range(3))
        self._length = draw.choice(["L", "len(W)"])
        self._swaps, self._steps, self._keeps_results = (draw.choice([0.02, 0.1, 0.3]) for _ in range(3))
        self._needless = draw.choice([0, 0.05, 0.2])

    def written(self, body):
        """The lines as this student writes them."""
        (function,) = _functions(ast.parse(f"def f():\n{textwrap.indent(body, '    ')}"))
        function = self.visit(function)
        self._rename(function)
        return "\n".join(ast.unparse(each) for each in function.body) + "\n"

    def laid_out(self, body):
        """The lines with this student's comments and spaces."""
        lines = []
        for line in body.splitlines():
            indent = line[: len(line) - len(line.lstrip())]
            if line.strip() and self._draw.random() < self._comments:
                comment = f"# {self._draw.choice(_COMMENTS)}"
                lines += [f"{line}  {comment}"] if self._draw.random() < 0.5 else [indent + comment, line]
            else:
                lines.append(line)
        text = "\n".join(lines) + "\n"
        if self._is_tight:
            text = re.sub(r" ([-+*/]) ", r"\1", text)
        return re.sub(r"^ +", lambda found: found[0][: len(found[0]) // 4 * self._indent], text, flags=re.MULTILINE)

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.MatMult) and self._often():
            return _expression(self._product, node.left, node.right)
        if isinstance(node.op, ast.Pow) and ast.unparse(node.right) == "2" and self._often():
            return _expression(self._square, node.left)
        if isinstance(node.op, (ast.Add, ast.Mult)) and self._draw.random() < self._swaps:
            return ast.BinOp(node.right, node.op, node.left)
        return node

    def visit_Call(self, node):
        self.generic_visit(node)
        is_known = re.fullmatch(r"np\.(sum|mean|max|argmax)", ast.unparse(node.func))
        if is_known and self._uses_methods and self._often():
            first, *rest = node.args
            node = ast.Call(ast.Attribute(first, node.func.attr, ast.Load()), rest, node.keywords)
        if not self._names_axes and [each.arg for each in node.keywords] == ["axis"]:
            node = ast.Call(node.func, [*node.args, node.keywords[0].value], [])
        return node

    def visit_Name(self, node):
        is_read = isinstance(node.ctx, ast.Load)
        return _expression(self._length) if node.id == "L" and is_read and self._often() else node

    def visit_Compare(self, node):
        self.generic_visit(node)
        mirrored = _MIRRORED.get(type(node.ops[0]))
        if len(node.ops) == 1 and mirrored and self._draw.random() < self._swaps:
            return ast.Compare(node.comparators[0], [mirrored()], [node.left])
        return node

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if self._adds_in_place or not isinstance(node.target, ast.Name):
            return node
        return ast.Assign([node.target], ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value), lineno=0)

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.body = self._in_steps(node.body)
        return node

    def visit_For(self, node):
        self.generic_visit(node)
        node.body = self._in_steps(node.body)
        return node

    def _in_steps(self, body):
        """Statements with parts of them in lines of their own, and some that nobody needs."""
        found = [] if self._draw.random() >= self._needless else ast.parse(self._draw.choice(_NEEDLESS)).body
        for statement in body:
            value = getattr(statement, "value", None)
            parts = [value.left, value.right] if isinstance(value, ast.BinOp) else getattr(value, "args", [])
            parts = [part for part in parts if isinstance(part, (ast.BinOp, ast.Call, ast.Subscript))]
            if parts and self._draw.random() < self._steps:
                part = self._draw.choice(parts)
                found.append(_named(self._draw.choice(_PARTS), part))
                statement = _Replaced(part, found[-1].targets[0].id).visit(statement)
            long = isinstance(value, (ast.BinOp, ast.Call, ast.DictComp)) and isinstance(statement, ast.Return)
            if long and self._draw.random() < self._keeps_results:
                found.append(_named(self._draw.choice(_RESULTS), statement.value))
                statement = ast.Return(ast.Name(found[-1].targets[0].id, ast.Load()))
            found.append(statement)
        return found

    def _rename(self, function):
        names = sorted(stored(function) - _GIVEN)
        for name in names:
            if name not in self._names:
                other = self._draw.choice([*_NAMES, f"{name}_", f"my_{name}", f"{name}1"])
                self._names[name] = other if self._draw.random() < self._renames else name
        new = {name: self._names[name] for name in names}
        used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)} | set(new)
        once = {name: other for name, other in new.items() if [*new.values()].count(other) == 1 and other not in used}
        rename(function, once)

    def _often(self):
        return self._draw.random() < 0.9


class _Replaced(ast.NodeTransformer):
    """One node replaced by a name."""

    def __init__(self, part, name):
        self._part, self._name = part, name

    def visit(self, node):
        return ast.Name(self._name, ast.Load()) if node is self._part else super().generic_visit(node)


def _named(name, value):
    return ast.Assign([ast.Name(name, ast.Store())], value, lineno=0)


def _expression(pattern, *parts):
    return ast.parse(pattern.format(*map(ast.unparse, parts)), mode="eval").body


def stored(function):
    """The names that a function gives values to, and those of the functions in it."""
    nodes = list(ast.walk(function))[1:]
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return names | {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def rename(function, new):
    """Give names of a function other ones, in place: {old: new}."""
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in new:
            node.id = new[node.id]
        elif isinstance(node, ast.FunctionDef) and node.name in new:
            node.name = new[node.name]
