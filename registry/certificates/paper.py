"""The certificate as a sheet of paper, in one language: what it says, where it stands, what lies inside the file."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time
from io import BytesIO

import segno
from flask_babel import force_locale, pgettext
from flask_babel import gettext as _
from fpdf.enums import Align

from assessments import clock
from registry.certificates import machine, scope
from registry.certificates.scope import Facts
from registry.config import Settings
from registry.documents.paper import FADED
from registry.documents.sheet import GOLD, HEIGHT, MARGIN, NAVY, WIDTH, Colour, Enclosed, Sheet, Style

SCALES = (1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5)  # of the texts, until the longest names have room
FOOT = 231  # from here on stand the code and how to check
QR = 40  # millimetres, with its quiet zone
RED: Colour = (163, 29, 29)
PALE: Colour = (247, 249, 252)
HAIR: Colour = (214, 221, 232)
LEAVES = "M14.5 39A27 27 0 0 1 37 2 27 27 0 0 1 14.5 39Z", "M14.5 39A16.5 16.5 0 0 1 1.5 18.5 16.5 16.5 0 0 1 14.5 39Z"
JWT, JSON, PROOF = "application/vc+jwt", "application/json", "text/plain"


def render(facts: Facts, settings: Settings, language: str) -> bytes:
    """The paper, in "vi" or "en"; the same facts give the same bytes. Long names make its letters smaller."""
    with force_locale(language):
        for scale in SCALES:
            sheet = _sheet(facts, language, scale)
            _ground(sheet)
            _body(sheet, facts, settings)
            if sheet.y <= FOOT - 3:
                break
        _foot(sheet, facts)
        _across(sheet, facts)
        for file in _enclosed(facts):
            sheet.enclose(file)
        return bytes(sheet.output())


def _sheet(facts: Facts, language: str, scale: float) -> Sheet:
    at = datetime.combine(facts.made_on, time(), clock.VIETNAM).astimezone(UTC)
    title = f"{scope.title(facts.shown)} {facts.shown.certificate.number}"
    word, _told = scope.over(facts.shown)
    sheet = Sheet(f"{title}: {word.lower()}" if word else title, language, at, scale)
    subject = f"{scope.product_of(facts.shown)} {facts.shown.profile.version}"
    sheet.describe(facts.shown.certificate.content["issuer"][language], subject)
    return sheet


# --- from the top ---


def _ground(sheet: Sheet) -> None:
    """Two leaves as if in the paper, and a frame."""
    pale = "rgb({},{},{})".format(*PALE)
    leaves = "".join(f'<path fill="{pale}" d="{leaf}"/>' for leaf in LEAVES)
    sheet.drawing(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">{leaves}</svg>', 44, 92, 128)
    with sheet.ornament():
        for inset, colour, width in ((9, NAVY, 0.7), (11, GOLD, 0.25)):
            sheet.set_draw_color(colour)
            sheet.set_line_width(width)
            sheet.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)


def _body(sheet: Sheet, facts: Facts, settings: Settings) -> None:
    """Everything above the code, downwards."""
    _head(sheet, facts, settings)
    _subject(sheet, facts)
    _level(sheet, facts)
    _table(sheet, facts)
    _signed(sheet, facts)


def _head(sheet: Sheet, facts: Facts, settings: Settings) -> None:
    word, told = scope.over(facts.shown)
    sheet.set_y(18)
    if word:
        _band(sheet, f"{word}. {told}")
    leaves = "".join(
        '<path fill="rgb({},{},{})" d="{}"/>'.format(*colour, leaf)
        for leaf, colour in zip(LEAVES, (NAVY, GOLD), strict=True)
    )
    mark = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">{leaves}</svg>'
    sheet.drawing(mark, (WIDTH - 17) / 2, sheet.y, 17)
    sheet.space(20)
    issuer = facts.shown.certificate.content["issuer"]
    other = issuer["vi"] if sheet.lang == "en" else issuer["en"]
    sheet.say(issuer[sheet.lang], Style(11, bold=True, colour=NAVY))
    if other != issuer[sheet.lang]:
        sheet.say(other, Style(8.5, colour=FADED))
    if settings.demonstration:
        sheet.space(1)
        sheet.say(_("Dữ liệu trình diễn: không có giá trị."), Style(9, bold=True, colour=RED))
    sheet.space(6)
    _title(sheet, facts)
    sheet.space(1.5)
    sheet.say(_("Số %(number)s", number=facts.shown.certificate.number), Style(11, spacing=0.6))


def _title(sheet: Sheet, facts: Facts) -> None:
    """As large as one line allows."""
    text = scope.title(facts.shown).upper()
    for size in (32, 28, 24, 20, 17):
        style = Style(size, bold=True, colour=NAVY, spacing=1.2, line=1.2, kind="H1")
        if sheet.lines(text, style, sheet.epw) == 1:
            break
    sheet.say(text, style)


def _band(sheet: Sheet, text: str) -> None:
    """What is not valid says so before anything else."""
    with sheet.ornament():
        sheet.set_fill_color(RED)
        sheet.rect(11, 11, WIDTH - 22, 11, style="F")
    sheet.set_y(13.6)
    sheet.say(text, Style(11, bold=True, colour=(255, 255, 255)))
    sheet.set_y(26)


def _subject(sheet: Sheet, facts: Facts) -> None:
    """The product and whose it is."""
    name, english, address = scope.vendor_of(facts.shown)
    _small(sheet, pgettext("certificate", "Sản phẩm"), 5)
    sheet.say(scope.product_of(facts.shown), Style(25 * sheet.scale, bold=True, line=1.2, kind="H2"))
    sheet.say(scope.version_of(facts.shown), Style(sheet.sized(10.5)))
    _small(sheet, pgettext("certificate", "của"), 3)
    sheet.say(name, Style(sheet.sized(13), bold=True))
    if english:
        sheet.say(english, Style(sheet.sized(9.5), colour=FADED))
    sheet.say(address, Style(sheet.sized(9.5), colour=FADED))


def _level(sheet: Sheet, facts: Facts) -> None:
    """The level in words, and as so many leaves of all there are."""
    name, rank, of = scope.level_of(facts.shown)
    _small(sheet, scope.certified(facts.shown), 3.5)
    sheet.say(name, Style(19 * max(sheet.scale, 0.7), bold=True, colour=NAVY, line=1.25, kind="H2"))
    sheet.space(1)
    step, x = 8.0, (WIDTH - 8.0 * of) / 2
    for place in range(of):
        fill = "rgb({},{},{})".format(*(GOLD if place < rank else HAIR))
        leaf = f'<path fill="{fill}" d="{LEAVES[0]}"/>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="8 0 40 40">{leaf}</svg>'
        sheet.drawing(svg, x + place * step + 1, sheet.y, 6)
    sheet.space(7.5)


def _small(sheet: Sheet, text: str, above: float) -> None:
    """A word between two larger ones."""
    sheet.space(above * sheet.scale)
    sheet.say(text, Style(sheet.sized(9), colour=FADED))


def _table(sheet: Sheet, facts: Facts) -> None:
    sheet.space(3 * sheet.scale)
    size, gap = sheet.sized(9.5), 1.1 * sheet.scale
    term = Style(size, colour=FADED, align=Align.L)
    value = Style(size, align=Align.L)
    for name, text in scope.rows_of(facts):
        sheet.rule(sheet.y, HAIR)
        sheet.space(gap)
        top = sheet.y
        sheet.say(name, term, width=38)
        after = sheet.y
        sheet.set_y(top)
        sheet.say(text, value, width=sheet.epw - 42, x=MARGIN + 42)
        sheet.set_y(max(after, sheet.y) + gap)
    sheet.rule(sheet.y, HAIR)
    if note := scope.reconstruction_of(facts.shown):
        sheet.space(2.2)
        sheet.say(note, Style(sheet.sized(9), bold=True, colour=RED))


def _signed(sheet: Sheet, facts: Facts) -> None:
    if facts.signatory is None:
        return
    sheet.space(4 * sheet.scale)
    sheet.say(_("Thay mặt tổ chức cấp"), Style(sheet.sized(9), colour=FADED))
    sheet.say(facts.signatory.name, Style(sheet.sized(12), bold=True))
    sheet.say(facts.signatory.office, Style(sheet.sized(9.5), colour=FADED))


# --- at the foot ---


def _foot(sheet: Sheet, facts: Facts) -> None:
    """The code, how to check, and what no paper can know."""
    sheet.rule(FOOT, NAVY, 0.3)
    code = BytesIO()
    segno.make(facts.address, error="q", micro=False, boost_error=True).save(code, kind="png", scale=12, border=4)
    told = str(_("Mã QR mở trang của giấy này: %(address)s", address=facts.address))
    sheet.image(code, MARGIN - 3, FOOT + 2, w=QR, h=QR, alt_text=told)
    x = MARGIN + QR + 2
    width = WIDTH - MARGIN - x
    sheet.set_y(FOOT + 4)
    sheet.say(_("Kiểm tra giấy này"), Style(10.5, bold=True, colour=NAVY, kind="H2", align=Align.L), width, x)
    sheet.say(_("Quét mã, hoặc gõ địa chỉ dưới đây, để xem tình trạng hôm nay:"), Style(8.5, align=Align.L), width, x)
    sheet.say(facts.address, Style(9.5, bold=True, align=Align.L), width, x)
    sheet.space(1.2)
    sheet.say(scope.status_of(facts), Style(8.5, bold=True, align=Align.L), width, x)
    sheet.say(_later(), Style(8.5, align=Align.L), width, x)
    if facts.signed:
        sheet.space(1.2)
        sheet.say(_inside(facts), Style(7.5, colour=FADED, align=Align.L), width, x)


def _later() -> str:
    return str(
        _(
            "Tờ giấy không biết những gì xảy ra sau ngày đó: "
            "có thể Câu lạc bộ đã tạm đình chỉ, thu hẹp phạm vi hoặc thu hồi giấy."
        )
    )


def _inside(facts: Facts) -> str:
    number = facts.shown.certificate.number
    return str(
        _(
            "Bản PDF có đính kèm giấy dạng ký số (%(name)s). Kiểm tra tệp này tại %(address)s",
            name=f"{number}.jwt",
            address=facts.check,
        )
    )


def _across(sheet: Sheet, facts: Facts) -> None:
    """The status over the whole sheet, so that no corner of a paper that is not valid can be shown alone."""
    word, _told = scope.over(facts.shown)
    if not word:
        return
    text = word.upper()
    size = min(92, 720 / max(len(text), 1) * 1.5)
    with sheet.ornament(), sheet.local_context(fill_opacity=0.16, text_color=RED):
        sheet.set_font(style="B", size=size)
        wide = sheet.get_string_width(text)
        with sheet.rotation(52, WIDTH / 2, HEIGHT / 2):
            sheet.text((WIDTH - wide) / 2, HEIGHT / 2 + size * 0.12, text)


# --- inside the file ---


def _enclosed(facts: Facts) -> Iterator[Enclosed]:
    number = facts.shown.certificate.number
    described = machine.described(facts.shown, facts.address, facts.signed)
    text = json.dumps(described, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
    yield Enclosed(f"{number}.json", text.encode(), JSON, _("Nội dung giấy cho máy đọc"))
    if facts.signed:
        yield Enclosed(f"{number}.jwt", facts.signed.jwt.encode(), JWT, _("Giấy dạng ký số"))
    if facts.proof:
        yield Enclosed(f"{number}.proof", facts.proof.encode(), PROOF, _("Bằng chứng có trong sổ công khai"))
