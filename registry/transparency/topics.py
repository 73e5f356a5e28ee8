"""The public figures of a year as topics and items with words: one source for page, report, PDF and CSV.

What would point at one company's result is not told: see `protected`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from flask_babel import gettext as _
from flask_babel import pgettext

from assessments.lifecycle import Measure
from assessments.queries.figures import FEW
from assessments.queries.public_figures import TENTHS, THOUSAND
from assessments.queries.workload import STEPS, WHOLE
from assessments.states import LATER, Kind
from registry.i18n import translate, words
from registry.renewals import KINDS
from registry.surveyed import MEASURES
from registry.templating import number, sentence

DASH = "–"
TABLED, DRAWN = 3, 10  # years in a table, and in the chart above it
ENOUGH = 5  # so many lengths of time at least behind a median or a percentile
PRIVATE = ("declined", "refused", "withdrawn", "lapsed")  # ends that are between the club and a company
REST = "not_certified"  # all of them together

Named = Mapping[str, int]
Figures = Mapping[str, Named]  # subject -> name -> value, of one year


class Hidden(Enum):
    """Why a figure is not told."""

    FEW = "few"  # so small that it could point at somebody
    MERGED = "merged"  # told only together with others
    NONE = "none"  # nothing was measured


Value = int | float | Hidden


class Unit(Enum):
    """What a figure counts."""

    COUNT = "count"
    DAYS = "days"
    ALPHA = "alpha"


@dataclass(frozen=True)
class Item:
    """One figure: its code (stable, for machines), what it is called, how much."""

    code: str
    label: str
    value: Value
    unit: Unit = Unit.COUNT

    @property
    def shown(self) -> str:
        """The figure as a page prints it, or a word for why there is none."""
        if isinstance(self.value, Hidden):
            return hidden_word(self.value)
        return number(self.value, {Unit.ALPHA: 2}.get(self.unit))

    @property
    def short(self) -> str:
        """The same where there is little room: a dash says that there is no figure."""
        return DASH if self.value is Hidden.NONE else self.shown


@dataclass(frozen=True)
class Topic:
    """Figures that belong together, with what a reader has to know about them."""

    code: str
    title: str
    note: str
    items: tuple[Item, ...]

    @property
    def is_silent(self) -> bool:
        """Whether there is nothing in it: what its sentences say is all there is to say."""
        return all(item.value in (0, Hidden.NONE) for item in self.items)

    def __getitem__(self, code: str) -> Item | None:
        return next((item for item in self.items if item.code == code), None)


def hidden_word(why: Hidden) -> str:
    """What stands in the place of a figure."""
    found: dict[Hidden, str] = {
        Hidden.FEW: _("dưới %(few)s", few=str(FEW)),
        Hidden.MERGED: _("tính chung"),
        Hidden.NONE: _("chưa có số liệu"),
    }
    return found[why]


def topics(figures: Figures) -> list[Topic]:
    """Every topic of a year, in the order of the page; a topic of which there is nothing says so by zeros."""
    return [topic(figures) for topic in TOPICS]


def few(count: int) -> Value:
    """A count, unless it is so small that it could point at somebody."""
    return Hidden.FEW if 0 < count < FEW else count


def protected(named: Named) -> dict[str, Value]:
    """The ends of applications by name, those that are nobody's business told apart only where none is small.

    Their sum is told always (as "not_certified"), itself not where it is small.
    """
    counts = {name: named.get(name, 0) for name in PRIVATE}
    small = any(0 < count < FEW for count in counts.values())
    told: dict[str, Value] = {name: Hidden.MERGED if small else count for name, count in counts.items()}
    return {"certified": named.get("certified", 0), **told, REST: few(sum(counts.values()))}


# --- topics ---


def _applications(figures: Figures) -> Topic:
    found = figures.get("applications", {})
    items = tuple(
        Item(kind.value, sentence(translate(KINDS[kind])), few(found.get(f"{kind}.lodged", 0))) for kind in Kind
    )
    return Topic("applications", _("Hồ sơ đã nộp"), _("Tính theo năm nộp lần đầu."), items)


def _outcomes(figures: Figures) -> Topic:
    told = protected(_part(figures.get("outcomes", {}), "initial"))
    return Topic(
        "outcomes",
        _("Kết quả hồ sơ lần đầu"),
        _("Tính theo năm có kết quả. Kết quả chờ ngày công bố chưa tính. Giám sát không nằm ở đây."),
        tuple(Item(code, _end_word(code), value) for code, value in told.items()),
    )


def _later(figures: Figures) -> Topic:
    found = figures.get("outcomes", {})
    merged: dict[str, int] = {}
    for kind in LATER:
        for name, count in _part(found, kind.value).items():
            merged[name] = merged.get(name, 0) + count
    told = protected(merged)
    return Topic(
        "later_outcomes",
        _("Kết quả hồ sơ của sản phẩm đã có giấy"),
        _("Gồm hồ sơ %(renewal)s, báo thay đổi và chuyển sang bản tiêu chí mới.", **words()),
        tuple(Item(code, _end_word(code), value) for code, value in told.items()),
    )


def _times(figures: Figures) -> Topic:
    found = figures.get("times", {})
    items: list[Item] = []
    for step in (*STEPS, WHOLE):
        name, enough = step_word(step.name), found.get(f"{step.name}.count", 0) >= ENOUGH
        middle = found.get(f"{step.name}.median", 0) / TENTHS if enough else Hidden.NONE
        long = found.get(f"{step.name}.p90", 0) / TENTHS if enough else Hidden.NONE
        items.append(Item(f"{step.name}.median", _("%(step)s: một nửa không quá", step=name), middle, Unit.DAYS))
        items.append(Item(f"{step.name}.p90", _("%(step)s: chín phần mười không quá", step=name), long, Unit.DAYS))
    note = _(
        "Số ngày của hồ sơ lần đầu, tính theo năm bước đó xong. Chỉ ghi khi có từ %(enough)s hồ sơ.", enough=str(ENOUGH)
    )
    return Topic("times", _("Mỗi bước mất bao lâu"), note, tuple(items))


def _agreement(figures: Figures) -> Topic:
    found = figures.get("agreement", {})
    editions = sorted({name.rsplit(".", 1)[0] for name in found})
    items = tuple(
        Item(
            one,
            _("Bản tiêu chí %(edition)s", edition=one),
            found.get(f"{one}.alpha", 0) / THOUSAND if found.get(f"{one}.count", 0) >= FEW else Hidden.FEW,
            Unit.ALPHA,
        )
        for one in editions
    )
    note = _(
        "Hệ số alpha của Krippendorff: 1 là người đánh giá chấm như nhau, 0 là như chấm ngẫu nhiên. "
        "Chỉ ghi khi có từ %(few)s hồ sơ.",
        few=str(FEW),
    )
    return Topic("agreement", _("Người đánh giá chấm giống nhau đến đâu"), note, items)


def _certificates(figures: Figures) -> Topic:
    names = {
        "valid": _("Còn hiệu lực cuối năm, hoặc hôm nay"),
        "grant": _("Cấp"),
        "suspend": _("Tạm đình chỉ"),
        "reinstate": _("Khôi phục"),
        "reduce": _("Thu hẹp phạm vi"),
        "withdraw": _("Thu hồi"),
        "terminate": _("Chấm dứt theo yêu cầu"),
        "expire": _("Hết hạn"),
    }
    note = _("Đếm từ sổ cấp và thu hồi, ai cũng đọc được từng dòng.")
    return Topic("certificates", _("Giấy đã cấp và thu hồi"), note, _counted(figures, "certificates", names))


def _surveillance(figures: Figures) -> Topic:
    names = {
        "begun": _("Bắt đầu"),
        **{measure.value: translate(MEASURES[measure]) for measure in Measure},
        "dropped": _("Dừng giữa chừng"),
    }
    note = _("Giám sát là kiểm tra lại sản phẩm đã có giấy, theo lịch hoặc khi có lý do.")
    return Topic("surveillance", pgettext("menu", "Giám sát"), note, _counted(figures, "surveillance", names))


def _appeals(figures: Figures) -> Topic:
    names = {
        "lodged": pgettext("figures", "Đã gửi"),
        "confirmed": _("Giữ nguyên quyết định"),
        "set_aside": _("Hủy quyết định"),
        "withdrawn": _("Đơn vị rút"),
        "inadmissible": _("Không nhận"),
        "late": _("trong đó gửi muộn"),
    }
    items = (*_counted(figures, "appeals", names), _average(figures.get("appeals", {})))
    note = _("Nhà cung cấp không đồng ý với một quyết định; những người chưa tham gia xem lại.")
    return Topic("appeals", pgettext("menu", "Yêu cầu xem xét lại"), note, items)


def _complaints(figures: Figures) -> Topic:
    names = {
        "lodged": pgettext("figures", "Đã gửi"),
        "upheld": pgettext("figures", "Đúng"),
        "partly": _("Đúng một phần"),
        "not_upheld": _("Không đúng"),
        "elsewhere": _("Có nơi khác giải quyết"),
    }
    items = (*_counted(figures, "complaints", names), _average(figures.get("complaints", {})))
    note = _("Về cách làm việc của Câu lạc bộ, ai cũng gửi được; điều phối viên không đọc.")
    return Topic("complaints", _("Khiếu nại về Câu lạc bộ"), note, items)


def _misuse(figures: Figures) -> Topic:
    names = {
        "lodged": pgettext("figures", "Đã gửi"),
        "stopped": _("Đúng là dùng sai, và nay đã dừng"),
        "acted": _("Đúng là dùng sai; Câu lạc bộ đang xử lý tiếp"),
        "no_misuse": _("Không phải dùng sai"),
        "unclear": _("Không tìm thấy, hoặc không đủ thông tin"),
    }
    note = _("Ai cũng báo được chỗ dùng sai giấy hoặc dấu.")
    return Topic("misuse", _("Báo dùng sai giấy và dấu"), note, _counted(figures, "misuse", names))


def _concerns(figures: Figures) -> Topic:
    found = figures.get("concerns", {})
    names = {
        "lodged": pgettext("figures", "Đã gửi"),
        "in_time": _("Báo đã nhận đúng hạn"),
        "referred": _("Chuyển cho nơi có trách nhiệm"),
        "surveyed": _("Dẫn đến giám sát"),
        "put_right": _("Có lỗi, và đã sửa"),
        "surveillance": _("Xem tiếp bằng giám sát"),
        "no_fault": _("Sản phẩm không có lỗi"),
        "unclear": _("Không tìm thấy, hoặc không đủ thông tin"),
        "elsewhere": _("Có nơi khác giải quyết"),
        "no_concern": _("Không phải phản ánh"),
    }
    items = (*_counted(figures, "concerns", names), _average(found)) if found else ()
    return Topic("concerns", _("Phản ánh về sản phẩm"), _("Không nêu ai phản ánh và phản ánh điều gì."), items)


TOPICS: tuple[Callable[[Figures], Topic], ...] = (
    _applications,
    _outcomes,
    _later,
    _times,
    _agreement,
    _certificates,
    _surveillance,
    _concerns,
    _appeals,
    _complaints,
    _misuse,
)


# --- words and pieces ---


def step_word(name: str) -> str:
    """What a stretch of the way is called."""
    found: dict[str, str] = {
        "intake": _("Kiểm tra hồ sơ"),
        "assignment": _("Giao người đánh giá"),
        "review": _("Chấm điểm"),
        "consensus": _("Thống nhất điểm"),
        "decision": _("Quyết định"),
        "whole": _("Cả quá trình"),
    }
    return found[name]


def _end_word(code: str) -> str:
    found: dict[str, str] = {
        "certified": _("Được cấp"),
        "declined": _("Không cấp"),
        "refused": _("Không tiếp nhận"),
        "withdrawn": _("Đơn vị rút"),
        "lapsed": _("Đóng vì quá hạn"),
        REST: _("Không có giấy, tính chung"),
    }
    return found[code]


def _counted(figures: Figures, subject: str, names: Mapping[str, str]) -> tuple[Item, ...]:
    found = figures.get(subject, {})
    return tuple(Item(code, label, found.get(code, 0)) for code, label in names.items())


def _average(found: Named) -> Item:
    decided = found.get("decided", 0)
    value = round(found.get("days", 0) / decided) if decided else Hidden.NONE
    return Item("average_days", _("Số ngày trung bình"), value, Unit.DAYS)


def _part(named: Named, kind: str) -> dict[str, int]:
    return {name.removeprefix(f"{kind}."): count for name, count in named.items() if name.startswith(f"{kind}.")}


@dataclass(frozen=True)
class Course:
    """One topic over the years: what it is called, its columns, and a row of items for each year, newest first."""

    topic: Topic
    columns: tuple[tuple[str, str], ...]  # code, label
    rows: tuple[tuple[int, Topic], ...]

    def bars(self) -> tuple[tuple[str, ...], list[tuple[int, list[float]]]]:
        """What a chart draws of it, oldest year first: the names of the parts, and the lengths of each year."""
        codes = BARS.get(self.topic.code, ())
        drawn = [(year, [_length(topic[code]) for code in codes]) for year, topic in reversed(self.rows[:DRAWN])]
        labels = dict(self.columns)
        names = tuple(labels[code].partition(":")[0] for code in codes if code in labels)
        return names, drawn if any(sum(lengths) for _year, lengths in drawn) else []

    @property
    def tabled(self) -> tuple[tuple[int, Topic], ...]:
        """The years of the table: on a phone there is room for few, and the files have them all."""
        return self.rows[:TABLED]


BARS: Mapping[str, tuple[str, ...]] = {
    "applications": ("initial", "renewal", "change", "transition", "surveillance"),
    "outcomes": ("certified", REST),
    "times": ("intake.median", "assignment.median", "review.median", "consensus.median", "decision.median"),
    "certificates": ("valid",),
    "surveillance": ("keep", "reduce", "suspend", "withdraw"),
    "concerns": ("lodged",),
    "appeals": ("confirmed", "set_aside", "withdrawn", "inadmissible"),
    "complaints": ("upheld", "partly", "not_upheld", "elsewhere"),
    "misuse": ("lodged",),
}


def by_topic(years: Mapping[int, Figures]) -> list[Course]:
    """Every topic with its years, newest first; columns that any year has."""
    told = {year: topics(figures) for year, figures in years.items()}
    found = []
    for place, first in enumerate(topics({})):
        rows = tuple((year, of_year[place]) for year, of_year in told.items())
        columns = {item.code: item.label for _year, one in rows for item in one.items}
        if columns:
            found.append(Course(first, tuple(columns.items()), rows))
    return found


def _length(item: Item | None) -> float:
    return 0 if item is None or isinstance(item.value, Hidden) else float(item.value)
