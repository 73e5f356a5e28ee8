"""Laboratories of the demonstration, the reports they make, and what reviewers say of them; none of them exists."""

from datetime import timedelta
from uuid import UUID

from assessments import laboratories
from assessments.clock import today
from assessments.laboratories import Facts, Told
from assessments.queries.laboratories import REPORTS, registered
from assessments.queries.laboratory_reports import judged_pieces
from assessments.queries.submissions import latest
from registry.accounts.models import User
from registry.demonstration.stage import Play, Stage

LASTING = 200  # days from today
FAR = "Lakeside Product Testing"
LISTED = (
    (
        "Phòng thử nghiệm An toàn số Sao Mai",
        "Sao Mai Digital Safety Laboratory",
        "Việt Nam",
        ("BoA", "VILAS 9901"),
        (
            "Kiểm thử xâm nhập, phân tích lưu lượng, đo tỷ lệ chặn.",
            "Penetration tests, traffic analysis, filter rates.",
        ),
    ),
    (
        "Trung tâm Kiểm định phần mềm Cửu Long",
        "Cuu Long Software Assessment Centre",
        "Việt Nam",
        ("BoA", "VILAS 9902"),
        ("Thử chức năng kiểm soát của cha mẹ, thử vượt qua.", "Tests of parental controls and of ways round them."),
    ),
    (
        FAR,
        FAR,
        "Singapore",
        ("SAC-SINGLAS", "LA-0000-D"),
        ("Thử phương pháp xác định độ tuổi.", "Tests of age assurance methods."),
    ),
)
UNLISTED = "Xưởng thử nghiệm Bến Nghé"
ENDED = "Hết hạn công nhận theo ISO/IEC 17025, chưa được công nhận lại."
WHY_LISTED = "Phòng trong danh mục, đúng phạm vi; báo cáo nêu phiên bản, thiết bị và cách thử."
WHY_OTHERS = "Phòng ngoài danh mục; đã đối chiếu cách thử với yêu cầu và thử lại hai trường hợp, kết quả khớp."


def accept(stage: Stage) -> None:
    """Have the office write them into the register on the first day."""
    for name, name_en, country, (body, number), (tests_vi, tests_en) in LISTED:
        facts = Facts(
            name=name,
            name_en=name_en,
            country=country,
            accreditation_body=body,
            accreditation_number=number,
            standard="ISO/IEC 17025:2017",
            accepted_from=today(),
            accepted_until=stage.today + timedelta(days=LASTING),
            tests_vi=tests_vi,
            tests_en=tests_en,
            categories=("AA",) if name == FAR else (),
        )
        laboratories.accept(stage.session, stage.people["coordinator"], facts)


def end_one(stage: Stage) -> None:
    """The one abroad has lost its accreditation."""
    far = next(one for one in registered(stage.session) if one.name == FAR)
    laboratories.end(stage.session, stage.people["coordinator"], far.id, today(), ENDED)


def told(play: Play, kind: str) -> Told | None:
    """What a vendor says of a report: most come from the register, some from elsewhere."""
    if kind not in REPORTS:
        return None
    number = f"{play.fiction.chance('report', 900) + 100}/{today().year}"
    place = play.fiction.chance("laboratory", 4)
    if place == 0:
        return Told(number, laboratory_name=UNLISTED)
    near = [one for one in registered(play.session) if one.name != FAR]
    return Told(number, laboratory_id=near[place % len(near)].id)


def judge(play: Play, reviewer: User, code: str) -> None:
    """A reviewer accepts the reports behind a criterion before a 4 rests on them."""
    submission = latest(play.session, play.file.id)
    for piece in judged_pieces(submission.content if submission else {}, code):
        listed = "id" in piece.get("report", {}).get("laboratory", {})
        about = (code, UUID(piece["id"]))
        reason = WHY_LISTED if listed else WHY_OTHERS
        laboratories.judge(play.session, reviewer, play.file, about, accepted=True, reason=reason)
