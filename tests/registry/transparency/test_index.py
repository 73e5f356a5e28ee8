"""The public figures: read from the figures alone, with a table under each chart, and as files."""

import csv
import io
import re
from datetime import timedelta

import pytest

from assessments import clock, transparency
from assessments.recourse import Ruling
from assessments.states import State
from tests import appealing, deciding
from tests.assessments.test_figures import ended
from tests.counting import statements

MOST = 4


def cells(text, code):
    """The table of a topic, by the name of each row."""
    part = text.split(f'aria-labelledby="{code}"')[1].split("</section>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", part, re.DOTALL)[1:]
    return {re.findall(r"<th[^>]*>(.*?)</th>", row)[0]: re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows}


def test_without_anything_it_says_so(browser, world):
    page = browser.get("/transparency")
    assert (page.status_code, "Chưa có số liệu nào." in page.text) == (200, True)
    assert "Set-Cookie" not in page.headers
    assert "Chưa công bố báo cáo nào." in page.text


def test_what_was_ruled_is_counted(browser, world):
    others = appealing.others(world)
    application = appealing.declined(world)
    appeal = appealing.under_hearing(world, application, (others.phuc, others.mai), others.thao)
    with clock.at(clock.now() + timedelta(days=12)):
        appealing.rule(world, appeal, Ruling.SET_ASIDE, others.phuc, others.mai)
    text = browser.get("/transparency").text
    assert cells(text, "appeals") == {
        "Đã gửi": ["1"],
        "Giữ nguyên quyết định": ["0"],
        "Hủy quyết định": ["1"],
        "Đơn vị rút": ["0"],
        "Không nhận": ["0"],
        "trong đó gửi muộn": ["0"],
        "Số ngày trung bình": ["12"],
    }
    main = text.split("<main")[1].split("</main>")[0]
    assert [one for one in ("Hạt Nắng", "Phúc", "HS-") if one in main] == []


def test_one_company_that_was_declined_is_not_pointed_at(browser, world, session):
    ended(world, State.DECLINED, world.hat_nang, days=0)
    transparency.count_all(session)
    session.commit()
    found = cells(browser.get("/transparency").text, "outcomes")
    assert found == {
        "Được cấp": ["0"],
        "Không cấp": ["tính chung"],
        "Không tiếp nhận": ["tính chung"],
        "Đơn vị rút": ["tính chung"],
        "Đóng vì quá hạn": ["tính chung"],
        "Không có giấy, tính chung": ["dưới 3"],
    }


def test_the_files_say_the_same(browser, world, session):
    deciding.certified(world)
    transparency.count_all(session)
    session.commit()
    year = clock.today().year
    for path in ("/transparency/figures.csv", f"/transparency/{year}.csv"):
        answer = browser.get(path)
        assert answer.content_type == "text/csv; charset=utf-8"
        assert "Set-Cookie" not in answer.headers
        text = answer.get_data().decode("utf-8-sig")
        rows = {(row["topic"], row["item"]): row["value"] for row in csv.DictReader(io.StringIO(text))}
        assert (rows["certificates", "grant"], rows["outcomes", "certified"]) == ("1", "1")
        assert [name for name in ("Hạt Nắng", "HS-", "VCSC-") if name in text] == []
    assert "First application" in browser.get(f"/en/transparency/{year}.csv").text


@pytest.mark.parametrize("path", ["1999.csv", "1999", "1999.pdf", "0.csv"])
def test_a_year_of_nothing_is_not_there(browser, world, session, path):
    transparency.count_all(session)
    session.commit()
    assert browser.get(f"/transparency/{path}").status_code == 404


def test_the_page_asks_the_same_few_questions_however_many_there_are(app, browser, world, session):
    found = []
    for number in (1, 2, 3):
        ended(world, State.DECLINED, world.hat_nang, number=number, days=400 * number)
        transparency.count_all(session)
        session.commit()
        with statements(app) as seen:
            browser.get("/transparency")
        found.append(len(seen))
    assert len(set(found)) == 1
    assert found[0] <= MOST
