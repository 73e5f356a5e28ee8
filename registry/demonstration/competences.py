"""What the club's people of the demonstration are competent for: any two reviewers cover everything together."""

from datetime import date, timedelta

from assessments import competences
from assessments.clock import today
from assessments.competences import Grant
from assessments.queries.competences import Subject, subjects
from assessments.states import CompetenceBasis
from registry.demonstration.stage import Stage

LACKING = {  # what somebody was never trained in
    "reviewer1": {"HN"},
    "reviewer2": {"AA", "HM"},
    "reviewer3": {"DL", "HR", "AT"},
    "decider1": {"AT", "HN", "HM"},
    "decider2": {"TN"},
}
GROUNDS = {
    "reviewer1": (CompetenceBasis.EXPERIENCE, "Mười một năm thử nghiệm phần mềm, giảng viên an toàn thông tin."),
    "reviewer2": (CompetenceBasis.TRAINING, "Khóa đào tạo người đánh giá của Câu lạc bộ, hai tuần, có chấm thử."),
    "reviewer3": (CompetenceBasis.TEST, "Bài kiểm tra của Câu lạc bộ, đúng 46 trên 50 câu."),
    "decider1": (CompetenceBasis.EXPERIENCE, "Tám năm làm luật bảo vệ trẻ em."),
    "decider2": (CompetenceBasis.TRAINING, "Khóa đào tạo thành viên hội đồng về ISO/IEC 17065."),
}
SOON = ("reviewer3", "QT", 40)  # who, what, days from today
JUST_OVER = ("decider2", "KP", -12)
LASTING = 420  # days from today


def grant(stage: Stage) -> None:
    """Have the office write everything into the register on the first day."""
    for login, (basis, note) in GROUNDS.items():
        for last_day, chosen in _by_last_day(stage, login).items():
            given = Grant(stage.people[login].id, tuple(chosen), basis, last_day, today(), note)
            competences.grant(stage.session, stage.people["coordinator"], given)


def _by_last_day(stage: Stage, login: str) -> dict[date, list[Subject]]:
    found: dict[date, list[Subject]] = {}
    special = {code: days for who, code, days in (SOON, JUST_OVER) if who == login}
    for subject in subjects(stage.edition):
        if subject[1] not in LACKING[login]:
            days = special.get(subject[1], LASTING)
            found.setdefault(stage.today + timedelta(days=days), []).append(subject)
    return found
