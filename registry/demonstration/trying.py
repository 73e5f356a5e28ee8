"""Reviewers' own tests, and what they ask the vendor meanwhile, in the demonstration: all of it fictional."""

from collections.abc import Iterable
from datetime import timedelta

from assessments import clock, questions, test_records
from assessments.queries import reviews
from assessments.states import Basis
from assessments.test_records import Facts
from criteria.model import Criterion
from registry.accounts.models import User
from registry.demonstration.stage import Play

DEVICES = (("Điện thoại Galaxy A15", "Android 14"), ("Máy tính xách tay văn phòng", "Windows 11 23H2"))
STEPS = (
    "1. Cài bản đã nộp trên máy đã xóa sạch, đăng nhập bằng tài khoản thử.\n"
    "2. Làm theo hướng dẫn của nhà cung cấp cho từng tiêu chí.\n"
    "3. Khởi động lại máy, tắt mạng, đổi ngày giờ rồi làm lại."
)
RESULT = "Mỗi bước làm ba lần, cả ba lần sản phẩm chạy đúng như trình bày; khởi động lại và tắt mạng không làm khác đi."
QUESTION = "Bản đã nộp có chạy như vậy trên máy dùng chung nhiều tài khoản không? Hướng dẫn chưa nói đến."
SECOND = "Hướng dẫn tiếng Việt nộp kèm là của phiên bản trước. Khi phát hành, người mua nhận bản nào?"
ANSWER = "Có. Mỗi tài khoản trên máy có thiết lập riêng; phần này ở mục 4 của hướng dẫn đã nộp."


def write_down(play: Play, reviewer: User, criteria: Iterable[Criterion]) -> None:
    """One test for everything that a reviewer scored by trying it."""
    review = reviews.review_of(play.session, play.file.id, reviewer.id)
    given = reviews.scores_of(play.session, [review])[review.id] if review else {}
    codes = tuple(one.code for one in criteria if one.code in given and given[one.code].basis is Basis.OWN_TEST)
    if not codes:
        return
    device, system = DEVICES[play.fiction.chance(f"device{reviewer.email}", len(DEVICES))]
    day = clock.today() - timedelta(days=1)
    facts = Facts(codes, device, system, str(play.file.profile.get("version", "")) or "1.0", day, STEPS, RESULT)
    test_records.add(play.session, reviewer, play.file, facts)


def ask(play: Play, reviewer: User) -> None:
    """Two questions to the vendor: one answered, one that waits and stops the clock."""
    first, second = play.criteria[0].code, play.criteria[1].code
    asked = questions.ask(play.session, reviewer, play.file, first, QUESTION)
    questions.answer(play.session, play.owner, play.file, asked.id, ANSWER)
    questions.ask(play.session, reviewer, play.file, second, SECOND)
