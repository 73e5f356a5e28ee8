"""Which mark each reviewer gives, so that the verdict comes out at the level a story wants."""

from assessments.reviews import NOT_SHOWN, Marking
from assessments.states import Basis
from criteria.model import Criterion
from registry.demonstration.fiction import Fiction, read

PASS_MARK = 3
# Where a product may be weak without its own texts saying otherwise; any other weakness is named in its story.
WEAK_SPOTS = {
    *("TL-02", "TL-04", "TL-05", "HN-04", "HN-06", "RT-04", "RT-05", "AT-04", "QT-01", "QT-04", "QT-05", "BC-02"),
}
TOP = 4
RECONCILED = (
    "Thử lại cùng nhau trên hai máy: máy bật chế độ tiết kiệm pin thì cảnh báo đến chậm, máy kia thì không. "
    "Thống nhất theo trường hợp kém hơn và ghi giới hạn này vào bản tóm tắt."
)
NOT_SHOWN_REASON = "Hồ sơ chỉ nêu cam kết, chưa có ảnh chụp, nhật ký hay bản thử nào cho thấy việc này."


def agreed(fiction: Fiction, criterion: Criterion) -> str:
    """The mark the team settles on."""
    if criterion.code in fiction.marks:
        return fiction.marks[criterion.code]
    return str(_PATTERNS.get(fiction.level, _first_level)(fiction, criterion))


def second(fiction: Fiction, criterion: Criterion) -> str:
    """The mark of the reviewer who does not lead: now and then a point away, never across the pass mark of a ★."""
    settled = agreed(fiction, criterion)
    if settled == NOT_SHOWN:
        return settled
    value = int(settled)
    if criterion.code == fiction.spread:
        return str(value - 2 if value >= 2 else value + 2)
    return str(_a_point_away(fiction, criterion, value)) if fiction.chance(f"b{criterion.code}", 4) == 0 else settled


def marking(fiction: Fiction, criterion: Criterion, mark: str) -> Marking:
    """A mark with the words that go with it."""
    words = read("answers")[criterion.code]
    if mark == NOT_SHOWN:
        return Marking(mark, None, NOT_SHOWN_REASON, "Đề nghị bổ sung bằng chứng cho thấy yêu cầu này được đáp ứng.")
    if int(mark) == TOP:
        basis = Basis.INDEPENDENT_REPORT if "lab" in words["pieces"] else Basis.OWN_TEST
        return Marking(mark, basis, words["strong"])
    if int(mark) == PASS_MARK:
        return Marking(mark)
    reason = fiction.reasons.get(criterion.code, words["weak"])
    return Marking(mark, None, reason, to_vendor=reason)


def _first_level(fiction: Fiction, criterion: Criterion) -> int:
    roll = fiction.chance(criterion.code, 12)
    if criterion.critical:
        return TOP if roll == 0 else PASS_MARK
    if criterion.code in WEAK_SPOTS and roll < 7:
        return 2
    return TOP if roll == 11 else PASS_MARK


def _second_level(fiction: Fiction, criterion: Criterion) -> int:
    roll = fiction.chance(criterion.code, 12)
    if roll < 2 and criterion.code in WEAK_SPOTS:
        return 2
    return TOP if roll < 6 else PASS_MARK


def _third_level(fiction: Fiction, criterion: Criterion) -> int:
    return PASS_MARK if fiction.chance(criterion.code, 4) == 0 and not criterion.critical else TOP


_PATTERNS = {"L1": _first_level, "L2": _second_level, "L3": _third_level}


def _a_point_away(fiction: Fiction, criterion: Criterion, value: int) -> int:
    up = min(value + 1, TOP)
    down = max(value - 1, 0)
    if criterion.critical and value == PASS_MARK:
        return up
    if criterion.critical and value == PASS_MARK - 1:
        return down
    return up if fiction.chance(f"up{criterion.code}", 2) else down
