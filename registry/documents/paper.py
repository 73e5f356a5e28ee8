"""A4 paper: one font for every Vietnamese letter, a line at the foot of each page, tables that go on overleaf."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from weakref import finalize

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TextEmphasis, VAlign, WrapMode
from fpdf.fonts import FontFace, TTFFont

from registry.documents.typeface import FONTS

FONT = "Noto Sans"
MARGIN = 18  # millimetres
INK = (24, 24, 24)
FADED = (92, 92, 92)
LINE = 1.35  # of the size of the letters
MILLIMETRES = 0.3528  # in a point


def lend_fonts(paper: FPDF) -> None:
    """The font, upright and bold; a paper that is given up half way closes its files too."""
    paper.add_font(FONT, "", FONTS / "NotoSans-Regular.ttf")
    paper.add_font(FONT, "B", FONTS / "NotoSans-Bold.ttf")
    for font in paper.fonts.values():
        if isinstance(font, TTFFont):
            finalize(paper, font.ttfont.close)


class Paper(FPDF):
    """A document whose bytes depend on nothing but what is written on it and the moment it speaks of."""

    def __init__(self, title: str, foot: str, moment: datetime) -> None:
        super().__init__(format="A4")
        self.foot = foot
        lend_fonts(self)
        self.set_margins(MARGIN, MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN + 4)
        self.set_title(title)
        self.set_lang("vi")
        self.set_creation_date(moment)
        self.alias_nb_pages()
        self.add_page()

    def footer(self) -> None:
        """What the page belongs to, and its number."""
        self.set_y(-MARGIN)
        self.set_font(FONT, "", 8)
        self.set_text_color(FADED)
        self.cell(self.epw - 20, 5, self.foot)
        self.cell(20, 5, f"{self.page_no()}/{{nb}}", align="R")

    def say(self, text: str, size: float = 10, *, bold: bool = False, faded: bool = False) -> None:
        """A paragraph over the whole width."""
        self.set_font(FONT, "B" if bold else "", size)
        self.set_text_color(FADED if faded else INK)
        self.multi_cell(0, size * MILLIMETRES * LINE, text, align="L", new_x="LMARGIN", new_y="NEXT")

    def space(self, millimetres: float) -> None:
        """Leave some room."""
        self.ln(millimetres)

    def keep_together(self, millimetres: float) -> None:
        """Go overleaf now where so much does not fit any more: a heading stays with what it heads."""
        if self.will_page_break(millimetres):
            self.add_page()

    def facts(self, rows: Iterable[tuple[str, str]]) -> None:
        """Names and values side by side; long values wrap, and go on overleaf."""
        self._write(rows, (44, 130), 9, head=False)

    def listing(self, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> None:
        """A table whose head stands on every page."""
        self._write([head, *rows], widths, 7, head=True)

    def _write(self, rows: Iterable[Sequence[str]], widths: Sequence[float], size: float, *, head: bool) -> None:
        self.set_font(FONT, "", size)
        self.set_text_color(INK)
        self.set_draw_color(200)
        with self.table(
            col_widths=tuple(widths),
            first_row_as_headings=head,
            headings_style=FontFace(emphasis=TextEmphasis.B),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            line_height=size * MILLIMETRES * LINE,
            padding=(1.2, 2, 1.2, 0),
            text_align="LEFT",
            v_align=VAlign.T,
            wrapmode=WrapMode.WORD,
        ) as table:
            for cells in rows:
                row = table.row()
                for cell in cells:
                    row.cell(cell)
