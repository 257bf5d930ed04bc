"""Students who never met: each has habits, and writes the exercises by them. Everything hangs on the seed alone."""

import ast
import functools
import random
import re
import textwrap

from benchmarks.alike_work.rewrites import REWRITES
from course.mutants import mutants
from course.wrong_versions import WRONG
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PROJECT, SOLUTIONS
from mlt_nn.teaching.building.stubs import BEGIN, END

# One exercise in so many is written as one of the known mistakes, and as many as a mutant of the solution.
_SLIP = 0.06
_OTHER_NAMES = ("tmp", "result", "out", "value", "res", "temp", "x1", "cur", "item", "data", "arr", "final", "ret", "vec")
_COMMENTS = (
    "loop over the layers", "see the lecture", "shape (n, k)", "TODO: simplify", "this took me long", "as on the board",
    "avoid overflow", "one entry for each layer", "like in the notebook", "element-wise", "the last layer is special",
    "sum over the rows", "check shapes", "works", "same as before", "from the formula", "start with the input",
    "derivative", "keep the dtype", "careful with the axis", "first version was slower", "hint from the docstring",
)  # fmt: skip


def student(number, seed=0):
    """What one student hands in: {module: text}."""
    draw = random.Random(f"{seed} {number}")
    habits = _Habits(draw)
    return {module: _module(module, draw, habits) for module in MODULES}


def _module(module, draw, habits):
    text = (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")
    for exercise in (each for each in EXERCISES if each.module == module):
        body = habits.written(_answer(exercise, text, draw), exercise)
        text = _with_body(text, exercise.function, habits.laid_out(body))
    if not habits.keeps_docstrings:
        text = re.sub(r'\n    """.*?"""\n', "\n", text, flags=re.DOTALL)
    return text


def _answer(exercise, source, draw):
    """The lines of one exercise before anybody's habits."""
    kind = draw.random()
    if kind < _SLIP:
        wrong = draw.choice(list(WRONG[exercise.name].values()))
        return wrong if isinstance(wrong, str) else replaced(marked(source, exercise.function), wrong)
    if kind < 2 * _SLIP:
        return _from_function(draw.choice(_mutants(source, exercise.function)).source, source, exercise.function)
    if kind < 2 * _SLIP + 0.03:
        text = (PROJECT / "tests" / "course" / "alternatives" / f"{exercise.module}.py").read_text(encoding="utf-8")
        return _from_function(text, source, exercise.function)
    # As in any class most write what comes to mind first.
    choices = [marked(source, exercise.function), *REWRITES[exercise.name]]
    return draw.choices(choices, [1 / (1 + rank) ** 0.7 for rank in range(len(choices))])[0]


@functools.cache
def _mutants(source, function):
    return mutants(source, function)


def marked(source, function):
    """The lines between the markers of a function of a solution, without their indent."""
    after = source[re.search(rf"^def {function}\(", source, re.MULTILINE).start() :]
    return textwrap.dedent(after[after.index(BEGIN) + len(BEGIN) + 1 : after.index(END)].rpartition("\n")[0] + "\n")


def replaced(text, parts):
    """A text with parts replaced: (old, new, old, new, ...)."""
    for old, new in zip(parts[::2], parts[1::2], strict=True):
        text = text.replace(old, new)
    return text


def _with_body(source, function, body):
    start = re.search(rf"^def {function}\(", source, re.MULTILINE).start()
    begin, end = source.index(BEGIN, start), source.index(END, start)
    return source[:begin].rstrip(" ") + textwrap.indent(body, "    ") + source[end + len(END) + 1 :]


def _from_function(text, source, function):
    """The body of a function in a text, after the given lines, which stand in the source too."""
    (node,) = (node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef) and node.name == function)
    given = source[re.search(rf"^def {function}\(", source, re.MULTILINE).start() :]
    given = {ast.dump(each) for each in ast.parse(given[: given.index(BEGIN)] + "pass").body[0].body}
    return "\n".join(ast.unparse(each) for each in node.body if ast.dump(each) not in given) or "pass"


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
        self._product = draw.choice(["@", "@", "np.dot", "np.matmul", ".dot"])
        self._square = draw.choice(["**", "x * x", "np.square", ""])
        self._as_method = draw.choice([True, False, None])
        self._axis = draw.choice(["axis", "axis", "place"])
        self._adds = draw.choice(["=", "+=", ""])
        self._length = draw.choice(["L", "len(W)"])
        self._swaps, self._steps, self._helps = (draw.choice([0.02, 0.1, 0.3]) for _ in range(3))
        self._converts = draw.choice([0, 0.05, 0.2])

    def written(self, body, exercise):
        """The body as this student writes it."""
        tree = ast.parse(f"def f():\n{textwrap.indent(body, '    ')}")
        tree = ast.fix_missing_locations(self.visit(tree))
        (function,) = tree.body
        function.body = self._in_steps(function.body)
        self._rename(function)
        return "\n".join(ast.unparse(each) for each in function.body) + "\n"

    def laid_out(self, body):
        """The text with this student's comments and layout."""
        lines = []
        for line in body.splitlines():
            if line.strip() and self._draw.random() < self._comments:
                comment = self._draw.choice(_COMMENTS)
                indent = line[: len(line) - len(line.lstrip())]
                lines += [f"{line}  # {comment}"] if self._draw.random() < 0.5 else [f"{indent}# {comment}", line]
            else:
                lines.append(line)
        text = "\n".join(lines) + "\n"
        if self._is_tight:
            text = re.sub(r" ([-+*/]) ", r"\1", text)
        return re.sub(r"^ +", lambda found: found[0][: len(found[0]) // 4 * self._indent], text, flags=re.MULTILINE)

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.MatMult) and self._often():
            return self._matrix_product(node)
        if isinstance(node.op, ast.Pow) and ast.unparse(node.right) == "2" and self._often():
            return self._squared(node)
        if isinstance(node.op, (ast.Add, ast.Mult)) and self._draw.random() < self._swaps:
            return ast.BinOp(node.right, node.op, node.left)
        return node

    def _matrix_product(self, node):
        left, right = ast.unparse(node.left), ast.unparse(node.right)
        if self._product == "@":
            return node
        if self._product == ".dot":
            return _expression(f"({left}).dot({right})")
        return _expression(f"{self._product}({left}, {right})")

    def _squared(self, node):
        base = ast.unparse(node.left)
        if self._square == "x * x":
            return _expression(f"({base}) * ({base})")
        return _expression(f"np.square({base})") if self._square == "np.square" else node

    def visit_Call(self, node):
        self.generic_visit(node)
        name = ast.unparse(node.func)
        if re.fullmatch(r"np\.(sum|mean|max|argmax)", name) and self._as_method and self._often():
            first, *rest = node.args
            node = ast.Call(ast.Attribute(first, node.func.attr, ast.Load()), rest, node.keywords)
        if self._axis == "place" and [each.arg for each in node.keywords] == ["axis"]:
            node = ast.Call(node.func, [*node.args, node.keywords[0].value], [])
        return node

    def visit_Name(self, node):
        if node.id == "L" and isinstance(node.ctx, ast.Load) and self._length == "len(W)" and self._often():
            return _expression("len(W)")
        return node

    def visit_Compare(self, node):
        self.generic_visit(node)
        other = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.Eq: ast.Eq, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
        if len(node.ops) == 1 and type(node.ops[0]) in other and self._draw.random() < self._swaps:
            return ast.Compare(node.comparators[0], [other[type(node.ops[0])]()], [node.left])
        return node

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        if self._adds == "=" and isinstance(node.target, ast.Name):
            return ast.Assign([node.target], ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value))
        return node

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        node.body = self._in_steps(node.body) if node.name != "f" else node.body
        return node

    def visit_For(self, node):
        self.generic_visit(node)
        node.body = self._in_steps(node.body)
        return node

    def _in_steps(self, body):
        """Statements with parts of them put into lines of their own, and what is more than needed."""
        found = []
        for statement in body:
            value = getattr(statement, "value", None)
            is_plain = isinstance(statement, (ast.Assign, ast.Return)) and not ast.walk(statement) is None
            if is_plain and isinstance(value, (ast.BinOp, ast.Call)) and self._draw.random() < self._steps:
                parts = [value.left, value.right] if isinstance(value, ast.BinOp) else value.args
                parts = [part for part in parts if isinstance(part, (ast.BinOp, ast.Call, ast.Subscript))]
                if parts:
                    part = self._draw.choice(parts)
                    name = self._draw.choice(["part", "first", "inner", "term", "left", "t", "h", "factor"])
                    found.append(ast.Assign([ast.Name(name, ast.Store())], part))
                    statement = _Replaced(part, name).visit(statement)
            if isinstance(statement, ast.Return) and isinstance(statement.value, (ast.BinOp, ast.Call, ast.DictComp)):
                if self._draw.random() < self._helps:
                    name = self._draw.choice(["result", "answer", "output", "final", "r"])
                    found.append(ast.Assign([ast.Name(name, ast.Store())], statement.value))
                    statement = ast.Return(ast.Name(name, ast.Load()))
            found.append(statement)
        if self._draw.random() < self._converts:
            found.insert(0, ast.parse(self._draw.choice(["one = 1", "done = False", "eps = 1e-12", "debug = 0"])).body[0])
        return [ast.fix_missing_locations(each) for each in found]

    def _rename(self, function):
        names = sorted(stored(function) - {"W", "b", "Z", "A", "W_g", "b_g", "Y", "z", "y", "y_hat", "theta", "mask", "X"})
        for name in names:
            if name not in self._names:
                other = self._draw.choice([*(f"{word}" for word in _OTHER_NAMES), f"{name}_", f"my_{name}", f"{name}1"])
                self._names[name] = other if self._draw.random() < self._renames else name
        new = {name: self._names[name] for name in names}
        used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        new = {name: other for name, other in new.items() if other not in used and list(new.values()).count(other) == 1}
        renamed(function, new)

    def _often(self):
        return self._draw.random() < 0.9


class _Replaced(ast.NodeTransformer):
    """One node replaced by a name."""

    def __init__(self, part, name):
        self._part, self._name = part, name

    def visit(self, node):
        return ast.Name(self._name, ast.Load()) if node is self._part else super().generic_visit(node)


def _expression(text):
    return ast.parse(text, mode="eval").body


def stored(function):
    """The names that a function gives values to, and those of the functions in it."""
    nodes = list(ast.walk(function))[1:]
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)} | {
        node.name for node in nodes if isinstance(node, ast.FunctionDef)
    }


def renamed(function, new):
    """Give names of a function other ones, in place: {old: new}."""
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in new:
            node.id = new[node.id]
        elif isinstance(node, ast.FunctionDef) and node.name in new:
            node.name = new[node.name]
