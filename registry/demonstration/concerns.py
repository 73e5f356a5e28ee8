"""Concerns of the demonstration: one put right, one passed on, one being looked into, one that has just come."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import uuid4

from sqlmodel import col, select

from assessments import clock, concerns, referrals
from assessments.concerns import Said
from assessments.models import Concern, Listing
from assessments.recourse import ConcernKind, ConcernOutcome, Referral
from registry.demonstration.stage import Stage

WRONG = "Bài học môn Sinh của lớp 8 không mở được từ tuần trước, máy tính ở nhà. Tắt bộ lọc thì mở được."
ANSWERED = "Cảm ơn bạn. Cho biết thêm địa chỉ trang bị chặn và phiên bản đang dùng."
ADDRESS = "Trang là sinhhoc8.example, bản 5.2 trên Windows."
PUT_RIGHT = "Nhà cung cấp đã bỏ trang này khỏi danh sách chặn ngày hôm sau; Câu lạc bộ đã thử lại và mở được."
ASKED_FOR = "Ứng dụng hỏi số điện thoại của mẹ và danh bạ dù em chỉ muốn xem video."
PLAN = "Cài bản mới nhất trên máy thử, ghi lại các quyền được hỏi, so với phần dữ liệu đã công bố."
STRANGER = "Có một tài khoản lạ nhắn tin và đòi gặp bạn em sau giờ học."
ADVERT = "Trang bán hàng ghi “chặn được tất cả trang xấu”. Câu này có đúng với giấy không?"


def scenes(stage: Stage) -> Iterator[tuple[int, Callable[[], None]]]:
    """What happened, and how many days ago."""
    settled, passed_on, running, fresh = (_Concern(stage) for _ in range(4))
    yield 40, partial(settled.send, ConcernKind.BLOCKED_WRONGLY, WRONG)
    yield 38, settled.acknowledge
    yield 38, partial(settled.reply, ANSWERED)
    yield 37, partial(settled.write_again, ADDRESS)
    yield 36, partial(settled.look, "Hỏi nhà cung cấp, thử lại trên máy thử.")
    yield 30, partial(settled.close, PUT_RIGHT)
    yield 16, partial(passed_on.send, ConcernKind.CONTACT, STRANGER, child=True)
    yield 16, passed_on.refer
    yield 6, partial(running.send, ConcernKind.DATA, ASKED_FOR, place=1, child=True)
    yield 5, running.acknowledge
    yield 4, partial(running.look, PLAN)
    yield 1, partial(fresh.send, ConcernKind.ADVERT, ADVERT, place=2)


class _Concern:
    """One concern, from the form to its end; nobody leaves a contact."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._made: Concern | None = None

    def send(self, kind: ConcernKind, text: str, place: int = 0, *, child: bool = False) -> None:
        """By the public form, from the page of a product."""
        question = select(Listing.slug).where(Listing.first_day <= clock.today()).order_by(col(Listing.sort_key))
        slugs = self._stage.session.exec(question).all()
        made_id = uuid4()
        said = Said(kind, text, slugs[place % len(slugs)] if slugs else "", child=child)
        self._made = concerns.receive(self._stage.session, made_id, made_id.hex, said, _unsealed)

    def acknowledge(self) -> None:
        """The coordinator has read it."""
        concerns.acknowledge(self._stage.session, self._stage.people["coordinator"], self._there())

    def reply(self, words: str) -> None:
        """The coordinator answers."""
        concerns.reply(self._stage.session, self._stage.people["coordinator"], self._there(), words)

    def write_again(self, words: str) -> None:
        """The reporter writes again."""
        concerns.hear(self._stage.session, self._there(), uuid4(), words)

    def look(self, plan: str) -> None:
        """The coordinator looks into it."""
        concerns.investigate(self._stage.session, self._stage.people["coordinator"], self._there(), plan)

    def close(self, closing: str) -> None:
        """The coordinator closes it."""
        office = self._stage.people["coordinator"]
        concerns.close(self._stage.session, office, self._there(), ConcernOutcome.PUT_RIGHT, closing)

    def refer(self) -> None:
        """The coordinator passes it on on the same day."""
        session, office = self._stage.session, self._stage.people["coordinator"]
        concerns.find_danger(session, office, self._there())
        referrals.write_out(session, office, self._there())
        referrals.refer(session, office, self._there(), Referral.HELPLINE, passed_on=True)

    def _there(self) -> Concern:
        if self._made is None:
            raise LookupError("there is no concern yet")
        return self._made


def _unsealed(_text: str, _place: str) -> str:
    raise LookupError("nobody leaves a contact here")
