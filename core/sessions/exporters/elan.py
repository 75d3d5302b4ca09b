"""A session as an ELAN annotation document (EAF 3.0): a tier for each kind of interval of a face.

Format: "EAF Annotation Format 3.0", Max Planck Institute for Psycholinguistics.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO
from xml.etree import ElementTree

from core.domain.errors import PlanError
from core.sessions.exporters.clock_times import clock_texts
from core.sessions.exporters.export_source import ExportBatch, ExportSource
from core.sessions.exporters.export_tables import HOLDS, PAUSE, intervals_table
from core.storage.corrupt_data import printable
from core.storage.csv_injection import original

_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE = "default-lt"
_MARKS = "marks"
_LEAST_MS = 1  # an annotation without length cannot be chosen in ELAN

Annotation = tuple[int, int, str]
"""Begin and end in milliseconds, and its text."""


def write_eaf(batch: ExportBatch, out: BinaryIO) -> None:
    """One session: questions, what was shown, where measures hold, and marks.

    Times are media time in milliseconds. Pauses are no part of it, and have no annotation.

    Raises:
        PlanError: there are several sessions; a document annotates one.
    """
    if batch.count != 1:
        raise PlanError(
            "An ELAN document holds one session.", advice="Export each session on its own."
        )
    for source in batch.sources:
        tree = ElementTree.ElementTree(_document(source))
        ElementTree.indent(tree)
        tree.write(out, encoding="UTF-8", xml_declaration=True)


def _document(source: ExportSource) -> ElementTree.Element:
    document = ElementTree.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "Mien",
            "DATE": _date(source),
            "FORMAT": "3.0",
            "VERSION": "3.0",
            "xmlns:xsi": _XSI,
            "xsi:noNamespaceSchemaLocation": _SCHEMA,
        },
    )
    header = ElementTree.SubElement(
        document, "HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"}
    )
    order = ElementTree.SubElement(document, "TIME_ORDER")
    count = 0
    for name, found in _tiers(source).items():
        tier = ElementTree.SubElement(
            document, "TIER", {"LINGUISTIC_TYPE_REF": _TYPE, "TIER_ID": printable(name)}
        )
        for begins_ms, ends_ms, text in sorted(found):
            count += 1
            _annotate(order, tier, count, (begins_ms, ends_ms, text))
    order[:] = sorted(order, key=lambda slot: int(slot.attrib["TIME_VALUE"]))
    last = ElementTree.SubElement(header, "PROPERTY", {"NAME": "lastUsedAnnotationId"})
    last.text = str(count)
    ElementTree.SubElement(
        document,
        "LINGUISTIC_TYPE",
        {"GRAPHIC_REFERENCES": "false", "LINGUISTIC_TYPE_ID": _TYPE, "TIME_ALIGNABLE": "true"},
    )
    return document


def _date(source: ExportSource) -> str:
    """The session's; the schema asks for one, so without a clock it is the first of all days."""
    return (
        str(clock_texts(source.session, [0.0])[0])
        if source.has_clock
        else ("1970-01-01T00:00:00.000+00:00")
    )


def _tiers(source: ExportSource) -> dict[str, list[Annotation]]:
    tiers: dict[str, list[Annotation]] = {}
    for one in intervals_table(source).to_dict("records"):
        if one["kind"] != PAUSE:
            begins_ms, ends_ms = (round(one[name] * 1000) for name in ("begins_s", "ends_s"))
            text = original(one["label"]) or one["kind"]
            tiers.setdefault(_tier(one), []).append(
                (begins_ms, max(ends_ms, begins_ms + _LEAST_MS), text)
            )
    marks = _apart(source)
    return tiers | ({_MARKS: marks} if marks else {})


def _tier(interval: dict[Any, Any]) -> str:
    """What it is about, and whose: annotations of one tier must not overlap."""
    about = interval["label"] if interval["kind"] == HOLDS else interval["kind"]
    if not str(interval["face_id"]).isdigit():  # missing ones are NA
        return str(about)
    person = original(interval["person"])
    return f"{about}, face {interval['face_id']}" + (f", {person}" if person else "")


def _apart(source: ExportSource) -> list[Annotation]:
    """Marks as annotations of a millisecond, one after another where several share it."""
    found: list[Annotation] = []
    for event in source.timeline.events:
        begins_ms = round(event.time_s * 1000)
        if found:
            begins_ms = max(begins_ms, found[-1][1])
        found.append((begins_ms, begins_ms + _LEAST_MS, event.words))
    return found


def _annotate(
    order: ElementTree.Element, tier: ElementTree.Element, number: int, annotation: Annotation
) -> None:
    *times_ms, text = annotation
    slots = [f"ts{2 * number - 1}", f"ts{2 * number}"]
    for slot, time_ms in zip(slots, times_ms, strict=True):
        attributes = {"TIME_SLOT_ID": slot, "TIME_VALUE": str(time_ms)}
        ElementTree.SubElement(order, "TIME_SLOT", attributes)
    holder = ElementTree.SubElement(tier, "ANNOTATION")
    attributes = {
        "ANNOTATION_ID": f"a{number}",
        "TIME_SLOT_REF1": slots[0],
        "TIME_SLOT_REF2": slots[1],
    }
    aligned = ElementTree.SubElement(holder, "ALIGNABLE_ANNOTATION", attributes)
    ElementTree.SubElement(aligned, "ANNOTATION_VALUE").text = "\n".join(_lines(text))


def _lines(text: str) -> Iterable[str]:
    """Without characters that XML cannot hold."""
    return (printable(line) for line in text.splitlines())
