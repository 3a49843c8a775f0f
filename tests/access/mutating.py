"""Making mutants: the sources of the application with one rule, or one place where a rule is asked, disabled."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from types import CodeType

from app.config import CHECKOUT

APP = CHECKOUT / "app"
RULES = ("app/accounts/access.py", "app/library/visibility.py")
# What stops a request, what only answers, and what says which of them a view has to call.
STOPPING = {"ask", "ask_to_see", "ask_as_if_missing"}
ANSWERING = {"allowed"}
DECLARING = {"asks", "asks_one_of"}
# In words for the screen nothing is decided.
NO_RULES = {"readers_in_words", "genitive", "_listed"}


@dataclass(frozen=True)
class Mutant:
    """A function of the application as it would be with one thing disabled.

    ``code`` is the new code, by its qualified name and line; None where the function only no longer says its rule.
    """

    file: str
    line: int
    what: str
    function: str
    first_line: int
    code: CodeType | None

    @property
    def module(self) -> str:
        return self.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}"


def mutants() -> list[Mutant]:
    """Every mutant: of the rules first, then of every place where they are asked."""
    found = [mutant for file in RULES for mutant in _of_rules(CHECKOUT / file)]
    questions = {function.name for function in _functions(CHECKOUT / RULES[0])} | {"may_see"}
    for path in sorted(APP.rglob("*.py")):
        name = _name(path)
        # What is asked on the command line is asked of nobody in particular.
        if name not in RULES and not name.startswith("app/cli/"):
            found += _of_places(path, questions)
    return found


def _functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]


def _of_rules(path: Path) -> Iterator[Mutant]:
    tree = ast.parse(path.read_text("utf-8"))
    for function in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        if function.name in NO_RULES:
            continue
        if function.name.startswith("may_"):
            yes = copy.deepcopy(function)
            yes.body = [ast.Return(ast.Constant(True))]
            yield _mutant(path, tree, function, yes, f"{function.name} is answered yes")
        for node in ast.walk(function):
            for what, other in _turned(node):
                yield _mutant(path, tree, node, other, f"{function.name}: {what}")


def _of_places(path: Path, questions: set[str]) -> Iterator[Mutant]:
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and _called(node.value) in STOPPING:
            yield _mutant(path, tree, node, ast.Pass(), f"{ast.unparse(node)} is not asked")
        elif isinstance(node, ast.Call) and _called(node) in ANSWERING | questions:
            yield _mutant(path, tree, node, ast.Constant(True), f"{ast.unparse(node)} is answered yes")
        elif isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if _called(decorator) in DECLARING:
                    what = f"{node.name} does not say @{ast.unparse(decorator)}"
                    # A function begins at the first of its decorators.
                    first = node.decorator_list[0].lineno
                    yield Mutant(_name(path), decorator.lineno, what, node.name, first, None)


def _name(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


def _called(node: ast.AST) -> str:
    """The name of what is called; "" for anything else. ``access.may_edit(…)`` is ``may_edit`` as well."""
    if not isinstance(node, ast.Call):
        return ""
    match node.func:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="access"), attr=name):
            return name
    return ""


def _turned(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A condition the other way round, or without one of its parts."""
    match node:
        case ast.BoolOp(op=op, values=values):
            yield "and and or change places", ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            for value in values:
                left = [one for one in values if one is not value]
                yield f"without {ast.unparse(value)}", left[0] if len(left) == 1 else ast.BoolOp(op, left)
        case ast.Compare():
            yield f"not {ast.unparse(node)}", ast.UnaryOp(ast.Not(), node)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield f"without not in {ast.unparse(node)}", operand
        case ast.BinOp(op=ast.BitOr(), left=left_one, right=right):
            yield f"without {ast.unparse(right)}", left_one
            yield f"without {ast.unparse(left_one)}", right
        case ast.Set(elts=parts) | ast.Tuple(elts=parts, ctx=ast.Load()) if len(parts) > 1:
            for part in parts:
                yield f"without {ast.unparse(part)}", _without(node, part)
        case _:
            yield from _other_ways(node)


def _other_ways(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A branch that is always taken, or never, or another one's."""
    match node:
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield f"as if {ast.unparse(test)}", body
            yield f"as if not {ast.unparse(test)}", orelse
        case ast.If(test=test):
            for value in (True, False):
                yield f"as if {ast.unparse(test)} were {value}", ast.If(ast.Constant(value), node.body, node.orelse)
        case ast.Match(subject=subject, cases=cases):
            for one, another in permutations(cases, 2):
                swapped = [ast.match_case(c.pattern, c.guard, (another if c is one else c).body) for c in cases]
                what = f"{ast.unparse(one.pattern)} as {ast.unparse(another.pattern)}"
                yield what, ast.Match(subject, swapped)


def _without(node: ast.Set | ast.Tuple, part: ast.AST) -> ast.AST:
    left = [one for one in node.elts if one is not part]
    return ast.Set(left) if isinstance(node, ast.Set) else ast.Tuple(left, ast.Load())


def _mutant(path: Path, tree: ast.Module, old: ast.AST, new: ast.AST, what: str) -> Mutant:
    """The function around a node, with another node in its place. The tree itself stays as it is."""
    changed = _with(tree, old, ast.copy_location(new, old))
    assert isinstance(changed, ast.Module)
    ast.fix_missing_locations(changed)
    line = getattr(old, "lineno", 0)
    around = [code for code in _codes(compile(changed, str(path), "exec")) if code.co_firstlineno <= line]
    inside = {(code.co_qualname, code.co_firstlineno) for code in _codes(compile(tree, str(path), "exec"))}
    ends = _ends(tree)
    code = max(
        (one for one in around if (one.co_qualname, one.co_firstlineno) in inside and line <= ends[one.co_firstlineno]),
        key=lambda one: one.co_firstlineno,
    )
    return Mutant(_name(path), line, " ".join(what.split()), code.co_qualname, code.co_firstlineno, code)


def _with(node: ast.AST, old: ast.AST, new: ast.AST) -> ast.AST:
    """A copy of a tree with one node in the place of another."""
    if node is old:
        return new
    twin = copy.copy(node)
    for name, value in ast.iter_fields(node):
        if isinstance(value, list):
            setattr(twin, name, [_with(one, old, new) if isinstance(one, ast.AST) else one for one in value])
        elif isinstance(value, ast.AST):
            setattr(twin, name, _with(value, old, new))
    return twin


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of every function in a module, however deep, but for comprehensions and lambdas."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            if not constant.co_name.startswith("<"):
                yield constant
            yield from _codes(constant)


def _ends(tree: ast.Module) -> dict[int, int]:
    """The last line of each function and class, by its first one, which is that of its first decorator."""
    return {
        min([node.lineno, *(one.lineno for one in node.decorator_list)]): node.end_lineno or node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    }
