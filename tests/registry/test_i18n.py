"""Languages: the /en prefix, whose language wins, what forms say, what the middle floor's sentences become."""

import pytest
from flask import Flask, g, request, url_for

from registry import i18n
from registry.config import Settings


@pytest.fixture
def site():
    """A bare site with the languages and three routes that tell what they saw."""
    site = Flask(__name__)
    site.config["SETTINGS"] = Settings(secret_key="a secret of the tests that is long enough")
    i18n.init_app(site)
    site.add_url_rule("/", "home", lambda: f"{i18n.lang()} {request.path} {url_for('here')}")
    site.add_url_rule("/here", "here", lambda: f"{i18n.lang()} {request.path} {url_for('home')}")
    site.add_url_rule("/english", "english", lambda: f"{i18n.lang()} {request.path}")
    return site


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/", "vi / /here"),
        ("/en", "en / /en/here"),
        ("/en/", "en / /en/here"),
        ("/here", "vi /here /"),
        ("/en/here", "en /here /en/"),
        ("/english", "vi /english"),
        ("/en/english", "en /english"),
    ],
)
def test_the_address_chooses_the_language_and_links_stay_in_it(site, path, seen):
    assert site.test_client().get(path).text == seen


@pytest.mark.parametrize("path", ["/en/en/here", "/EN/here", "/en//en/here", "/vi/here"])
def test_there_is_one_prefix_and_no_other(site, path):
    assert site.test_client().get(path).status_code == 404


def test_a_site_under_a_path_keeps_it(site):
    answer = site.test_client().get("/en/here", environ_overrides={"SCRIPT_NAME": "/registry"})
    assert answer.text == "en /here /registry/en/"


def test_nobody_chooses_a_language_by_a_header(site):
    assert (
        site.test_client().get("/here", headers={"registry.language": "en", "Accept-Language": "en"}).text[:2] == "vi"
    )


def test_a_persons_own_language_wins_over_the_address(site):
    with site.test_request_context("/"):
        g.language = "en"
        assert i18n.lang() == "en"


def test_a_public_page_does_not_know_its_reader(app, session, world, browser):
    world.an.language = "en"
    session.add(world.an)
    session.commit()
    browser.sign_in(world.an)
    answer = browser.get("/criteria")
    assert '<html lang="vi">' in answer.text
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_outside_a_request_it_is_vietnamese(site):
    assert i18n.lang() == "vi"
    with site.app_context():
        assert i18n.lang() == "vi"


def test_forms_speak_both_languages(site):
    with site.test_request_context("/"):
        assert i18n.form_translations().gettext("This field is required.") == "Cần điền hoặc chọn mục này."
    with site.test_request_context("/"):
        g.language = "en"
        said = i18n.form_translations()
        one, many = "Field must be at least %(min)d character long.", "Field must be at least %(min)d characters long."
        assert said.gettext("This field is required.") == "Fill in or choose this."
        assert said.ngettext(one, many, 1) == "Enter at least %(min)d character."
        assert said.ngettext(one, many, 2) == "Enter at least %(min)d characters."


def test_both_form_catalogues_answer_every_message():
    vi, en = (i18n.catalogue(language, "wtforms")._catalog for language in i18n.LANGUAGES)
    strip = lambda catalogue: {key[0] if isinstance(key, tuple) else key for key in catalogue if key}  # noqa: E731
    assert strip(vi) == strip(en)
    assert len(strip(vi)) >= 38


def test_a_sentence_of_the_middle_floor_gets_its_values_and_the_wording(site):
    with site.test_request_context("/"):
        assert i18n.translate("Thiếu %(n)d mục của %(certificate)s.", n=2) == "Thiếu 2 mục của giấy chứng nhận."
        assert i18n.translate("Đúng 95% trở lên.") == "Đúng 95% trở lên."


def test_a_language_without_a_catalogue_speaks_in_msgids():
    assert i18n.catalogue("vi", "nothing").gettext("Đăng nhập") == "Đăng nhập"
