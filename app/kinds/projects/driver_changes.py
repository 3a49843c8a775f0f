"""How a driver diagram differs from what it was: a changed theory is something that a team has learnt."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from app.kinds.projects.drivers import AIM, IDEA, PRIMARY, SECONDARY, Diagram, Node, plain
from app.library.vocabulary import Strength

WORDS = {PRIMARY: "primär påverkansfaktor", SECONDARY: "sekundär påverkansfaktor", IDEA: "idé"}
# So much of two texts has to be the same for one to be the other one rewritten.
ALIKE = 0.55
# So many pairs are compared letter by letter; of more, nobody could say which became which.
MOST_PAIRS = 225


def changes(before: Diagram, after: Diagram) -> list[str]:
    """Every difference as a Swedish sentence without its full stop, from the aim to the ideas; [] where there is none.

    A node is the same where its text is, capitals and blanks aside; what is left is taken for rewritten where the texts
    of two nodes of one column are much alike.
    """
    same = dict(_same(before, after))
    found = list(_rewritten(before, after, same))
    met = set(same.values())
    for node in after.nodes:
        if node.number not in met:
            place = f", under ”{after.nodes[node.under].text}”" if node.under else ""
            found.append(f"Ny {WORDS[node.column]}: ”{node.text}”{place}")
    gone = (node for node in before.nodes if node.number not in same)
    found += [f"Borttagen {WORDS[node.column]}: ”{node.text}”" for node in gone]
    return [*found, *_moved(before, after, same), *_links(before, after, same)]


def _same(before: Diagram, after: Diagram) -> Iterator[tuple[int, int]]:
    """The nodes of both, by their numbers: first those with the same text, then those that are much alike."""
    left = {node.number: node for node in after.nodes}
    by_text: dict[tuple[int, str], list[Node]] = {}
    for node in after.nodes:
        by_text.setdefault((node.column, plain(node.text)), []).append(node)
    rest: list[Node] = []
    for old in before.nodes:
        alike = by_text.get((old.column, plain(old.text)))
        if alike:
            # Of several with the same text the one that stands in the same place.
            place = _place(before, old)
            new = next((one for one in alike if _place(after, one) == place), alike[0])
            alike.remove(new)
            yield old.number, left.pop(new.number).number
        else:
            rest.append(old)
    for old in rest if len(rest) * len(left) <= MOST_PAIRS else rest[:1]:
        near = [(_alike(old, new), -new.number) for new in left.values() if new.column == old.column]
        best, number = max(near, default=(0.0, 0))
        if best >= ALIKE or (near and old.column == AIM):
            yield old.number, left.pop(-number).number


def _place(diagram: Diagram, node: Node) -> str:
    return plain(diagram.nodes[node.under].text) if node.under is not None else ""


def _alike(one: Node, other: Node) -> float:
    matcher = SequenceMatcher(None, plain(one.text), plain(other.text), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE else 0.0


def _rewritten(before: Diagram, after: Diagram, same: dict[int, int]) -> Iterator[str]:
    for number, new_number in sorted(same.items(), key=lambda pair: pair[1]):
        old, new = before.nodes[number], after.nodes[new_number]
        if plain(old.text) == plain(new.text):
            continue
        if new.column == AIM:
            yield f"Nytt mål: ”{new.text}”, förut ”{old.text}”"
        else:
            yield f"Omskriven {WORDS[new.column]}: ”{old.text}” blev ”{new.text}”"


def _moved(before: Diagram, after: Diagram, same: dict[int, int]) -> Iterator[str]:
    for number, new_number in sorted(same.items(), key=lambda pair: pair[1]):
        old, new = before.nodes[number], after.nodes[new_number]
        if old.under is None or new.under is None:
            continue
        if same.get(old.under) != new.under:
            yield f"Flyttad {WORDS[new.column]}: ”{new.text}” står nu under ”{after.nodes[new.under].text}”"
        if old.strength is not new.strength:
            yield f"”{new.text}” påverkar {new.strength.swedish}, förut {old.strength.swedish}"


def _links(before: Diagram, after: Diagram, same: dict[int, int]) -> Iterator[str]:
    were = {(same.get(edge.cause), same.get(edge.effect)): edge.strength for edge in before.edges if edge.across}
    are = {(edge.cause, edge.effect): edge.strength for edge in after.edges if edge.across}
    for (cause, effect), strength in are.items():
        words = f"”{after.nodes[cause].text}” påverkar också ”{after.nodes[effect].text}”"
        if (cause, effect) not in were:
            yield f"Ny koppling: {words}{_weakly(strength)}"
        elif were[cause, effect] is not strength:
            yield f"{words} {strength.swedish}, förut {were[cause, effect].swedish}"
    for cause_then, effect_then in were.keys() - are.keys():
        if cause_then is not None and effect_then is not None:
            cause_words, effect_words = after.nodes[cause_then].text, after.nodes[effect_then].text
            yield f"Borttagen koppling: ”{cause_words}” påverkar inte längre ”{effect_words}”"


def _weakly(strength: Strength) -> str:
    return f", {strength.swedish}" if strength is Strength.WEAK else ""
