"""What changed in the drawing alone: documents, notes and groups beside the steps, and where everything stands."""

from collections.abc import Iterator, Mapping

from lxml import etree

from engine.differences.change import Change
from engine.errors import N_

_DRAWN = ("dataObjectReference", "dataStoreReference", "textAnnotation", "participant", "group")


def drawing_changes(old: bytes, new: bytes) -> Iterator[Change]:
    """The changes that running never notices."""
    before, after = _root(old), _root(new)
    yield from _beside(_things(before), _things(after))
    places = _places(before), _places(after)
    if any(places[0][name] != places[1][name] for name in places[0].keys() & places[1].keys()):
        yield Change("changed", "drawing", "", N_("the layout changed; this has no effect on the work"))


def _root(xml: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
    return etree.fromstring(xml, parser)


def _things(root: etree._Element) -> dict[str, str]:
    """Words by id of what is drawn beside the steps."""
    found = {}
    for tag in _DRAWN:
        for element in root.iter(f"{{*}}{tag}"):
            found[element.get("id", "")] = (element.get("name") or element.findtext("{*}text") or "").strip()
    return found


def _beside(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for name, words in after.items():
        if name not in before:
            yield Change("added", "drawing", words or name, N_("drawn beside the steps"), element_ids=(name,))
        elif words != before[name]:
            sentence = N_("words beside the steps")
            yield Change("changed", "drawing", words or name, sentence, {}, before[name], words, element_ids=(name,))
    for name, words in before.items():
        if name not in after:
            sentence = N_("no longer drawn beside the steps")
            yield Change("removed", "drawing", words or name, sentence, element_ids=(name,))


def _places(root: etree._Element) -> dict[str, tuple[str, ...]]:
    """Where each element is drawn."""
    found = {}
    for drawn in root.iter("{*}BPMNShape", "{*}BPMNEdge"):
        points = drawn.iterchildren("{*}Bounds", "{*}waypoint")  # where editors set labels matters to nobody
        numbers = [f"{float(each.get(side) or 0):g}" for each in points for side in ("x", "y", "width", "height")]
        found[drawn.get("bpmnElement", "")] = tuple(numbers)
    return found
