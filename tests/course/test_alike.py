"""`mlt-nn alike`: what counts, what is found, and that nothing that was handed in can do harm."""

import itertools
import random
import re
import shutil
import time

import numpy as np
import pytest
from benchmarks import alike
from benchmarks.alike_work.disguises import DISGUISES, copy
from benchmarks.alike_work.rewrites import REWRITES
from benchmarks.alike_work.students import student, with_body

from mlt_nn.cli import main
from mlt_nn.grading.check import PUBLIC_CHECKS
from mlt_nn.grading.process import SEED
from mlt_nn.grading.run import Checks
from mlt_nn.grading.student import Student
from mlt_nn.support.catalogue import EXERCISES, MODULES
from mlt_nn.support.folders import PACKAGE, PROJECT, SOLUTIONS
from mlt_nn.teaching.alike import fingerprints, tokens
from mlt_nn.teaching.alike.compared import compare, side_by_side
from mlt_nn.teaching.alike.fingerprints import LENGTH, PARTS, WINDOW, WORDS
from mlt_nn.teaching.alike.likeness import LEAST, Likeness
from mlt_nn.teaching.building.stubs import stub_text

from .classes import HOSTILE
from .test_pages import check_self_contained

pytestmark = pytest.mark.thorough


def solution(module):
    return (SOLUTIONS / f"{module}.py").read_text(encoding="utf-8")


def kinds(text):
    return [token.kind for token in tokens.read(text).tokens]


def handed_in(folder, texts):
    folder.mkdir(parents=True)
    for module, text in texts.items():
        (folder / f"{module}.py").write_text(text, encoding="utf-8")
    return folder


def test_layout_names_comments_and_texts_make_no_difference():
    first = 'def f(a, b):\n    """Adds."""\n    total = np.sum(a, axis=0)  # all rows\n    return [total, b["x"]]\n'
    second = "def g(x,\n      y):\n\tt=(np.sum(\n\t\tx,axis=0)) # why\n\treturn([t,y['why'],])\n"
    assert kinds(first) == kinds(second)


@pytest.mark.parametrize(
    "other", ["return np.mean(a) + b", "return np.sum(a) - b", "return np.sum(a) + 2", "return softmax(a) + b"]
)
def test_calls_operators_numbers_and_exercises_do(other):
    assert kinds("return np.sum(a) + b") != kinds(other)


def test_what_the_structure_leaves_out_is_kept_as_words():
    read = tokens.read('def f(mine):\n    # Why  not?\n    return mine * 0.123 + len("Some text")\n')
    assert read.words == {"f", "mine", "why not", "0.123", "some text"}


def test_a_token_knows_its_function_and_its_place():
    inner = "    def inner(y):\n        return y\n    return inner\n"
    text = f"import numpy\n\ndef first(z):\n    return z\n\ndef second(z):\n{inner}x = 1\n"
    read = tokens.read(text)
    of = {}
    for token in read.tokens:
        of.setdefault(token.function, []).append(text[token.start : token.end])
    assert of[""][:2] == ["import", "numpy"]
    assert of["second"][-2:] == ["return", "inner"]
    assert "inner" not in of
    assert of[""][-3:] == ["x", "=", "1"]


BOMBS = {
    "quotes": '"""' * 150_000,
    "open texts": "('" * 200_000,
    "parentheses": "(" * 500_000,
    "backslashes": "'\\" * 200_000,
    "prefixes": "rb" * 250_000,
    "exponents": "1e+" * 150_000,
    "letters": "\u00e9" * 250_000,
    "lines": "\n" * 500_000,
    "joined lines": ".\\\n" * 100_000,
    "formatted texts": 'f"{' * 100_000,
    "comments": "".join(f"# {i}\n" for i in range(50_000)),
    "functions": "def f():\n" * 50_000,
    "zeros": "\x00" * 500_000,
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS)
def test_whatever_is_handed_in_is_read_in_little_time(text):
    before = time.process_time()
    read = tokens.read(text)
    fingerprints.of({"network": read})
    assert time.process_time() - before < 5  # a tenth of a second is usual
    assert len(read.tokens) <= tokens.MAX_TOKENS
    assert len(read.words) <= tokens.MAX_TOKENS


def test_every_long_enough_run_that_two_have_is_found():
    draw = random.Random(1)
    for _ in range(200):
        run, *around = (" ".join(draw.choices("+-*/%@&|", k=k)) for k in (LENGTH + WINDOW - 1, 30, 30, 30, 30))
        first, _ = fingerprints.winnowed(tokens.read(f"{around[0]} {run} {around[1]}").tokens)
        second, _ = fingerprints.winnowed(tokens.read(f"{around[2]} {run} {around[3]}").tokens)
        assert np.intersect1d(first, second).size


def test_what_is_given_and_the_solutions_count_for_nothing():
    """Whether all of it was kept, or some exercises were written as the solutions have them."""
    draw = random.Random(1)
    written = {exercise.name for exercise in EXERCISES if draw.random() < 0.5}
    for text_of in (solution, lambda module: stub_text(solution(module), module, written)):
        hashes = fingerprints.of({module: tokens.read(text_of(module)) for module in MODULES})
        assert {part: len(own) for part, own in hashes.items() if len(own)} == {}


def test_the_index_finds_what_comparing_each_with_each_finds():
    draw = np.random.default_rng(3)
    sizes = draw.integers(0, 60, (8, len(PARTS)))
    hand_ins = [
        {
            part: np.unique(draw.integers(0, 99, n).astype(np.uint64) << np.uint64(8))
            for part, n in zip(PARTS, own, strict=True)
        }
        for own in sizes
    ]
    likeness = Likeness(hand_ins)
    for (i, first), (j, second) in itertools.permutations(enumerate(hand_ins), 2):
        for place, part in enumerate(PARTS):
            weights = {
                key: np.log(9 / sum(key in each[part] for each in hand_ins))
                for key in {*first[part].tolist(), *second[part].tolist()}
            }
            whole = [sum(weights[key] for key in each[part].tolist()) for each in (first, second)]
            both = sum(weights[key] for key in {*first[part].tolist()} & {*second[part].tolist()})
            expected = both / (np.sqrt(whole[0] * whole[1]) + 10)
            assert likeness.row(i)[j, place] == pytest.approx(expected)


def test_what_all_have_counts_less_than_what_two_have():
    def hand_in(own):
        return {"network": np.array(sorted({*range(100, 140), *own}), np.uint64)}

    alone = [hand_in({1000 * i + k for k in range(40)}) for i in range(1, 11)]
    two = [*alone, hand_in({1000 * 1 + k for k in range(40)})]
    pairs = Likeness(two).pairs(len(two))
    assert [(pair.first, pair.second) for pair in pairs] == [(0, 10)]
    assert pairs[0].likeness >= LEAST
    assert Likeness(alone).pairs(len(alone)) == []
    assert 0 < Likeness(two).row(0)[1].sum() < 0.1  # half of what they have


def test_copies_are_found_and_strangers_are_not():
    """The class of the benchmark, smaller, with a seed that it does not use."""
    found = alike.measured(size=60, each=3, seed=7)
    *_, three_files, half = DISGUISES
    assert {kind: len(each.shown) for kind, each in found.items() if kind not in (alike.HONEST, three_files, half)} == {
        kind: 3 for kind in DISGUISES if kind not in (three_files, half)
    }
    assert len(found[three_files].shown) + len(found[half].shown) >= 4
    assert found[alike.HONEST].pairs == 60 * 59 // 2
    assert len(found[alike.HONEST].shown) <= found[alike.HONEST].pairs / 100


def test_the_made_up_students_are_all_different_and_always_the_same():
    first, again = ([student(number, seed=5) for number in range(8)] for _ in range(2))
    assert first == again
    for module in MODULES:
        assert len({texts[module] for texts in first}) > 1
    for texts in first:
        for module, text in texts.items():
            compile(text, module, "exec")


@pytest.mark.parametrize("number", range(max(map(len, REWRITES.values()))))
def test_the_rewrites_are_right(tmp_path, number):
    texts = {module: solution(module) for module in MODULES}
    for exercise in (each for each in EXERCISES if each.name in REWRITES):
        own = REWRITES[exercise.name]
        texts[exercise.module] = with_body(texts[exercise.module], exercise.function, own[number % len(own)] + "\n")
    files = [PUBLIC_CHECKS / f"test_{module}.py" for module in MODULES]
    with Student(handed_in(tmp_path / "rewritten", texts)) as work:
        checks = Checks(files, SEED)
        told = [(each.name, ran) for each in EXERCISES for ran in checks.results(each.name, work)]
    assert [f"{name}: {ran.failure.message}" for name, ran in told if ran.failure] == []


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_of_five_the_two_pairs_of_copies_do_not_hide_each_other(tmp_path, seed):
    texts = [student(number, seed) for number in range(3)]
    texts += [copy(texts[0], "renamed", "one"), copy(texts[1], "all of these", "two")]
    paths = [handed_in(tmp_path / str(number), each) for number, each in enumerate(texts)]
    assert {pair[:2] for pair in compare(paths).pairs} == {(0, 3), (1, 4)}


def test_the_page_says_what_it_cannot_know_of_a_few(tmp_path, capsys):
    for number in range(13):
        handed_in(tmp_path / "class" / f"Student {number}", {"network": student(number, 1)["network"]})
    for few in (False, True):
        main(["alike", str(tmp_path / "class"), "--out", str(tmp_path / "page.html")])
        assert ("So few do not show what is ordinary" in (tmp_path / "page.html").read_text(encoding="utf-8")) is few
        shutil.rmtree(tmp_path / "class" / "Student 12", ignore_errors=True)


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    """A folder of twelve hand-ins: two are the same but for names, comments and layout, one is hostile, one a PDF."""
    folder = tmp_path_factory.mktemp("class")
    made, copies = alike.made(size=9, each=1, seed=9)
    source = {kind: pair for pair, kind in copies.items()}["all of these"][0]
    for number in range(9):
        handed_in(folder / f"Student {number}", made[number])
    texts = made[next(copy for (_, copy), kind in copies.items() if kind == "all of these")]
    secret = f"\n\ndef helper(zebra):  # {HOSTILE}\n    return zebra\n".replace("\x00", "").replace("\ud800", "")
    handed_in(folder / "<b>Eve", texts | {"neuron": texts["neuron"] + secret})
    handed_in(folder / "Mallory", {"network": "(" * 400_000, "neuron": secret})
    handed_in(folder / "Paul", {"essay": ""})
    return folder, f"Student {source}"


def test_the_command_writes_a_page_of_pairs_to_look_at(classroom, tmp_path, capsys):
    folder, source = classroom
    assert main(["alike", str(folder), "--out", str(tmp_path / "page.html")]) == 0
    said = capsys.readouterr().out
    assert "Not compared" in said
    assert "11 submissions were compared; 1 pair of them has more in common than others." in said
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    page = check_self_contained(text)
    assert "<b>" not in re.sub("<b>(This is|What to do)", "", text)
    assert f"<b>Eve and {source}" in page.text
    assert {"mark", "pre"} <= set(page.tags)
    for words in ("This is no finding, and no proof of anything.", "It cannot know why", "Then talk", "SIGMOD 2003"):
        assert words in page.text
    assert not re.search("cheat|plagiar|guilty|suspect|accus", page.text, re.IGNORECASE)


def test_what_both_have_is_marked_in_both(classroom):
    folder, source = classroom
    paths = sorted(folder.iterdir())
    compared = compare(paths)
    assert {path.name for path in compared.unusable} == {"Paul"}
    first, second = folder / "<b>Eve", folder / source
    functions, words = side_by_side(first, second, compared.likeness)
    assert {each.module for each in functions} >= {"network", "backpropagation", "gradient_descent"}
    for each in functions:
        assert 2 <= each.owners <= max(2, len(paths) / 4)
        for pieces, path, name in zip(each.pieces, (first, second), each.names, strict=True):
            text = (path / f"{each.module}.py").read_text(encoding="utf-8")
            marked = [piece for piece, both in pieces if both]
            assert marked
            assert all(piece in text for piece in marked)
            assert not name or f"def {name}" in "".join(piece for piece, _ in pieces)
    assert [owners for _, owners in words] == sorted(owners for _, owners in words)


def test_rare_words_are_told_with_how_many_have_them(tmp_path):
    for name in ("Ada", "Cem", "Eve", "Kim"):
        body = f"    {name.lower()} = 1\n    return z\n" if name in ("Ada", "Cem") else "    return z\n"
        handed_in(
            tmp_path / name, {"neuron": f"def neuron(z):\n{body.replace('ada', 'zebra').replace('cem', 'zebra')}"}
        )
    compared = compare([tmp_path / name for name in ("Ada", "Cem", "Eve", "Kim")])
    _, words = side_by_side(tmp_path / "Ada", tmp_path / "Cem", compared.likeness)
    assert words == [("zebra", 2)]


def test_those_from_before_are_compared_with_the_class_alone(classroom, tmp_path, capsys):
    _, source = classroom
    before = tmp_path / "before"
    made, _ = alike.made(size=9, each=1, seed=9)
    handed_in(before / "Old", made[int(source.split()[1])])
    handed_in(before / "Older", made[int(source.split()[1])])
    now = tmp_path / "now"
    for number in range(9):
        handed_in(now / f"Student {number}", made[number])
    assert main(["alike", str(now), "--before", str(before), "--out", str(tmp_path / "page.html")]) == 0
    assert "11 submissions were compared; 2 pairs" in capsys.readouterr().out
    text = check_self_contained((tmp_path / "page.html").read_text(encoding="utf-8")).text
    assert f"{source} and Old (before)" in text
    assert f"{source} and Older (before)" in text
    assert "Old (before) and Older" not in text


def test_a_class_that_wrote_nothing_has_no_pair(tmp_path, capsys):
    for name in ("Ada", "Cem"):
        handed_in(tmp_path / "class" / name, {module: stub_text(solution(module), module) for module in MODULES})
    assert main(["alike", str(tmp_path / "class"), "--out", str(tmp_path / "page.html")]) == 0
    assert "0 pairs of them" in capsys.readouterr().out
    assert "No pair has much more in common" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_guide_names_the_command_and_what_was_measured(capsys):
    guide = (PACKAGE / "teaching" / "guides" / "a_week_of_grading.md").read_text(encoding="utf-8")
    section = guide.partition("\n## Alike\n")[2].partition("\n## ")[0]
    assert "\n    python3 -m mlt_nn alike submissions\n" in section
    with pytest.raises(SystemExit, match="0"):
        main(["alike", "--help"])
    told = capsys.readouterr().out
    for option in re.findall(r"--[a-z]+", section):
        assert option in told
    page = (PROJECT / "tests" / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert f"\n## {alike.BENCHMARK.title}\n" in page
    assert "README.md#alike)" in section


def test_one_submission_cannot_be_compared(tmp_path, capsys):
    handed_in(tmp_path / "class" / "Ada", {"neuron": ""})
    assert main(["alike", str(tmp_path / "class")]) == 1
    assert "There are no two submissions to compare." in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["alike", str(tmp_path / "nowhere")])


def test_a_page_that_cannot_be_written_is_told(classroom, tmp_path, capsys):
    (tmp_path / "taken").mkdir()
    assert main(["alike", str(classroom[0]), "--out", str(tmp_path / "taken")]) == 1
    assert "Name another file with --out." in capsys.readouterr().err


def test_words_are_a_part_of_their_own():
    names = {part: tokens.read("alpha_rare = beta_rare") for part in ("neuron", "network")}
    hashes = fingerprints.of(names)
    assert hashes[WORDS].tolist() == sorted(map(fingerprints.hashed, ("alpha_rare", "beta_rare")))
