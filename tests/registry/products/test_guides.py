"""Guides beside a product: nearest to its devices first, and only those that are public."""

from registry import articles
from registry.products.guides import ALWAYS, BY_CATEGORY, BY_PLATFORM, MOST, helping


def test_every_guide_that_is_named_is_there(session):
    named = {*BY_PLATFORM.values(), *BY_CATEGORY.values(), *ALWAYS}
    assert named <= {one.slug for one in articles.listed(session, "vi")}


def test_the_devices_come_first_and_there_are_few(session):
    found = helping(session, "vi", ["ios", "android", "windows", "router_isp"], ["PC"])
    assert [slug for slug, _ in found] == ["iphone", "android", "computers-and-consoles", "home-network"]
    assert len(found) == MOST


def test_titles_are_in_the_language_of_the_page(session):
    (_, vietnamese), (_, english) = helping(session, "vi", [], [])[0], helping(session, "en", [], [])[0]
    assert vietnamese != english
