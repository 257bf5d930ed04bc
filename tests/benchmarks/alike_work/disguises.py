"""What copyists do so that nobody sees it: {module: text} in, {module: text} out."""

import ast
import random

from benchmarks.alike_work.students import rename, stored, student
from mlt_nn.support.catalogue import MODULES

_NEW_NAMES = [f"v{i}" for i in range(14)]


def as_it_is(modules, draw):
    return modules


def renamed_locals(modules, draw):
    """Every name that is not part of the exercise is another one."""

    def change(tree):
        for function in _functions(tree):
            names = sorted(stored(function))
            rename(function, dict(zip(names, draw.sample(_NEW_NAMES, len(_NEW_NAMES)), strict=False)))

    return _changed(modules, change)


def reordered(modules, draw):
    """The functions stand in another order."""

    def change(tree):
        places = [i for i, node in enumerate(tree.body) if isinstance(node, ast.FunctionDef)]
        functions = [tree.body[i] for i in places]
        draw.shuffle(functions)
        for i, function in zip(places, functions, strict=True):
            tree.body[i] = function

    return _changed(modules, change)


def reformatted(modules, draw):
    """Other spaces and line ends; comments and docstrings are gone."""

    def change(tree):
        for function in _functions(tree):
            if ast.get_docstring(function) and len(function.body) > 1:
                del function.body[0]

    changed = _changed(modules, change).items()
    return {module: text.replace(" = ", "=").replace(", ", ",").replace("    ", "\t") for module, text in changed}


def swapped(modules, draw):
    """Neighboring lines that do not need each other are swapped."""

    def change(tree):
        for body in (node.body for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.For))):
            i = 0
            while i + 1 < len(body):
                if _independent(body[i], body[i + 1]):
                    body[i], body[i + 1] = body[i + 1], body[i]
                    i += 1
                i += 1

    return _changed(modules, change)


def all_of_these(modules, draw):
    for disguise in (renamed_locals, reordered, swapped, reformatted):
        modules = disguise(modules, draw)
    return modules


def three_files(modules, draw):
    """Three of the nine files, renamed; the others are somebody else's own work."""
    own = student(draw.randrange(10**6, 10**7))
    taken = draw.sample([module for module in MODULES if module != "neuron"], 3)
    return own | renamed_locals({module: modules[module] for module in taken}, draw)


def half_rewritten(modules, draw):
    """Every second function is written anew, the others are renamed."""
    own = student(draw.randrange(10**6, 10**7))

    def mixed(text, other):
        tree = ast.parse(text)
        others = {node.name: node for node in _functions(ast.parse(other))}
        for i, node in enumerate(tree.body):
            if isinstance(node, ast.FunctionDef) and draw.random() < 0.5:
                tree.body[i] = others.get(node.name, node)
        return ast.unparse(tree)

    copied = renamed_locals(modules, draw)
    return {module: mixed(copied[module], own[module]) for module in MODULES}


DISGUISES = {
    "nothing changed": as_it_is,
    "renamed": renamed_locals,
    "functions in another order": reordered,
    "reformatted, without comments": reformatted,
    "independent lines swapped": swapped,
    "all of these": all_of_these,
    "three of nine files, renamed": three_files,
    "every second function rewritten, the others renamed": half_rewritten,
}


def copy(modules, disguise, seed):
    """The copy of a hand-in in a disguise of DISGUISES."""
    return DISGUISES[disguise](modules, random.Random(f"{seed} {disguise}"))


def _changed(modules, change):
    """The modules, each changed as a tree."""
    found = {}
    for module, text in modules.items():
        tree = ast.parse(text)
        change(tree)
        found[module] = ast.unparse(ast.fix_missing_locations(tree)) + "\n"
    return found


def _functions(tree):
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]


def _independent(first, second):
    """Whether two plain assignments may change places."""
    if not (isinstance(first, ast.Assign) and isinstance(second, ast.Assign)):
        return False
    written = [{name for target in each.targets for name in _named(target)} for each in (first, second)]
    named = [_named(first), _named(second)]
    return "rng" not in named[0] | named[1] and not (written[0] & named[1] or written[1] & named[0])


def _named(node):
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
