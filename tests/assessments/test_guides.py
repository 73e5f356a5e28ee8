"""Guides: texts that are kept, published and withdrawn, and what is wrong with one before it is published."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from assessments import guides
from assessments.clock import today
from assessments.errors import Conflict, Invalid, NotAllowed, NotFound, NotReady, WrongState
from assessments.guide_checks import GuideContent, Site, faults, hints, sources_of
from assessments.guide_kinds import GuideEnding
from assessments.guides import Reason
from assessments.models import Guide, GuidePublication, GuideText, HistoryEntry
from assessments.queries import guides as queries

SITE = Site(lambda path: path in {"/products", "/guides/help"}, frozenset({"mark", "review_days"}), frozenset({"help"}))
WHOLE = GuideContent(
    title_vi="Giờ ngủ",
    title_en="Bedtime",
    lead_vi="Ngủ đủ thì vui.",
    lead_en="Enough sleep is good.",
    body_vi="## Đặt giờ\n\nXem [sản phẩm](/products) và [Google](https://example.org), {mark}.",
    body_en="## Set hours\n\nSee [products](/products) and [Google](https://example.org), {mark}.",
    tags=("screen-time",),
    related=("help",),
    sources="UNICEF: giấc ngủ | UNICEF: sleep | https://www.unicef.org/sleep",
    checked_on=date(2026, 1, 5),
)


def begun(world, **fields):
    guides.start(world.session, world.chi, "gio-ngu", replace(WHOLE, **fields))
    world.session.commit()


def published(world, version=1):
    guides.publish(world.session, world.minh, "gio-ngu", version, SITE)
    world.session.commit()


def standing(world):
    return queries.standing_of(world.session, "gio-ngu")


@pytest.mark.parametrize("who", ["an", "anh", "bao", "dung", "giang", "lan"])
def test_writing_is_the_offices_and_the_administrators(world, who):
    begun(world)
    published(world)
    person, session = getattr(world, who), world.session
    for act in (
        lambda: guides.start(session, person, "khac", WHOLE),
        lambda: guides.save(session, person, "gio-ngu", WHOLE, 1),
        lambda: guides.restore(session, person, "gio-ngu", 1, 1),
        lambda: guides.publish(session, person, "gio-ngu", 1, SITE),
        lambda: guides.withdraw(session, person, "gio-ngu", GuideEnding.GONE, Reason("a", "b")),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert session.exec(select(Guide.slug)).all() == ["gio-ngu"]
    assert standing(world).is_public


@pytest.mark.parametrize("slug", ["", "Gio-Ngu", "giờ-ngủ", "a b", "-a", "office", "new", "x" * 61])
def test_an_address_that_cannot_be(world, slug):
    with pytest.raises(Invalid):
        guides.start(world.session, world.chi, slug, WHOLE)


def test_an_address_is_taken_once(world):
    begun(world)
    with pytest.raises(Invalid):
        guides.start(world.session, world.minh, "gio-ngu", WHOLE)
    assert len(world.session.exec(select(Guide)).all()) == 1


def test_every_save_is_a_text_of_its_own_and_saving_the_same_is_none(world):
    begun(world)
    guides.save(world.session, world.minh, "gio-ngu", replace(WHOLE, title_en="Sleep"), 1)
    guides.save(world.session, world.chi, "gio-ngu", replace(WHOLE, title_en="Sleep"), 1)
    world.session.commit()
    found = world.session.exec(select(GuideText.version, GuideText.title_en, GuideText.saved_by)).all()
    assert sorted(found) == [(1, "Bedtime", world.chi.id), (2, "Sleep", world.minh.id)]


def test_two_people_never_overwrite_each_other(world):
    begun(world)
    guides.save(world.session, world.minh, "gio-ngu", replace(WHOLE, title_en="Sleep"), 1)
    with pytest.raises(Conflict) as met:
        guides.save(world.session, world.chi, "gio-ngu", replace(WHOLE, title_en="Night"), 1)
    assert (met.value.theirs.fields["title_en"], met.value.yours.fields["title_en"]) == ("Sleep", "Night")
    assert met.value.theirs.author == world.minh.name
    assert queries.text_of(world.session, queries.guide_by_slug(world.session, "gio-ngu")).title_en == "Sleep"


def test_an_earlier_text_comes_back_as_the_newest(world):
    begun(world)
    guides.save(world.session, world.chi, "gio-ngu", replace(WHOLE, title_en="Sleep"), 1)
    guides.restore(world.session, world.minh, "gio-ngu", 1, 2)
    guide = queries.guide_by_slug(world.session, "gio-ngu")
    assert (guide.version, queries.content_of(queries.text_of(world.session, guide))) == (3, WHOLE)
    with pytest.raises(NotFound):
        guides.restore(world.session, world.chi, "gio-ngu", 9, 3)
    with pytest.raises(Conflict):
        guides.restore(world.session, world.chi, "gio-ngu", 2, 1)


def test_texts_that_are_too_long_are_refused_and_unknown_guides_are_not_there(world):
    with pytest.raises(Invalid):
        begun(world, body_vi="a" * 20_001)
    with pytest.raises(NotFound):
        guides.save(world.session, world.chi, "khac", WHOLE, 1)
    with pytest.raises(NotFound):
        guides.publish(world.session, world.chi, "khac", 1, SITE)


def test_the_public_reads_what_was_published_until_the_next_is(world):
    begun(world)
    assert standing(world) is None
    published(world)
    guides.save(world.session, world.chi, "gio-ngu", replace(WHOLE, title_en="Sleep"), 1)
    assert standing(world).text.title_en == "Bedtime"
    published(world, 2)
    assert standing(world).text.title_en == "Sleep"
    found = world.session.exec(
        select(
            GuidePublication.number, GuidePublication.version, GuidePublication.ending, GuidePublication.published_by
        )
    ).all()
    assert sorted(found) == [(1, 1, "replaced", world.minh.id), (2, 2, None, world.minh.id)]
    actions = world.session.exec(select(HistoryEntry.action).order_by(HistoryEntry.seq)).all()
    assert actions == ["start_guide", "publish_guide", "publish_guide"]


def test_only_the_newest_text_is_published_and_only_once(world):
    begun(world)
    guides.save(world.session, world.chi, "gio-ngu", replace(WHOLE, title_en="Sleep"), 1)
    with pytest.raises(WrongState):
        published(world, 1)
    published(world, 2)
    with pytest.raises(WrongState):
        published(world, 2)


def test_a_text_with_faults_is_not_published(world):
    begun(world, title_en="")
    with pytest.raises(NotReady) as refusal:
        published(world)
    assert [one.place for one in refusal.value.missing] == ["title_en"]
    assert standing(world) is None


def test_what_is_withdrawn_is_gone_or_shipped_again_and_can_be_published_anew(world):
    begun(world)
    with pytest.raises(WrongState):
        guides.withdraw(world.session, world.chi, "gio-ngu", GuideEnding.SHIPPED, Reason())
    published(world)
    for reason in (Reason(), Reason("Cũ.", " "), Reason("a" * 501, "b")):
        with pytest.raises(Invalid):
            guides.withdraw(world.session, world.chi, "gio-ngu", GuideEnding.GONE, reason)
    guides.withdraw(world.session, world.chi, "gio-ngu", GuideEnding.GONE, Reason("Cũ.", "Old."))
    world.session.commit()
    assert (standing(world).is_public, standing(world).is_gone) == (False, True)
    assert standing(world).publication.ended_by == world.chi.id
    published(world)
    guides.withdraw(world.session, world.chi, "gio-ngu", GuideEnding.SHIPPED, Reason())
    assert (standing(world).is_public, standing(world).is_gone) == (False, False)


def test_the_database_holds_one_publication_open_and_reasons_for_what_is_gone(world):
    begun(world)
    published(world)
    about = {"guide_id": standing(world).guide.id, "version": 1, "published_by": world.chi.id}
    for wrong in (
        GuidePublication(number=2, **about),
        GuidePublication(number=2, ended_by=world.chi.id, ending=GuideEnding.REPLACED, **about),
        GuidePublication(number=2, **{**about, "version": 7}),
    ):
        world.session.add(wrong)
        with pytest.raises(IntegrityError):
            world.session.flush()
        world.session.rollback()


def test_a_whole_guide_has_no_faults_and_no_hints():
    assert (faults(WHOLE, SITE, "gio-ngu"), hints(WHOLE)) == ([], [])


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        ({"title_vi": " "}, ["title_vi"]),
        ({"lead_en": ""}, ["lead_en"]),
        ({"body_en": WHOLE.body_en + "\n\n## More"}, ["body_en"]),
        ({"body_vi": "# " + WHOLE.body_vi, "body_en": "# " + WHOLE.body_en}, ["body_vi"]),
        ({"body_en": WHOLE.body_en.replace("(/products)", "(/guides/help)")}, ["body_vi", "body_en"]),
        ({"body_vi": WHOLE.body_vi + " [thêm](https://x.example)"}, ["body_en"]),
        (
            {
                "body_vi": WHOLE.body_vi.replace("/products", "/khong-co"),
                "body_en": WHOLE.body_en.replace("/products", "/khong-co"),
            },
            ["body_vi", "body_en"],
        ),
        (
            {
                "body_vi": WHOLE.body_vi.replace("https:", "http:"),
                "body_en": WHOLE.body_en.replace("https:", "javascript:"),
            },
            ["body_vi", "body_en"],
        ),
        ({"body_vi": WHOLE.body_vi.replace("{mark}", "{khong_co}")}, ["body_vi", "body_en"]),
        ({"body_vi": WHOLE.body_vi + " {review_days}"}, ["body_vi"]),
        ({"sources": ""}, ["sources"]),
        ({"sources": "A | B | http://x.example"}, ["sources"]),
        ({"sources": "A | https://x.example"}, ["sources"]),
        ({"tags": ()}, ["tags"]),
        ({"tags": ("khac",)}, ["tags"]),
        ({"related": ("gio-ngu",)}, ["related"]),
        ({"checked_on": today() + timedelta(days=1)}, ["checked_on"]),
        ({"lead_vi": "Có giấy chứng nhận."}, ["lead_vi"]),
        ({"lead_en": "It is certified."}, ["lead_en"]),
    ],
)
def test_faults(fields, places):
    assert [one.place for one in faults(replace(WHOLE, **fields), SITE, "gio-ngu")] == places


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"lead_vi": 'Gọi là "hè".'}, '“Gọi là "hè".”'),
        ({"lead_vi": "Rất vui!"}, "“Rất vui!”"),
        ({"lead_vi": "Chờ..."}, "“Chờ...”"),
        ({"lead_vi": "Hoà thuận."}, "“Hoà thuận.”"),
        ({"lead_vi": "Vui lòng đọc."}, "“Vui lòng đọc.”"),
        ({"lead_vi": "Con ngủ , con học."}, "“Con ngủ , con học.”"),
        ({"lead_vi": "Ngủ  đủ."}, "“Ngủ đủ.”"),
        ({"lead_vi": "Ngủ - học."}, "“Ngủ - học.”"),
        ({"lead_en": "Your kids sleep."}, "“Your kids sleep.”"),
        ({"lead_en": "Organize it, organized."}, "“Organize it, organized.”"),
    ],
)
def test_typography_is_only_a_hint(fields, said):
    text = replace(WHOLE, **fields)
    assert [one.values["what"] for one in hints(text)] == [said]
    assert faults(text, SITE) == []


def test_hints_about_length_and_age():
    long = " ".join(["từ"] * 50) + "."
    text = replace(WHOLE, body_vi=WHOLE.body_vi + " " + long, checked_on=today() - timedelta(days=400))
    assert [one.place for one in hints(text)] == ["body_en", "body_vi", "checked_on"]


def test_sources_are_read_line_by_line():
    found = sources_of("A | B | https://x.example\n\n C|D|https://y.example | zu viel")
    assert [(one.vi, one.en, one.url, one.whole) for one in found] == [
        ("A", "B", "https://x.example", True),
        ("C", "D", "https://y.example", True),
    ]
