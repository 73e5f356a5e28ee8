"""One A4 sheet to be kept and hung up: PDF/A-3, every text tagged in reading order, files attached inside."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from html import escape
from io import BytesIO

from fpdf import FPDF
from fpdf.enums import Align, DocumentCompliance, WrapMode
from fpdf.prefs import ViewerPreferences

from registry.documents.paper import FADED, FONT, INK, MILLIMETRES, lend_fonts

Colour = tuple[int, int, int]

NAVY: Colour = (23, 57, 107)
GOLD: Colour = (243, 180, 51)
WIDTH, HEIGHT = 210, 297  # millimetres
MARGIN = 25
SMALLEST = 7  # points that can still be read on paper
PROPERTIES = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<rdf:Description rdf:about="" xmp:CreateDate="{at}" xmp:ModifyDate="{at}" xmp:MetadataDate="{at}">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


@dataclass(frozen=True)
class Style:
    """How a text stands: its size in points, its weight, its colour, the room between its letters and its lines."""

    size: float = 10
    bold: bool = False
    colour: Colour = INK
    spacing: float = 0  # points
    line: float = 1.35  # of the size
    align: Align = Align.C
    kind: str = "P"  # what it is to a screen reader


@dataclass(frozen=True)
class Enclosed:
    """A file inside the document."""

    name: str
    content: bytes
    media_type: str
    told: str


class Sheet(FPDF):
    """A single page whose bytes depend on nothing but what is written on it and the moment it speaks of."""

    def __init__(self, title: str, language: str, moment: datetime, scale: float = 1) -> None:
        super().__init__(format="A4", enforce_compliance=DocumentCompliance.PDFA_3U)
        self.scale = scale  # of the texts that may be long
        self.moment = moment
        lend_fonts(self)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=False)
        self.c_margin = 0
        self.set_title(title)
        self.set_lang(language)
        self.language = language
        self.set_creation_date(moment)
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.add_page()

    def describe(self, author: str, subject: str) -> None:
        """Its properties. Written here, because fpdf2 would put the time of day into them."""
        at = self.moment.isoformat(timespec="seconds")
        told = (self.title or "", self.language, author, subject)
        title, language, author, subject = (escape(one) for one in told)
        self.set_xmp_metadata(PROPERTIES.format(at=at, title=title, language=language, author=author, subject=subject))

    @contextmanager
    def tagged(self, kind: str) -> Iterator[None]:
        """What is drawn inside is a heading (H1, H2) or a paragraph (P) to whoever has the page read out."""
        mark = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{kind}", mcid=mark)
        self._out(f"/{kind} <</MCID {mark}>> BDC")
        yield
        self._out("EMC")

    @contextmanager
    def ornament(self) -> Iterator[None]:
        """What is drawn inside is not read out."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

    def sized(self, points: float) -> float:
        """A size made smaller where names are long, as far as it can still be read on paper."""
        return max(points * self.scale, min(points, SMALLEST))

    def say(self, text: str, style: Style, width: float = 0, x: float | None = None) -> None:
        """A text from where the sheet stands downwards, over the whole width or so much of it."""
        self._set(style)
        if x is not None:
            self.set_x(x)
        with self.tagged(style.kind):
            self.multi_cell(
                width or self.epw,
                self._line(style),
                text,
                align=style.align,
                wrapmode=WrapMode.WORD,
                new_x="LMARGIN",
                new_y="NEXT",
            )
        self.set_char_spacing(0)

    def lines(self, text: str, style: Style, width: float) -> int:
        """How many lines a text takes."""
        self._set(style)
        found = self.multi_cell(width, self._line(style), text, align=style.align, dry_run=True, output="LINES")
        self.set_char_spacing(0)
        return len(found)  # type: ignore[arg-type]  # a list, as asked for

    def _set(self, style: Style) -> None:
        self.set_font(FONT, "B" if style.bold else "", style.size)
        self.set_text_color(style.colour)
        self.set_char_spacing(style.spacing)

    def _line(self, style: Style) -> float:
        return style.size * MILLIMETRES * style.line

    def space(self, millimetres: float) -> None:
        """Leave some room."""
        self.set_y(self.y + millimetres)

    def rule(self, y: float, colour: Colour = FADED, width: float = 0.15) -> None:
        """A line over the whole width."""
        with self.ornament():
            self.set_draw_color(colour)
            self.set_line_width(width)
            self.line(MARGIN, y, WIDTH - MARGIN, y)

    def drawing(self, svg: str, x: float, y: float, width: float) -> None:
        """A drawing that is read out to nobody."""
        with self.ornament():
            self.image(BytesIO(svg.encode()), x, y, w=width)

    def enclose(self, file: Enclosed) -> None:
        """Put a file inside."""
        self.embed_file(
            bytes=file.content,
            basename=file.name,
            mime_type=file.media_type,
            desc=file.told,
            modification_date=self.moment,
            creation_date=self.moment,
            compress=True,
            associated_file_relationship="Data",
        )
