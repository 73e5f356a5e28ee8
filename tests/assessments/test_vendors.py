"""Companies: addresses made of their names, numbers that stand once, and the owner who cannot be lost."""

import pytest
from sqlmodel import select

from assessments import vendors
from assessments.errors import Invalid, NotAllowed, NotFound, WrongState
from assessments.models import HistoryEntry, Member
from assessments.people import MemberRole
from registry.accounts import sessions

FACTS = vendors.Facts(
    name="Công ty TNHH Đèn Làng",
    registration_number="0109999999",
    address="5 Lý Thái Tổ, Hà Nội",
    representative="Trần Văn Bê",
    contact_email="lienhe@denlang.example",
)


def registered(session, world, actor=None, **fields):
    vendor = vendors.register(session, actor or world.dung, vendors.Facts(**{**FACTS.__dict__, **fields}))
    sessions.load_standing(session, actor or world.dung)
    return vendor


def actions(session):
    return [entry.action for entry in session.exec(select(HistoryEntry).order_by(HistoryEntry.seq)).all()]


def test_a_company_is_registered_with_its_owner(session, world):
    vendor = registered(session, world)
    assert (vendor.slug, vendor.name) == ("den-lang", "Công ty TNHH Đèn Làng")
    assert world.dung.memberships == {vendor.id: MemberRole.OWNER}
    assert actions(session) == ["register_vendor"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Công ty Cổ phần Hạt Nắng", "hat-nang-2"),
        ("CÔNG TY TNHH MỘT THÀNH VIÊN BỜ TRE XANH", "bo-tre-xanh"),
        ("Công ty TNHH", "tnhh"),
        ("UNICEF", "unicef"),
        ("東京", "don-vi"),
    ],
)
def test_the_address_of_its_page(session, world, name, slug):
    assert registered(session, world, name=name).slug == slug


def test_nobody_has_two_companies(session, world):
    with pytest.raises(WrongState):
        registered(session, world, world.an)


def test_a_number_stands_once_in_a_country(session, world):
    with pytest.raises(Invalid):
        registered(session, world, registration_number=world.hat_nang.registration_number)
    assert registered(session, world, registration_number=world.hat_nang.registration_number, country="LA").slug


def test_facts_are_changed_by_an_owner_only_and_only_what_differs_is_written_down(session, world):
    own = vendors.Facts(**{name: getattr(world.hat_nang, name) for name in FACTS.__dict__})
    vendors.change_facts(session, world.an, world.hat_nang, own)
    assert actions(session) == []
    new = vendors.Facts(**{**own.__dict__, "address": "2 Tràng Tiền"})
    assert vendors.change_facts(session, world.an, world.hat_nang, new).address == "2 Tràng Tiền"
    assert actions(session) == ["change_vendor"]
    for stranger in (world.anh, world.bao):
        with pytest.raises(NotAllowed):
            vendors.change_facts(session, stranger, world.hat_nang, new)
    taken = vendors.Facts(**{**own.__dict__, "registration_number": world.bo_tre.registration_number})
    with pytest.raises(Invalid):
        vendors.change_facts(session, world.an, world.hat_nang, taken)


def test_the_last_owner_stays_and_who_left_may_come_back(session, world):
    with pytest.raises(WrongState):
        vendors.remove_member(session, world.an, world.hat_nang, world.an.id)
    vendors.remove_member(session, world.anh, world.hat_nang, world.anh.id)
    assert session.get_one(Member, (world.hat_nang.id, world.anh.id)).left_at is not None
    vendors.join(session, world.anh, world.hat_nang, MemberRole.OWNER)
    member = session.get_one(Member, (world.hat_nang.id, world.anh.id))
    assert (member.left_at, member.role) == (None, MemberRole.OWNER)
    vendors.remove_member(session, world.an, world.hat_nang, world.an.id)
    assert actions(session) == ["leave_vendor", "join_vendor", "leave_vendor"]


def test_who_may_remove_whom(session, world):
    with pytest.raises(NotAllowed):
        vendors.remove_member(session, world.anh, world.hat_nang, world.an.id)
    with pytest.raises(NotFound):
        vendors.remove_member(session, world.an, world.hat_nang, world.bao.id)


def test_ownership_changes_hands(session, world):
    vendors.hand_over(session, world.an, world.hat_nang, world.anh.id)
    roles = {m.user_id: m.role for m in session.exec(select(Member)).all() if m.vendor_id == world.hat_nang.id}
    assert roles == {world.an.id: MemberRole.CONTRIBUTOR, world.anh.id: MemberRole.OWNER}
    sessions.load_standing(session, world.an)
    with pytest.raises(NotAllowed):
        vendors.hand_over(session, world.an, world.hat_nang, world.anh.id)


def test_ownership_goes_to_members_who_have_it_not(session, world):
    with pytest.raises(NotFound):
        vendors.hand_over(session, world.an, world.hat_nang, world.bao.id)
    with pytest.raises(WrongState):
        vendors.hand_over(session, world.an, world.hat_nang, world.an.id)
