"""PDFs for the tests of pages as pictures: honest ones made with fpdf2, and hostile ones written by hand."""

from fpdf import FPDF

from registry.documents.typeface import FONTS

WORDS = "Trẻ em được bảo vệ trên mạng: đường dây 111, phản ánh trong 24 giờ."


def honest(pages: int = 1, words: str = WORDS, size: tuple[float, float] = (210, 297)) -> bytes:
    """Vietnamese text on every page, and a red square in its upper left corner."""
    paper = FPDF(format=size)
    paper.add_font("Noto", "", FONTS / "NotoSans-Regular.ttf")
    for number in range(1, pages + 1):
        paper.add_page()
        paper.set_fill_color(255, 0, 0)
        paper.rect(0, 0, 20, 20, style="F")
        paper.set_font("Noto", "", 14)
        paper.set_y(30)
        paper.multi_cell(0, 8, f"Trang {number}. {words}")
    return bytes(paper.output())


def locked() -> bytes:
    """A PDF that asks for a password."""
    paper = FPDF()
    paper.set_encryption(owner_password="owner", user_password="reader")
    paper.add_page()
    return bytes(paper.output())


def raw(*objects: str) -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{rows}trailer\n<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return body + f"{tail}startxref\n{len(body)}\n%%EOF\n".encode()


def drawn(content: str, box: str = "0 0 612 792", resources: str = "", extra: tuple[str, ...] = ()) -> bytes:
    """One page that draws this; `extra` are objects from number 5 on."""
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 4 0 R/Resources<<{resources}>>>>"
    stream = f"<</Length {len(content)}>>stream\n{content}\nendstream"
    return raw("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", page, stream, *extra)


def form_within_form() -> bytes:
    """A form that draws itself ten times, and so each of them."""
    stream = "/F Do " * 10
    about = "<</Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</F 5 0 R>>>>"
    form = f"{about}/Length {len(stream)}>>stream\n{stream}\nendstream"
    return drawn("/F Do", resources="/XObject<</F 5 0 R>>", extra=(form,))


def doubling(levels: int = 40) -> bytes:
    """Forms of which each draws the next one twice: two to the power of `levels` squares."""
    forms = []
    for level in range(levels):
        last = level == levels - 1
        stream = "0 0 9 9 re f" if last else "/F Do /F Do"
        inside = "" if last else f"/Resources<</XObject<</F {6 + level} 0 R>>>>"
        about = f"<</Type/XObject/Subtype/Form/BBox[0 0 612 792]{inside}"
        forms.append(f"{about}/Length {len(stream)}>>stream\n{stream}\nendstream")
    return drawn("/F Do", resources="/XObject<</F 5 0 R>>", extra=tuple(forms))


def kids_of_itself() -> bytes:
    """A tree of pages that is its own branch."""
    return raw("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2000000000>>")
