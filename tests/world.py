"""The people of the tests, on real tables. Bảo is the stranger: he owns another company."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlmodel import Session, select

from assessments.clock import now, today
from assessments.models import (
    Application,
    CalibrationAttempt,
    Competence,
    EditionPublication,
    Interest,
    Member,
    Product,
    Round,
    Vendor,
)
from assessments.people import InterestKind, MemberRole, Role
from assessments.queries.competences import subjects
from assessments.states import CompetenceBasis, State
from criteria import calibration, store
from criteria.digest import digest
from registry.accounts import passwords, sessions
from registry.accounts.models import User, UserRole

PASSWORD = "một câu dài dễ nhớ"
EDITION = "vcsc-2026"

PROFILE: dict[str, Any] = {
    "name_vi": "Đèn Nhà",
    "name_en": "Home Lamp",
    "short_vi": "Lọc trang xấu và đặt giờ dùng máy cho cả nhà.",
    "short_en": "Filters harmful sites and sets screen time for the whole home.",
    "description_vi": "Ứng dụng chặn nội dung xấu, đặt giờ dùng máy và báo cho cha mẹ khi có dấu hiệu nguy hiểm.",
    "description_en": "An app that blocks harmful content, sets screen time and warns parents of danger.",
    "website": "https://dennha.example",
    "store_links": ["https://store.example/den-nha"],
    "categories": ["PC"],
    "platforms": ["android", "ios"],
    "ages": ["7-11", "12-15"],
    "version": "5.2",
    "version_date": "2026-05-12",
    "languages": ["vi", "en"],
    "price_model": "free",
    "price_note_vi": "Miễn phí cho một máy.",
    "price_note_en": "Free for one device.",
    "made_in_vietnam": "yes",
    "made_in_ground": "Phát triển tại Hà Nội.",
    "flags": ["has_accounts", "has_install", "processes_personal_data"],
    "flags_answered": True,
    "data": [
        {
            "kind": "browsing_history",
            "purpose_vi": "Báo cho cha mẹ",
            "purpose_en": "To report to parents",
            "optional": True,
            "kept_days": 14,
            "shared_with": "",
        }
    ],
    "data_answered": True,
    "permissions": [{"name": "VPN", "reason_vi": "Lọc trang", "reason_en": "To filter sites"}],
    "adverts": "none",
    "support_contact": "hotro@dennha.example",
    "removal_vi": "Gỡ trong phần cài đặt bằng mật khẩu của cha mẹ.",
    "removal_en": "Remove it in settings with the parent's password.",
    "blocking": [],
}


@cache
def password_hash() -> str:
    """One hash for everybody: hashing is slow on purpose."""
    return passwords.hash_password(PASSWORD)


@dataclass
class World:
    """Who and what is there at the start of a test."""

    session: Session
    hat_nang: Vendor
    bo_tre: Vendor
    an: User  # owner at Hạt Nắng
    anh: User  # contributor at Hạt Nắng
    bao: User  # owner at Bờ Tre: the stranger
    chi: User  # coordinator
    dung: User  # reviewer
    ha: User  # reviewer
    khanh: User  # reviewer who works for Hạt Nắng
    giang: User  # decider
    hung: User  # decider
    lan: User  # auditor
    minh: User  # admin
    round: Round

    def application(self, state: State = State.DRAFT, ref: str = "HS-2026-0001", **fields: Any) -> Application:
        """An application of Hạt Nắng put straight into a state: for tests of one step, not of the way there."""
        product = Product(vendor_id=self.hat_nang.id, slug=f"den-nha-{ref[-4:]}", name="Đèn Nhà", name_en="Home Lamp")
        self.session.add(product)
        self.session.flush()
        application = Application(
            **{
                "ref": ref,
                "vendor_id": self.hat_nang.id,
                "product_id": product.id,
                "edition_id": EDITION,
                "edition_digest": "" if state is State.DRAFT else "sha256:test",
                "profile": dict(PROFILE),
                "created_by": self.an.id,
                "state": state,
                **fields,
            }
        )
        self.session.add(application)
        self.session.commit()
        return application

    def again(self, row: Any) -> Any:
        """The row as the database has it now."""
        self.session.expire_all()
        self.session.refresh(row)
        return row


def build(session: Session) -> World:
    """Everybody, two companies, one open round."""
    hat_nang = _vendor(session, "hat-nang", "Công ty CP Hạt Nắng", "0100000001")
    bo_tre = _vendor(session, "bo-tre", "Công ty TNHH Bờ Tre", "0100000002")
    people = {
        "an": _person(session, "an@hatnang.example", "Nguyễn Thị An"),
        "anh": _person(session, "anh@hatnang.example", "Trần Ánh"),
        "bao": _person(session, "bao@botre.example", "Lê Bảo"),
        "chi": _person(session, "chi@club.example", "Phạm Linh Chi", Role.COORDINATOR),
        "dung": _person(session, "dung@club.example", "Vũ Dũng", Role.REVIEWER),
        "ha": _person(session, "ha@club.example", "Đỗ Thu Hà", Role.REVIEWER),
        "khanh": _person(session, "khanh@club.example", "Bùi Khánh", Role.REVIEWER, Role.DECIDER),
        "giang": _person(session, "giang@club.example", "Hoàng Giang", Role.DECIDER),
        "hung": _person(session, "hung@club.example", "Ngô Hùng", Role.DECIDER),
        "lan": _person(session, "lan@club.example", "Đặng Lan", Role.AUDITOR),
        "minh": _person(session, "minh@club.example", "Lý Minh", Role.ADMIN),
    }
    session.add_all(
        [
            Member(vendor_id=hat_nang.id, user_id=people["an"].id, role=MemberRole.OWNER),
            Member(vendor_id=hat_nang.id, user_id=people["anh"].id, role=MemberRole.CONTRIBUTOR),
            Member(vendor_id=bo_tre.id, user_id=people["bao"].id, role=MemberRole.OWNER),
            Interest(
                person_id=people["khanh"].id,
                vendor_id=hat_nang.id,
                organisation=hat_nang.name,
                kind=InterestKind.EMPLOYER,
                since=date(2020, 1, 1),
            ),
        ]
    )
    for reviewer in (people["dung"], people["ha"]):
        session.add_all([*competences(reviewer, people["chi"]), *calibrated(reviewer)])
    opened = Round(code="2026-thuong-xuyen", edition_id=EDITION, opens_at=now() - timedelta(days=30))
    published = EditionPublication(
        edition_id=EDITION,
        digest=digest(store.load(EDITION)),
        published_by=people["minh"].id,
        valid_from=store.load(EDITION).in_force_from,
    )
    session.add_all([opened, published])
    session.commit()
    return _standing(session, World(session=session, hat_nang=hat_nang, bo_tre=bo_tre, round=opened, **people))


def load(session: Session) -> World | None:
    """The same from a database that has it already; None where it is empty."""
    people = {user.email.partition("@")[0]: user for user in session.exec(select(User)).all()}
    if not people:
        return None
    vendors = {vendor.slug.replace("-", "_"): vendor for vendor in session.exec(select(Vendor)).all()}
    opened = session.exec(select(Round)).one()
    return _standing(session, World(session=session, round=opened, **vendors, **people))


def _standing(session: Session, world: World) -> World:
    for person in vars(world).values():
        if isinstance(person, User):
            sessions.load_standing(session, person)
    session.commit()
    return world


def competences(person: User, granted_by: User) -> Iterator[Competence]:
    """Everything one can be competent for, for years: so that a team of such people lacks nothing."""
    for field, code in subjects(store.load(EDITION)):
        yield Competence(
            person_id=person.id,
            edition_id=EDITION,
            field=field,
            code=code,
            basis=CompetenceBasis.EXPERIENCE,
            valid_from=today(),
            expires_on=today() + timedelta(days=1_800),
            granted_by=granted_by.id,
        )


def calibrated(person: User) -> Iterator[CalibrationAttempt]:
    """Every calibration file of the edition, passed at the first attempt."""
    for file in calibration.files(EDITION):
        yield CalibrationAttempt(
            person_id=person.id,
            edition_id=EDITION,
            file=file.name,
            finished_at=now(),
            mean_deviation=0.0,
            within=100,
            passed=True,
        )


def _vendor(session: Session, slug: str, name: str, number: str) -> Vendor:
    vendor = Vendor(
        slug=slug,
        name=name,
        registration_number=number,
        address="1 Tràng Tiền, Hà Nội",
        representative="Nguyễn Văn Đại",
        contact_email=f"lienhe@{slug}.example",
    )
    session.add(vendor)
    session.flush()
    return vendor


def _person(session: Session, email: str, name: str, *roles: Role) -> User:
    user = User(email=email, name=name, password_hash=password_hash(), email_verified_at=now())
    session.add(user)
    session.flush()
    session.add_all(UserRole(user_id=user.id, role=role) for role in roles)
    session.flush()
    return user
