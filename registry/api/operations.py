"""What can be asked of the API: one line an address, from which routes read and the description is written."""

from dataclasses import dataclass

from assessments.errors import N_
from registry.api import edition_models, models, parameters
from registry.api.models import Shape
from registry.api.parameters import Parameter

BASE = "/api/v1"


@dataclass(frozen=True)
class Operation:
    """One address: its endpoint, its path below BASE, what it is for, what it answers, what it may be asked."""

    name: str
    path: str
    about: str
    answer: type[Shape]
    query: tuple[Parameter, ...] = ()
    places: tuple[Parameter, ...] = ()  # of the path


_PRODUCT = Parameter("slug", N_("Mã của sản phẩm trong địa chỉ."), parameters.SLUG, example="den-nha")
_VENDOR = Parameter("slug", N_("Mã của nhà cung cấp trong địa chỉ."), parameters.SLUG, example="hat-nang")
_NUMBER = Parameter(
    "number", N_("Số của %(certificate)s, viết cách nào cũng được."), parameters.NUMBER, example="VCSC-26-0001-K"
)
_EDITION = Parameter("edition", N_("Mã của bản tiêu chí."), parameters.CODE, example="vcsc-2026")
_CRITERION = Parameter("code", N_("Mã của tiêu chí."), parameters.CODE, example="TL-01")


def _facet(name: str, about: str, example: str) -> Parameter:
    return Parameter(name, about, parameters.CODE, many=True, example=example)


START = Operation("start", "", N_("Mọi địa chỉ bắt đầu từ đây."), edition_models.Start)
PRODUCTS = Operation(
    "products",
    "/products",
    N_("Các sản phẩm có %(certificate)s đã công bố, lọc như ở trang danh mục."),
    models.Products,
    (
        Parameter("q", N_("Từ cần tìm, có dấu hay không dấu, gõ phần đầu cũng được."), parameters.TEXT, example="den"),
        Parameter("status", N_("Tình trạng của %(certificate)s hôm nay."), parameters.LISTED_STATUS, many=True),
        _facet("age", N_("Nhóm tuổi."), "7-11"),
        _facet("worry", N_("Nhóm rủi ro mà sản phẩm bảo vệ khỏi."), "content"),
        _facet("platform", N_("Thiết bị."), "android"),
        _facet("category", N_("Loại sản phẩm."), "PC"),
        _facet("price", N_("Cách tính giá."), "free"),
        _facet("language", N_("Ngôn ngữ của sản phẩm, BCP 47."), "vi"),
        _facet("made_in", N_("Làm tại Việt Nam: yes, partly hoặc no."), "yes"),
        _facet("level", N_("Mức đạt."), "L1"),
        Parameter("vendor", N_("Mã của nhà cung cấp."), parameters.SLUG, example="hat-nang"),
        Parameter(
            "changed_since", N_("Chỉ những sản phẩm có giấy đổi từ ngày này."), parameters.DAY, example="2026-05-31"
        ),
        *parameters.PAGED,
    ),
)
PRODUCT = Operation("product", "/products/{slug}", N_("Một sản phẩm."), models.Product, places=(_PRODUCT,))
CERTIFICATES = Operation(
    "certificates",
    "/certificates",
    N_("Mọi %(certificates)s đã công bố, cả khi đã hết hạn hay đã thu hồi."),
    models.Certificates,
    (
        Parameter("status", N_("Tình trạng hôm nay."), parameters.STATUS, many=True),
        Parameter("product", N_("Mã của sản phẩm."), parameters.SLUG, example="den-nha"),
        Parameter("vendor", N_("Mã của nhà cung cấp."), parameters.SLUG, example="hat-nang"),
        Parameter("edition", N_("Mã của bản tiêu chí."), parameters.CODE, example="vcsc-2026"),
        Parameter("level", N_("Mức đạt."), parameters.CODE, example="L1"),
        *parameters.PAGED,
    ),
)
CERTIFICATE = Operation(
    "certificate", "/certificates/{number}", N_("Một %(certificate)s."), models.Certificate, places=(_NUMBER,)
)
VENDORS = Operation(
    "vendors",
    "/vendors",
    N_("Các nhà cung cấp có sản phẩm đã công bố."),
    models.Vendors,
    parameters.PAGED,
)
VENDOR = Operation("vendor", "/vendors/{slug}", N_("Một nhà cung cấp."), models.Vendor, places=(_VENDOR,))
EDITIONS = Operation(
    "editions", "/editions", N_("Các bản tiêu chí đã công bố, mới nhất trước."), edition_models.Editions
)
EDITION = Operation(
    "edition",
    "/editions/{edition}",
    N_("Một bản tiêu chí với các mã của nó."),
    edition_models.Edition,
    places=(_EDITION,),
)
CRITERIA = Operation(
    "criteria",
    "/criteria",
    N_("Các tiêu chí của một bản; không nói bản nào là bản đang áp dụng."),
    edition_models.Criteria,
    (
        Parameter("edition", N_("Mã của bản tiêu chí."), parameters.CODE, example="vcsc-2026"),
        Parameter("group", N_("Mã của nhóm tiêu chí."), parameters.CODE, example="HN"),
        *parameters.PAGED,
    ),
)
CRITERION = Operation(
    "criterion",
    "/criteria/{edition}/{code}",
    N_("Một tiêu chí."),
    edition_models.Criterion,
    places=(_EDITION, _CRITERION),
)
EVENTS = Operation(
    "events",
    "/events",
    N_(
        "Mọi việc đã ghi vào nhật ký công khai, cũ trước. Giữ cursor của câu trả lời rồi hỏi tiếp từ đó: "
        "không việc nào bị sót hay đến hai lần. cursor=end bắt đầu từ bây giờ."
    ),
    models.Events,
    (
        Parameter("kind", N_("Loại việc."), parameters.KIND, many=True),
        Parameter("certificate", N_("Số của %(certificate)s."), parameters.NUMBER, example="VCSC-26-0001-K"),
        *parameters.PAGED,
    ),
)

OPERATIONS = (
    *(START, PRODUCTS, PRODUCT, CERTIFICATES, CERTIFICATE, VENDORS, VENDOR),
    *(EDITIONS, EDITION, CRITERIA, CRITERION, EVENTS),
)
