"""What makes one suspect an interest: from names, domains and memberships; it blocks nobody."""

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from assessments.clock import now
from assessments.models import Background, Interest, Member, Vendor
from assessments.people import InterestKind, MemberRole
from assessments.queries.participation import free_reviewers
from assessments.queries.suggestions import Reason, Suggestion, domain_of, own_words, same_organisation, suggested
from assessments.states import State


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("a@hatnang.example", "hatnang.example"),
        ("https://www.hatnang.com.vn/gioi-thieu?x=1", "hatnang.com.vn"),
        ("https://shop.hatnang.com.vn:8443", "hatnang.com.vn"),
        ("hatnang.com.vn/lien-he", "hatnang.com.vn"),
        ("B@MAIL.HatNang.Com.Vn", "hatnang.com.vn"),
        ("an@gmail.com", ""),
        ("an@mail.yahoo.com.vn", ""),
        ("an@hcm.vnn.vn", ""),
        ("https://facebook.com/hatnang", ""),
        ("0912 345 678", ""),
        ("localhost", ""),
        ("", ""),
    ],
)
def test_the_domain_behind_an_address(address, domain):
    assert domain_of(address) == domain


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Công ty CP Hạt Nắng", "HAT NANG JSC", True),
        ("Hạt Nắng", "Công ty cổ phần Hạt Nắng Việt Nam", True),
        ("Trung tâm thử nghiệm của Hạt Nắng", "Công ty CP Hạt Nắng", True),
        ("Hạt", "Công ty CP Hạt Nắng", False),  # one short word is in too many names
        ("Công ty TNHH Bờ Tre", "Công ty CP Hạt Nắng", False),
        ("", "Công ty CP Hạt Nắng", False),
        ("Công ty", "Công ty CP Hạt Nắng", False),
    ],
)
def test_two_names_of_one_organisation(first, second, same):
    assert same_organisation(own_words(first), own_words(second)) is same


def hints(world, *people):
    """Name -> what is suggested."""
    application = world.application(State.ACCEPTED)
    found = suggested(world.session, application, [one.id for one in people])
    return {one.name: set(found[one.id]) for one in people if one.id in found}


def line(person, organisation, kind=InterestKind.SHARES):
    return Interest(person_id=person.id, organisation=organisation, kind=kind, since=date(2020, 1, 1))


def test_nothing_is_suggested_about_people_nothing_is_known_of(world):
    assert hints(world, world.dung, world.ha, world.giang) == {}


def test_a_name_in_the_register_and_an_affiliation(world):
    world.session.add_all(
        [
            line(world.dung, "HAT NANG JSC"),
            line(world.ha, "Công ty Lá Xanh"),
            Background(person_id=world.ha.id, affiliation="Hạt Nắng"),
        ]
    )
    world.session.flush()
    assert hints(world, world.dung, world.ha, world.giang) == {
        world.dung.name: {Suggestion(Reason.ORGANISATION, "HAT NANG JSC")},
        world.ha.name: {Suggestion(Reason.AFFILIATION, "Hạt Nắng")},
    }


def test_what_the_register_says_of_this_very_company_is_no_suggestion(world):
    assert hints(world, world.khanh) == {}  # it stands in the way already


def test_a_retracted_line_suggests_nothing(world):
    mistake = line(world.dung, "Hạt Nắng")
    mistake.retracted_at, mistake.retracted_by = now(), world.chi.id
    world.session.add(mistake)
    world.session.flush()
    assert hints(world, world.dung) == {}


@pytest.mark.parametrize("where", ["member", "website", "contact", "support"])
def test_an_address_at_a_domain_of_the_company(world, where):
    world.dung.email = "dung@thu.hatnang.com.vn"
    if where == "member":
        world.anh.email = "anh@hatnang.com.vn"
    elif where == "website":
        world.hat_nang.website = "https://www.hatnang.com.vn"
    elif where == "contact":
        world.hat_nang.contact_email = "lienhe@hatnang.com.vn"
    world.session.add_all([world.dung, world.anh, world.hat_nang])
    world.session.flush()
    application = world.application(State.ACCEPTED)
    if where == "support":
        application.profile = {**application.profile, "support_contact": "hotro@hatnang.com.vn"}
    found = suggested(world.session, application, [world.dung.id, world.ha.id])
    assert found == {world.dung.id: (Suggestion(Reason.MAIL_DOMAIN, "hatnang.com.vn"),)}


def test_free_mail_says_nothing(world):
    world.dung.email, world.anh.email = "dung@gmail.com", "anh@gmail.com"
    world.session.add_all([world.dung, world.anh])
    world.session.flush()
    assert hints(world, world.dung) == {}


def test_the_clubs_own_domain_says_nothing(world):
    world.anh.email, world.hat_nang.contact_email = "anh@club.example", "hatnang@club.example"
    world.session.add_all([world.anh, world.hat_nang])
    world.session.flush()
    assert hints(world, world.dung, world.ha) == {}


def test_who_once_belonged_to_the_company_longer_ago_than_the_window(world):
    long_ago = now() - timedelta(days=365 * 9)
    left = Member(
        vendor_id=world.hat_nang.id, user_id=world.dung.id, role=MemberRole.OWNER, joined_at=long_ago, left_at=long_ago
    )
    world.session.add(left)
    world.session.flush()
    assert hints(world, world.dung) == {world.dung.name: {Suggestion(Reason.PAST_MEMBER, world.hat_nang.name)}}


@pytest.mark.parametrize("related_by", ["number", "domain", "nothing"])
def test_who_belongs_to_a_related_company(world, related_by):
    sister = Vendor(
        slug="chi-em",
        name="Sister Ltd",
        registration_number=world.hat_nang.registration_number if related_by == "number" else "SG-1",
        country="SG",
        address="1 Raffles Place",
        representative="X",
        contact_email="hello@hat-nang.example" if related_by == "domain" else "hello@sister.example",
    )
    world.session.add(sister)
    world.session.flush()
    world.session.add(Member(vendor_id=sister.id, user_id=world.dung.id, role=MemberRole.CONTRIBUTOR))
    world.session.flush()
    expected = {Suggestion(Reason.RELATED_COMPANY, "Sister Ltd")}
    assert hints(world, world.dung) == ({} if related_by == "nothing" else {world.dung.name: expected})


def test_a_shared_employer(world):
    world.session.add_all(
        [
            line(world.anh, "Đại học Bách Khoa", InterestKind.EMPLOYER),
            Background(person_id=world.dung.id, affiliation="Trường Đại học Bách khoa"),
            Background(person_id=world.ha.id, affiliation="Đại học Bách khoa"),
        ]
    )
    world.session.flush()
    assert hints(world, world.dung, world.ha) == {
        world.ha.name: {Suggestion(Reason.SHARED_EMPLOYER, "Đại học Bách Khoa")}
    }


def test_a_suggestion_blocks_nobody_and_costs_few_statements(world):
    world.session.add(line(world.dung, "Hạt Nắng"))
    world.session.flush()
    application = world.application(State.ACCEPTED)
    assert world.dung.id in free_reviewers(world.session, application)
    seen = []
    engine = world.session.get_bind()
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    suggested(world.session, application, [world.dung.id, world.ha.id, world.khanh.id])
    assert len(seen) <= 7
