"""Scene of a reviewer reading: notes on a page of the evidence, before anybody is final."""

from uuid import UUID

from assessments import notes
from assessments.notes import Remark
from assessments.queries import submissions
from registry.demonstration.stage import Play

PDF = "application/pdf"
WORDS = (
    "Bảng ở trang này ghi ngày thử nhưng không ghi tên máy và bản hệ điều hành. Nêu khi thống nhất.",
    "Phụ lục liệt kê đủ thiết bị; đối chiếu với phần trình bày thì khớp.",
)


def take(play: Play) -> None:
    """The lead notes something on each of the two pages of the first document that was handed in."""
    submission = submissions.latest(play.session, play.file.id)
    if submission is None:
        return
    lead = play.person(play.fiction.team[0])
    for code, answer in submission.content["answers"].items():
        for piece in answer["evidence"]:
            if piece.get("file", {}).get("media_type") == PDF:
                for page, words in enumerate(WORDS, start=1):
                    notes.add(play.session, lead, play.file, UUID(piece["id"]), Remark(page, code, words))
                return
