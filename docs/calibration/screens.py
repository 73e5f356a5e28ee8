"""Draws the screens of made-up products: a bar, lines of text, switches, boxes and buttons, Vietnamese over English."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from registry.documents.paper import FONTS

WIDTH, MARGIN = 540, 28
INK, FADED, LINE, GROUND = "#1d2430", "#5b6573", "#d5dae1", "#fbfbf9"


class Screen:
    """One picture, drawn from the top down."""

    def __init__(self, title: str, english: str, tint: str, height: int) -> None:
        self.image = Image.new("RGB", (WIDTH, height), GROUND)
        self.pen = ImageDraw.Draw(self.image)
        self.tint, self.y = tint, 100
        self.pen.rectangle((0, 0, WIDTH, 84), fill=tint)
        self._write(title, MARGIN, 14, 24, "#ffffff", bold=True)
        self._write(english, MARGIN, 50, 16, "#ffffff")

    def say(self, text: str, english: str = "", size: int = 20, *, bold: bool = False) -> None:
        """A line, and its English beneath."""
        self._write(text, MARGIN, self.y, size, INK, bold=bold)
        self.y += size + 12
        if english:
            self._write(english, MARGIN, self.y - 4, 15, FADED)
            self.y += 26

    def switch(self, text: str, english: str, *, on: bool = True) -> None:
        """A line with a switch at its end."""
        self.pen.rounded_rectangle(
            (WIDTH - 92, self.y + 4, WIDTH - 32, self.y + 36), 16, fill=self.tint if on else LINE
        )
        knob = WIDTH - 62 if on else WIDTH - 90
        self.pen.ellipse((knob, self.y + 6, knob + 28, self.y + 34), fill="#ffffff")
        self.say(text, english)
        self.rule()

    def tick(self, text: str, english: str, *, ticked: bool) -> None:
        """A box that is ticked or not."""
        self.pen.rectangle((MARGIN, self.y + 4, MARGIN + 28, self.y + 32), outline=INK, width=3)
        if ticked:
            self.pen.line(
                [(MARGIN + 6, self.y + 18), (MARGIN + 12, self.y + 26), (MARGIN + 23, self.y + 9)], fill=INK, width=4
            )
        self._write(text, MARGIN + 44, self.y, 20, INK)
        self._write(english, MARGIN + 44, self.y + 28, 15, FADED)
        self.y += 66

    def button(self, text: str, *, line: bool = False) -> None:
        """A button over the whole width."""
        box = (MARGIN, self.y, WIDTH - MARGIN, self.y + 52)
        self.pen.rounded_rectangle(box, 10, fill=None if line else self.tint, outline=self.tint, width=3)
        self._write(text, MARGIN + 20, self.y + 12, 20, self.tint if line else "#ffffff", bold=True)
        self.y += 68

    def watch(self, lines: list[str], caption: str) -> None:
        """The face of a watch with what it shows, and a caption beside it."""
        top = self.y
        self.pen.rounded_rectangle((MARGIN, top, MARGIN + 210, top + 170), 34, fill="#11161d", outline=FADED, width=6)
        for number, text in enumerate(lines):
            self._write(text, MARGIN + 24, top + 24 + 30 * number, 18, "#ffffff", bold=number == 0)
        for number, text in enumerate(caption.split("\n")):
            self._write(text, MARGIN + 234, top + 30 + 26 * number, 16, INK if number % 2 == 0 else FADED)
        self.y += 188

    def rule(self) -> None:
        """A thin line across."""
        self.pen.line((MARGIN, self.y + 2, WIDTH - MARGIN, self.y + 2), fill=LINE, width=2)
        self.y += 10

    def png(self) -> bytes:
        """The picture as a small PNG, which says at its foot that it is made up."""
        foot = "Ảnh dựng để chấm thử, sản phẩm không có thật · Drawn for calibration, made up"
        self._write(foot, MARGIN, self.image.height - 26, 12, FADED)
        out = BytesIO()
        self.image.quantize(48).save(out, "PNG", optimize=True)
        return out.getvalue()

    def _write(self, text: str, x: int, y: int, size: int, colour: str, *, bold: bool = False) -> None:
        font = ImageFont.truetype(Path(FONTS / f"NotoSans-{'Bold' if bold else 'Regular'}.ttf"), size)
        self.pen.text((x, y), text, fill=colour, font=font)
