"""The club of the demonstration: its directory, a new address from a day on, and the report of the year before."""

from datetime import date

from assessments import clock, identities, members, situation_reports, transparency
from assessments.identities import Facts as Who
from assessments.members import Facts
from assessments.people import AffiliateKind, Affiliation
from assessments.situation_reports import Words
from registry.config import Settings
from registry.demonstration.stage import Stage

FOREWORD = Words(
    "Đây là báo cáo của bản trình diễn. Mọi đơn vị, sản phẩm và con số ở đây đều không có thật.\n\n"
    "Năm qua, văn phòng nhận những hồ sơ đầu tiên và học cách làm việc đúng hạn. Điều làm chưa tốt là thời gian: "
    "nhiều đơn vị phải chờ lâu hơn chúng tôi mong muốn.",
    "This is the report of a demonstration. No organisation, product or number in it is real.\n\n"
    "Over the past year the office took its first applications and learned to keep its deadlines. What did not go well "
    "was time: many organisations waited longer than we would have liked.",
)
JOINED = 500  # days ago


def found(stage: Stage, settings: Settings) -> None:
    """Who the club is from the beginning of the demonstration on."""
    who = Who(
        name_vi=settings.issuer_vi,
        name_en=settings.issuer_en,
        short_name="VCSC",
        site_name_vi=settings.site_name_vi,
        site_name_en=settings.site_name_en,
        email=settings.office_email,
        wording=settings.wording,
        phone="024 0000 0000",
        address_vi="Nhà số 0, phố Trình Diễn, Hà Nội",
        address_en="0 Demonstration Street, Ha Noi",
        funding_vi="Trong bản trình diễn, Câu lạc bộ sống bằng hội phí và phí đánh giá. Ở đây không có thật.",
        funding_en="In this demonstration the club lives on membership and evaluation fees. It is not real here.",
    )
    identities.set_from(stage.session, stage.people["admin"], clock.today(), who)


def fill(stage: Stage) -> None:
    """Members and partners beside the companies that apply here."""
    for facts in _directory(stage.day(JOINED)):
        members.add(stage.session, stage.people["coordinator"], facts)


def report(stage: Stage) -> None:
    """Count everything, and publish the report of the year before, where there are figures of it."""
    transparency.count_all(stage.session)
    year = clock.today().year - 1
    coordinator = stage.people["coordinator"]
    written = situation_reports.write(stage.session, coordinator, year, FOREWORD, 0)
    situation_reports.publish(stage.session, coordinator, year, written.version)


def _directory(day: date) -> tuple[Facts, ...]:
    organisation, person = AffiliateKind.ORGANISATION, AffiliateKind.INDIVIDUAL
    return (
        Facts(
            *(
                Affiliation.ASSOCIATE,
                organisation,
                "Tổ chức Mái Lá Xanh (trình diễn)",
                "Green Leaf Roof (demonstration)",
            ),
            does_vi="Dạy kỹ năng an toàn trên mạng cho học sinh vùng cao.",
            does_en="Teaches online safety to pupils in the highlands.",
            since=day,
            website="https://mai-la-xanh.example",
        ),
        Facts(
            *(
                Affiliation.FULL,
                AffiliateKind.COMPANY,
                "Công ty Đèn Hải Đăng (trình diễn)",
                "Lighthouse Ltd (demonstration)",
            ),
            does_vi="Giám sát an toàn thông tin cho trường học.",
            does_en="Watches over information security for schools.",
            since=day,
            website="https://den-hai-dang.example",
        ),
        Facts(
            *(Affiliation.ASSOCIATE, person, "Vàng Thị Mây Trắng (trình diễn)", "Vang Thi May Trang (demonstration)"),
            does_vi="Giáo viên, viết tài liệu cho cha mẹ.",
            does_en="A teacher who writes for parents.",
            since=day,
            consent_on=day,
        ),
        Facts(
            *(
                Affiliation.PARTNER,
                AffiliateKind.AUTHORITY,
                "Trường Đồi Sao (trình diễn)",
                "Star Hill School (demonstration)",
            ),
            does_vi="Cho mượn phòng máy để thử sản phẩm.",
            does_en="Lends its computer room for tests.",
            since=day,
        ),
    )
