"""What renewals and changes are called: kinds, what changed, why something is looked at again, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assessments.errors import N_
from assessments.queries.renewals import Settled, Why
from assessments.states import ChangeKind, Kind
from registry.i18n import translate

KINDS: Mapping[Kind, str] = {
    Kind.INITIAL: N_("Hồ sơ lần đầu"),
    Kind.RENEWAL: N_("Hồ sơ %(renewal)s"),
    Kind.CHANGE: N_("Hồ sơ báo thay đổi"),
    Kind.SURVEILLANCE: N_("Hồ sơ giám sát"),
    Kind.TRANSITION: N_("Hồ sơ chuyển sang bản tiêu chí mới"),
}
CHANGES: Mapping[ChangeKind, str] = {
    ChangeKind.VERSION: N_("Phiên bản mới"),
    ChangeKind.FEATURES: N_("Thêm, bớt hoặc sửa tính năng bảo vệ trẻ em"),
    ChangeKind.DATA: N_("Cách lấy, dùng, giữ hoặc chia sẻ dữ liệu"),
    ChangeKind.INFRASTRUCTURE: N_("Máy chủ, hạ tầng, đơn vị cung cấp dịch vụ phía sau"),
    ChangeKind.AUDIENCE: N_("Nhóm tuổi, loại sản phẩm hoặc nền tảng"),
    ChangeKind.OWNER: N_("Chủ sở hữu, đơn vị chịu trách nhiệm hoặc đầu mối hỗ trợ"),
    ChangeKind.OTHER: N_("Điều khác"),
}
WHY: Mapping[Why, str] = {
    Why.CHANGED: N_("tiêu chí đã thay đổi"),
    Why.CRITICAL: N_("bắt buộc đạt"),
    Why.TOUCHED: N_("liên quan đến điều đã thay đổi"),
    Why.LAPSED: N_("có bằng chứng hết hạn"),
    Why.SAMPLE: N_("nằm trong số được chọn để xem lại"),
}
SETTLED: Mapping[Settled, str] = {
    Settled.OPEN: N_("Chưa xác nhận"),
    Settled.CONFIRMED: N_("Đã xác nhận vẫn đúng"),
    Settled.EDITED: N_("Đã sửa"),
    Settled.NEW: N_("Lần đầu trả lời"),
}
RINGS: Mapping[Settled, str] = {Settled.OPEN: "todo", Settled.NEW: "wait"}  # of the others it is "done"


@dataclass(frozen=True)
class Told:
    """What a submission says of the certificate it follows, in words; see assessments.queries.submissions."""

    kind: str
    certificate: str
    before: str  # reference of the application it began from
    changes: tuple[str, ...]
    note: str
    carried: Mapping[str, Mapping[str, Any]]

    def about(self, code: str) -> str:
        """What became of the answer to one criterion since the last time; "" for one it does not speak of."""
        row = self.carried.get(code)
        if row is None:
            return ""
        why = whys(Why(one) for one in row["why"])
        return f"{translate(SETTLED[Settled(row['settled'])])}{f' ({why})' if why else ''}"

    @property
    def edited(self) -> tuple[str, ...]:
        """The criteria whose answers are other ones than the last time."""
        return tuple(code for code, row in self.carried.items() if row["settled"] in {Settled.EDITED, Settled.NEW})


def told(content: Mapping[str, Any]) -> Told | None:
    """The part of a submission's content that tells of a renewal or change; None for a first application."""
    basis = content.get("basis")
    if not basis:
        return None
    return Told(
        kind=kind_word(Kind(basis["kind"])),
        certificate=basis["certificate"],
        before=basis["before"]["application"],
        changes=change_words(ChangeKind(one) for one in basis["changes"]),
        note=basis["note"],
        carried=basis["carried"],
    )


def kind_word(kind: Kind) -> str:
    """What a kind of application is called."""
    return translate(KINDS[kind])


def change_words(kinds: Any) -> tuple[str, ...]:
    """What has changed, in words."""
    return tuple(translate(CHANGES[kind]) for kind in kinds)


def whys(reasons: Any) -> str:
    """Why a criterion is looked at again, in one line."""
    return "; ".join(translate(WHY[one]) for one in reasons)


def settled_word(settled: Settled) -> str:
    """What became of an answer."""
    return translate(SETTLED[settled])


def ring(settled: Settled) -> str:
    """The ring of it: what templates/components/tasks.html draws."""
    return RINGS.get(settled, "done")
