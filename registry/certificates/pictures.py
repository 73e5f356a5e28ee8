"""The address of a certificate as a picture in a page."""

from functools import lru_cache

from markupsafe import Markup


@lru_cache(256)  # a third of what the page of a certificate costs
def qr(address: str) -> Markup:
    """A code drawn in the page, light on every theme so that cameras read it."""
    import segno  # noqa: PLC0415  few pages show one

    code = segno.make(address, error="q", micro=False)
    drawn = code.svg_inline(border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True)
    return Markup(drawn.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1))  # noqa: S704  our own drawing
