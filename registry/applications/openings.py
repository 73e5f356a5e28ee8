"""Where a draft will be handed in, in sentences: the round that takes it, the one it missed, the one that comes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from assessments.errors import N_
from assessments.models import Round
from assessments.queries.rounds import Outlook
from registry import identity
from registry.i18n import lang, translate
from registry.templating import day, moment


@dataclass(frozen=True)
class Opening:
    """What the rounds mean for a draft: sentences, when the open round closes, and its words about the fee."""

    sentences: tuple[str, ...]
    closes_at: datetime | None = None
    fee: str = ""


def opening(outlook: Outlook) -> Opening:
    """The sentences of a draft's page; whether it can be handed in is judged elsewhere, by readiness."""
    opened = outlook.opened
    if opened is None:
        return Opening((*_closed(outlook), *_what_to_do(outlook)))
    fee = (opened.fee_text_en if lang() == "en" else "") or opened.fee_text_vi
    return Opening(tuple(_open(outlook, opened)), opened.closes_at, fee)


def _open(outlook: Outlook, opened: Round) -> Iterator[str]:
    if outlook.missed is not None:
        yield translate(
            N_("Đợt %(missed)s đã đóng; hồ sơ nháp còn nguyên và sẽ nộp vào đợt %(opened)s."),
            missed=outlook.missed.code,
            opened=opened.code,
        )
    else:
        yield translate(N_("Hồ sơ sẽ nộp vào đợt %(opened)s."), opened=opened.code)
    if opened.closes_at is None:
        yield translate(N_("Đợt này mở thường xuyên, không có ngày đóng."))
    if opened.announce_on is not None:
        yield translate(N_("Kết quả của cả đợt công bố cùng lúc, ngày %(date)s."), date=day(opened.announce_on))


def _closed(outlook: Outlook) -> Iterator[str]:
    missed, coming = outlook.missed, outlook.coming
    if missed is not None and coming is not None:
        yield translate(
            N_("Đợt %(missed)s đã đóng; hồ sơ nháp còn nguyên và sẽ nộp vào đợt %(coming)s, mở lúc %(time)s."),
            missed=missed.code,
            coming=coming.code,
            time=moment(coming.opens_at),
        )
    elif missed is not None:
        yield translate(N_("Đợt %(missed)s đã đóng; hồ sơ nháp còn nguyên."), missed=missed.code)
    elif coming is not None:
        yield translate(
            N_("Chưa có đợt nào nhận hồ sơ này. Đợt %(coming)s mở lúc %(time)s; hồ sơ nháp chờ đến lúc đó."),
            coming=coming.code,
            time=moment(coming.opens_at),
        )


def _what_to_do(outlook: Outlook) -> Iterator[str]:
    if outlook.other is not None:
        yield translate(
            N_("Đợt %(code)s đang mở nhưng chỉ nhận loại sản phẩm khác. Xem lại loại đã chọn ở Thông tin sản phẩm."),
            code=outlook.other.code,
        )
    if outlook.coming is None:
        yield translate(
            N_(
                "Hiện không có đợt tiếp nhận nào cho hồ sơ này. Cứ soạn tiếp: "
                "khi có đợt mới, hồ sơ nháp tự chuyển sang đợt đó. Hỏi ngày mở đợt: %(email)s."
            ),
            email=identity.on().email,
        )
    else:
        yield translate(N_("Trong lúc chờ, cứ soạn tiếp và xem còn thiếu gì ở bước kiểm tra."))
