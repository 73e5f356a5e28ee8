"""The public figures: counted from appeals and complaints, read from the figures alone."""

from datetime import timedelta

from assessments import clock
from assessments.recourse import Ruling
from tests import appealing


def test_without_anything_it_says_so(browser, world):
    page = browser.get("/transparency")
    assert (page.status_code, "Chưa có yêu cầu nào." in page.text) == (200, True)
    assert "Set-Cookie" not in page.headers


def test_what_was_ruled_is_counted(browser, world):
    others = appealing.others(world)
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai), others.thao)
    with clock.at(clock.now() + timedelta(days=12)):
        appealing.rule(world, appeal, Ruling.SET_ASIDE, others.phuc, others.mai)
    text = " ".join(browser.get("/transparency").text.split())
    assert f'<th scope="row" class="num">{clock.today().year}</th>' in text
    cells = [one.split("</td>")[0].rsplit(">", 1)[1] for one in text.split('<td class="num"')[1:]]
    assert cells == ["1", "0", "1", "0", "0", "0", "12"]
    assert [one for one in ("Hạt Nắng", "Phúc", "HS-") if one in text] == []
