"""What roles and kinds of interest are called, for pages and letters alike."""

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _l

from assessments.people import InterestGroup, InterestKind, MemberRole, Role

ROLES: Mapping[Role, str] = {
    Role.COORDINATOR: _l("điều phối viên"),
    Role.REVIEWER: _l("người đánh giá"),
    Role.DECIDER: _l("người ra quyết định"),
    Role.AUDITOR: _l("kiểm soát viên"),
    Role.IMPARTIALITY: _l("ban bảo đảm khách quan"),
    Role.ADMIN: _l("quản trị viên"),
}
DUTIES: Mapping[Role, str] = {
    Role.COORDINATOR: _l("Kiểm tra hồ sơ mới nộp, phân công, theo hạn. Không chấm điểm, không quyết định."),
    Role.REVIEWER: _l("Chấm điểm những hồ sơ được giao."),
    Role.DECIDER: _l("Đề xuất hoặc xác nhận quyết định, không bao giờ cả hai trên một hồ sơ."),
    Role.AUDITOR: _l("Đọc hồ sơ để kiểm tra quy trình. Không chấm điểm."),
    Role.IMPARTIALITY: _l("Xem số liệu và bản kê lợi ích. Không mở hồ sơ."),
    Role.ADMIN: _l("Giữ tài khoản và thiết lập. Không xem bằng chứng, điểm hay quyết định."),
}
MEMBERS: Mapping[MemberRole, str] = {
    MemberRole.OWNER: _l("người phụ trách"),
    MemberRole.CONTRIBUTOR: _l("người cùng soạn"),
}
INTERESTS: Mapping[InterestKind, str] = {
    InterestKind.EMPLOYER: _l("Làm việc ở đó"),
    InterestKind.SHARES: _l("Có cổ phần hoặc phần vốn"),
    InterestKind.CONSULTANCY: _l("Tư vấn, đào tạo, làm thuê"),
    InterestKind.COMPETITOR: _l("Làm cho đối thủ của họ"),
    InterestKind.FAMILY: _l("Người thân có lợi ích ở đó"),
}
GROUPS: Mapping[InterestGroup, str] = {
    InterestGroup.PARENTS: _l("cha mẹ"),
    InterestGroup.CHILDREN: _l("tổ chức bảo vệ trẻ em"),
    InterestGroup.SCHOOLS: _l("nhà trường"),
    InterestGroup.COMPANIES: _l("doanh nghiệp"),
    InterestGroup.EXPERTS: _l("giới chuyên môn"),
    InterestGroup.AUTHORITIES: _l("cơ quan nhà nước"),
}


def roles_in_words(roles: Iterable[Role]) -> str:
    """The roles in the order of the procedure, as one phrase."""
    held = set(roles)
    return ", ".join(str(word) for role, word in ROLES.items() if role in held)
