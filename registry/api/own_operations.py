"""What a company's programs can ask with a token: one line an address, as in operations.py."""

from dataclasses import dataclass

from assessments.errors import N_
from assessments.models import TokenScope
from registry.api import own_models, parameters
from registry.api.operations import BASE, Operation
from registry.api.parameters import Parameter

UNDER = f"{BASE}/own"
_REF = Parameter("ref", N_("Số của hồ sơ."), parameters.NUMBER, example="HS-2026-0001")


@dataclass(frozen=True)
class OwnOperation(Operation):
    """An address that asks for a token; without a scope any token will do."""

    scope: TokenScope | None = None


OWN = OwnOperation("own", "/own", N_("Mã này của đơn vị nào, được đọc gì, đến khi nào."), own_models.Own)
OWN_PRODUCTS = OwnOperation(
    "own_products",
    "/own/products",
    N_("Sản phẩm của đơn vị, cả khi chưa công bố."),
    own_models.OwnProducts,
    parameters.PAGED,
    scope=TokenScope.PRODUCTS,
)
OWN_CERTIFICATES = OwnOperation(
    "own_certificates",
    "/own/certificates",
    N_("Mọi %(certificates)s của đơn vị và tình trạng hôm nay."),
    own_models.OwnCertificates,
    parameters.PAGED,
    scope=TokenScope.PRODUCTS,
)
OWN_APPLICATIONS = OwnOperation(
    "own_applications",
    "/own/applications",
    N_("Hồ sơ của đơn vị: đang ở bước nào, Câu lạc bộ chờ đơn vị đến ngày nào."),
    own_models.OwnApplications,
    parameters.PAGED,
    scope=TokenScope.APPLICATIONS,
)
OWN_APPLICATION = OwnOperation(
    "own_application",
    "/own/applications/{ref}",
    N_("Một hồ sơ của đơn vị."),
    own_models.OwnApplication,
    places=(_REF,),
    scope=TokenScope.APPLICATIONS,
)
OWN_DEADLINES = OwnOperation(
    "own_deadlines",
    "/own/deadlines",
    N_("Mọi hạn của đơn vị, gần nhất trước: trả lời hồ sơ, điều kiện kèm theo, ngày cuối của %(certificates)s."),
    own_models.OwnDeadlines,
    scope=TokenScope.APPLICATIONS,
)
OWN_EVIDENCE = OwnOperation(
    "own_evidence",
    "/own/evidence",
    N_("Kho bằng chứng của đơn vị: tên, hạn, dùng ở đâu; không có tệp."),
    own_models.OwnLibrary,
    parameters.PAGED,
    scope=TokenScope.EVIDENCE,
)
OWN_MESSAGES = OwnOperation(
    "own_messages",
    "/own/applications/{ref}/messages",
    N_("Trao đổi giữa đơn vị và Câu lạc bộ về một hồ sơ, cũ trước."),
    own_models.OwnMessages,
    places=(_REF,),
    scope=TokenScope.MESSAGES,
)

OWN_OPERATIONS = (
    *(OWN, OWN_PRODUCTS, OWN_CERTIFICATES, OWN_APPLICATIONS, OWN_APPLICATION),
    *(OWN_DEADLINES, OWN_EVIDENCE, OWN_MESSAGES),
)
