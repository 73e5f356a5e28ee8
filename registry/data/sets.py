"""What there is to take away: which rows, in which shape, and which columns their tables have."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from assessments.clock import today
from assessments.errors import N_
from assessments.queries import editions, open_data
from registry.api import edition_models, edition_shapes, models, shapes

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would take such a text for a formula
BETWEEN = " "  # codes in one cell; no code has a blank

Data = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column of a table: its name, where its value lies in a row, and its type in a Table Schema."""

    name: str
    path: str
    type: str = "string"


@dataclass(frozen=True)
class Dataset:
    """One set of rows: how they are read (a few at a time), their shape, and the table that they make."""

    name: str
    title: str
    about: str
    shape: type[models.Shape]
    rows: Callable[[Session], Iterator[Data]]
    columns: tuple[Column, ...]
    key: tuple[str, ...]


def cells(dataset: Dataset, row: Mapping[str, Any]) -> list[str]:
    """A row of the table; what a spreadsheet would take for a formula gets an apostrophe before it."""
    return [_safe(_cell(_found(row, one.path))) for one in dataset.columns]


def _found(row: Mapping[str, Any], path: str) -> Any:
    value: Any = row
    for part in path.split("."):
        if value is None:
            return None
        value = value[part]
    return value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return BETWEEN.join(value) if isinstance(value, list) else str(value)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) else text


def _products(session: Session) -> Iterator[Data]:
    day = today()
    return (shapes.product(row, day) for row in open_data.every_product(session, day))


def _certificates(session: Session) -> Iterator[Data]:
    day = today()
    return (shapes.certificate(row, day) for row in open_data.every_certificate(session, day))


def _changes(session: Session) -> Iterator[Data]:
    return (shapes.event(row) for row in open_data.every_event(session, today()))


def _criteria(session: Session) -> Iterator[Data]:
    for edition in editions.public(editions.publications(session)):
        yield from (edition_shapes.criterion(edition, one) for one in edition.criteria)


def _both(name: str, path: str = "") -> Iterable[Column]:
    return (Column(f"{name}_{language}", f"{path or name}.{language}") for language in ("vi", "en"))


def _plain(*names: str, kind: str = "string") -> Iterable[Column]:
    return (Column(name, name, kind) for name in names)


_JUDGED = (
    Column("level", "level.code"),
    Column("level_rank", "level.rank", "integer"),
    Column("edition", "edition.id"),
)
DATASETS = (
    Dataset(
        "products",
        N_("Sản phẩm"),
        N_("Mỗi sản phẩm có %(certificate)s đã công bố là một dòng, như trong danh mục hôm nay."),
        models.Product,
        _products,
        (
            Column("slug", "slug"),
            *_both("name"),
            *_both("short"),
            Column("vendor", "vendor.slug"),
            *_both("vendor_name", "vendor.name"),
            Column("status", "status"),
            Column("since", "since", "date"),
            Column("certificate", "certificate.number"),
            Column("valid_from", "certificate.valid_from", "date"),
            Column("valid_until", "certificate.valid_until", "date"),
            *(Column(one.name, f"certificate.{one.path}", one.type) for one in _JUDGED),
            Column("overall", "result.overall", "number"),
            Column("version", "version"),
            Column("version_date", "version_date", "date"),
            *_plain("ages", "platforms", "categories", "languages", "protects_from"),
            Column("price", "price.model"),
            *_plain("made_in_vietnam", "adverts", "website"),
            Column("page", "links.page"),
        ),
        ("slug",),
    ),
    Dataset(
        "certificates",
        N_("%(certificates)s"),
        N_("Mọi %(certificates)s đã công bố, cả khi đã hết hạn, đã thu hồi hay đã thay."),
        models.Certificate,
        _certificates,
        (
            Column("number", "number"),
            Column("status", "status"),
            *_plain("since", "valid_from", "valid_until", "decided_on", kind="date"),
            Column("revision", "revision", "integer"),
            *_JUDGED,
            Column("edition_digest", "edition.digest"),
            Column("product", "product.slug"),
            *_both("product_name", "product.name"),
            Column("version", "product.version"),
            *(Column(name, f"product.{name}") for name in ("categories", "platforms", "ages")),
            Column("vendor", "vendor.slug"),
            *_both("vendor_name", "vendor.name"),
            Column("overall", "result.overall", "number"),
            Column("protects_from", "protects_from"),
            Column("page", "links.page"),
            Column("credential", "links.credential"),
            Column("proof", "links.proof"),
        ),
        ("number",),
    ),
    Dataset(
        "changes",
        N_("Việc đã xảy ra"),
        N_("Mỗi lần cấp, tạm đình chỉ, khôi phục, thu hồi, hết hạn hay công bố bộ tiêu chí là một dòng, cũ trước."),
        models.Event,
        _changes,
        (
            Column("index", "index", "integer"),
            Column("id", "id"),
            Column("kind", "kind"),
            Column("at", "at", "datetime"),
            Column("on", "on", "date"),
            Column("certificate", "certificate"),
            Column("status", "status"),
            Column("valid_until", "valid_until", "date"),
            Column("follower", "follower"),
            Column("product", "product.slug"),
            *_both("product_name", "product.name"),
            *_both("vendor_name", "product.vendor"),
            *_both("reason"),
            Column("edition", "edition"),
            Column("log", "links.log"),
        ),
        ("index",),
    ),
    Dataset(
        "criteria",
        N_("Tiêu chí"),
        N_("Mọi tiêu chí của mọi bản đã công bố, kèm điều kiện áp dụng và hướng dẫn."),
        edition_models.Criterion,
        _criteria,
        (
            *_plain("edition", "code", "group"),
            *_both("title"),
            *_both("requirement"),
            Column("weight", "weight", "integer"),
            Column("critical", "critical", "boolean"),
            *_plain("categories", "applies_if", "evidence", "related_risks", "protects_from", "replaces"),
            Column("may_be_not_applicable", "may_be_not_applicable", "boolean"),
            Column("page", "links.page"),
        ),
        ("edition", "code"),
    ),
)
BY_NAME: Mapping[str, Dataset] = {one.name: one for one in DATASETS}
