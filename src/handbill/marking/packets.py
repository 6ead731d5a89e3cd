"""What stands inside a file: the XMP packet and the Chinese AIGC label."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape, quoteattr

from handbill.marking.facts_of_files import MarkFacts
from handbill.marking.profiles import digital_source_type

AIGC_NAMESPACE = "http://www.tc260.org.cn/ns/AIGC/1.0/"
_IS_AI = "1"
_PRINTABLE_ASCII = range(0x21, 0x7F)
_ID_CHARS = 64


def wants_marks(facts: MarkFacts) -> bool:
    """Whether any profile asks for metadata."""
    return any(profile != "none" for profile in facts.profiles)


def wants_aigc(facts: MarkFacts) -> bool:
    """Whether the file carries the Chinese label: once, and only where a machine invented."""
    return "cn" in facts.profiles and facts.invented


def aigc_label(facts: MarkFacts) -> str:
    """The label of GB 45438-2025, annex E: seven text fields, compact, printable ASCII alone."""
    fields = {
        "Label": _IS_AI,
        "ContentProducer": _code(facts.producer),
        "ProduceID": _code(facts.produce_id),
        "ReservedCode1": "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=True)


def xmp_packet(facts: MarkFacts, *, with_aigc: bool) -> bytes:
    """An XMP packet in UTF-8, the same bytes for the same facts."""
    origin = facts.origin
    properties = {
        "xmp:CreatorTool": f"Handbill {facts.version}".strip(),
        "xmpMM:DocumentID": f"urn:handbill:{facts.produce_id}",
        "photoshop:Credit": facts.brand,
        "Iptc4xmpExt:DigitalSourceType": digital_source_type(origin),
        "Iptc4xmpExt:AISystemUsed": origin.provider if facts.invented else "",
        "Iptc4xmpExt:AISystemVersionUsed": origin.model if facts.invented else "",
    }
    lines = [f"   {name}={quoteattr(value)}" for name, value in properties.items() if value]
    label = f"\n   <TC260:AIGC>{escape(aigc_label(facts))}</TC260:AIGC>" if with_aigc else ""
    return "\n".join(
        [
            '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>',
            '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
            ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
            '  <rdf:Description rdf:about=""',
            '   xmlns:xmp="http://ns.adobe.com/xap/1.0/"',
            '   xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"',
            '   xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"',
            '   xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"',
            f'   xmlns:TC260="{AIGC_NAMESPACE}"',
            *lines[:-1],
            f"{lines[-1]}>{label}",
            "  </rdf:Description>",
            " </rdf:RDF>",
            "</x:xmpmeta>",
            '<?xpacket end="r"?>',
        ]
    ).encode()


def _code(text: str) -> str:
    """The printable ASCII of a code; spaces and other letters become hyphens."""
    letters = (letter if ord(letter) in _PRINTABLE_ASCII else "-" for letter in text)
    return "".join(letters)[:_ID_CHARS].strip("-") or "handbill"
