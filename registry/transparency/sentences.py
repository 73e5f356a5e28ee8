"""What the figures of a year say in sentences: made from the figures, nothing is added, and a lack of them is said."""

from collections.abc import Callable, Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.queries.figures import FEW
from registry.i18n import words
from registry.templating import number
from registry.transparency.topics import Hidden, Item, Topic


def said(topic: Topic, before: Topic | None) -> list[str]:
    """The sentences of one topic; `before` is the same topic of the year before, where there are figures of it."""
    return list(SAID[topic.code](topic, before))


def _applications(topic: Topic, before: Topic | None) -> Iterator[str]:
    first = _of(topic, "initial")
    if first.value is Hidden.FEW:
        yield _("Trong năm có dưới %(few)s hồ sơ lần đầu.", few=str(FEW))
    elif not first.value:
        yield _("Trong năm không có hồ sơ lần đầu nào.")
    else:
        yield ngettext("Trong năm có %(num)d hồ sơ lần đầu.", "Trong năm có %(num)d hồ sơ lần đầu.", first.value)
    yield from _before(first, before)


def _outcomes(topic: Topic, before: Topic | None) -> Iterator[str]:
    granted, rest = _of(topic, "certified"), _of(topic, "not_certified")
    if granted.value == 0 and rest.value == 0:
        yield _("Trong năm không có kết quả nào.")
        return
    if granted.value:
        yield ngettext("%(num)d hồ sơ được cấp.", "%(num)d hồ sơ được cấp.", granted.value)
    else:
        yield _("Không hồ sơ nào được cấp.")
    yield _rest(rest)
    yield from _before(granted, before)


def _rest(rest: Item) -> str:
    if not rest.value:
        return str(_("Không hồ sơ nào kết thúc mà không có %(certificate)s.", **words()))
    if rest.value is Hidden.FEW:
        return str(_("Dưới %(few)s hồ sơ kết thúc mà không có %(certificate)s.", **{"few": str(FEW), **words()}))
    sentence: str = ngettext(
        "%(num)d hồ sơ kết thúc mà không có %(certificate)s.",
        "%(num)d hồ sơ kết thúc mà không có %(certificate)s.",
        rest.value,
        **words(),
    )
    return sentence


def _times(topic: Topic, _before_: Topic | None) -> Iterator[str]:
    middle, long = _of(topic, "whole.median"), _of(topic, "whole.p90")
    if isinstance(middle.value, Hidden) or isinstance(long.value, Hidden):
        yield _("Chưa đủ hồ sơ để nói một hồ sơ mất bao lâu.")
        return
    yield _(
        "Một nửa số hồ sơ có kết quả trong vòng %(half)s, chín phần mười trong vòng %(most)s.",
        half=_days(middle.value),
        most=_days(long.value),
    )


def _agreement(topic: Topic, _before_: Topic | None) -> Iterator[str]:
    told = [item for item in topic.items if not isinstance(item.value, Hidden)]
    if not told:
        yield _("Chưa đủ hồ sơ để đo người đánh giá chấm giống nhau đến đâu.")
    for item in told:
        yield _("%(edition)s: alpha là %(alpha)s.", edition=item.label, alpha=item.shown)


def _certificates(topic: Topic, before: Topic | None) -> Iterator[str]:
    counts = {item.code: _count(item) for item in topic.items}
    if not any(counts.values()):
        yield _("Sổ cấp và thu hồi không có dòng nào của năm này.")
        return
    yield ngettext("Cuối năm có %(num)d giấy còn hiệu lực.", "Cuối năm có %(num)d giấy còn hiệu lực.", counts["valid"])
    if counts["grant"]:
        yield ngettext("Trong năm cấp %(num)d giấy.", "Trong năm cấp %(num)d giấy.", counts["grant"])
    else:
        yield _("Trong năm không cấp giấy nào.")
    if counts["suspend"] or counts["withdraw"]:
        yield _(
            "Số lần tạm đình chỉ: %(suspended)s; số lần thu hồi: %(withdrawn)s.",
            suspended=number(counts["suspend"]),
            withdrawn=number(counts["withdraw"]),
        )
    else:
        yield _("Câu lạc bộ không tạm đình chỉ, không thu hồi giấy nào.")
    yield from _before(_of(topic, "grant"), before)


def _surveillance(topic: Topic, _before_: Topic | None) -> Iterator[str]:
    begun = _count(_of(topic, "begun"))
    if not any(_count(item) for item in topic.items):
        yield _("Trong năm không có lần giám sát nào.")
        return
    if begun:
        yield ngettext("Trong năm bắt đầu %(num)d lần giám sát.", "Trong năm bắt đầu %(num)d lần giám sát.", begun)
    kept = _count(_of(topic, "keep"))
    if not kept:
        yield _("Không lần giám sát nào kết thúc với giấy được giữ nguyên.")
        return
    yield ngettext(
        "%(num)d lần giám sát kết thúc với giấy được giữ nguyên.",
        "%(num)d lần giám sát kết thúc với giấy được giữ nguyên.",
        kept,
    )


def _appeals(topic: Topic, _before_: Topic | None) -> Iterator[str]:
    lodged, undone = _count(_of(topic, "lodged")), _count(_of(topic, "set_aside"))
    if not lodged:
        yield _("Trong năm không có yêu cầu xem xét lại nào.")
        return
    yield ngettext("Trong năm có %(num)d yêu cầu xem xét lại.", "Trong năm có %(num)d yêu cầu xem xét lại.", lodged)
    if not undone:
        yield _("Chưa quyết định nào bị hủy theo các yêu cầu này.")
        return
    yield ngettext(
        "Theo yêu cầu xem xét lại, %(num)d quyết định bị hủy.",
        "Theo yêu cầu xem xét lại, %(num)d quyết định bị hủy.",
        undone,
    )


def _complaints(topic: Topic, _before_: Topic | None) -> Iterator[str]:
    lodged, right = _count(_of(topic, "lodged")), _count(_of(topic, "upheld")) + _count(_of(topic, "partly"))
    if not lodged:
        yield _("Trong năm không có khiếu nại nào về Câu lạc bộ.")
        return
    yield ngettext(
        "Trong năm có %(num)d khiếu nại về Câu lạc bộ.", "Trong năm có %(num)d khiếu nại về Câu lạc bộ.", lodged
    )
    if not right:
        yield _("Chưa khiếu nại nào được thấy là đúng.")
        return
    yield ngettext("%(num)d khiếu nại đúng hoặc đúng một phần.", "%(num)d khiếu nại đúng hoặc đúng một phần.", right)


def _misuse(topic: Topic, _before_: Topic | None) -> Iterator[str]:
    lodged = _count(_of(topic, "lodged"))
    if not lodged:
        yield _("Trong năm không ai báo dùng sai giấy hay dấu.")
        return
    yield ngettext(
        "Trong năm có %(num)d lần báo dùng sai giấy hoặc dấu.",
        "Trong năm có %(num)d lần báo dùng sai giấy hoặc dấu.",
        lodged,
    )
    wrong = _count(_of(topic, "stopped")) + _count(_of(topic, "acted"))
    if not wrong:
        yield _("Chưa lần nào được thấy đúng là dùng sai.")
        return
    yield ngettext("%(num)d lần đúng là dùng sai.", "%(num)d lần đúng là dùng sai.", wrong)


def _concerns(topic: Topic, _before_: Topic | None) -> Iterator[str]:
    lodged = topic["lodged"]
    if lodged is None or not _count(lodged):
        yield _("Không có số liệu về phản ánh của năm này.")
        return
    count = _count(lodged)
    yield ngettext("Trong năm có %(num)d phản ánh về sản phẩm.", "Trong năm có %(num)d phản ánh về sản phẩm.", count)


SAID: dict[str, Callable[[Topic, Topic | None], Iterator[str]]] = {
    "applications": _applications,
    "outcomes": _outcomes,
    "later_outcomes": _outcomes,
    "times": _times,
    "agreement": _agreement,
    "certificates": _certificates,
    "surveillance": _surveillance,
    "concerns": _concerns,
    "appeals": _appeals,
    "complaints": _complaints,
    "misuse": _misuse,
}


def _before(item: Item, before: Topic | None) -> Iterator[str]:
    known = before[item.code] if before else None
    if known is not None:
        yield _("Năm trước: %(value)s.", value=known.shown)


def _days(count: int | float) -> str:
    """Hai mươi ngày, one day, 2.5 days."""
    shown: str = ngettext("%(shown)s ngày", "%(shown)s ngày", 1 if count == 1 else 2, shown=number(count))
    return shown


def _of(topic: Topic, code: str) -> Item:
    found = topic[code]
    assert found is not None, code  # noqa: S101  topics have fixed items
    return found


def _count(item: Item) -> int:
    return 0 if isinstance(item.value, Hidden) else int(item.value)
