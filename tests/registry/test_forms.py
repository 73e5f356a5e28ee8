"""What every form does to what is typed: nothing invisible, one line where one is meant, bounded rows."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form as PlainForm
from wtforms import FormField, HiddenField, IntegerField, PasswordField, StringField, TextAreaField

from assessments.profile import MOST_ROWS
from registry.forms import Form, Rows, one_line, tidy, whole


class Row(PlainForm):
    """One row."""

    name = StringField()


class Everything(Form):
    """One field of every kind."""

    class Meta(Form.Meta):
        csrf = False

    line = StringField()
    text = TextAreaField()
    kept = HiddenField()
    secret = PasswordField()
    count = IntegerField()
    rows = Rows(FormField(Row))


@pytest.fixture
def typed(app):
    with app.test_request_context():
        yield lambda *pairs: Everything(MultiDict(pairs))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Đèn\r\nNhà\u2028 \u2003xanh\t ", "Đèn Nhà xanh"),
        ("Đèn\u202eteverC\u202c\u200b\u2066\ufeff", "ĐènteverC"),
        ("e\u0302\x00\x1b[31m", "ê[31m"),
        ("\u3164\u2800\u115f\u200d", ""),
        (None, None),
    ],
)
def test_a_line_is_one_line_and_all_of_it_is_seen(raw, clean):
    assert one_line(raw) == clean


def test_a_text_keeps_its_lines_and_nothing_else_that_is_not_seen():
    assert tidy(" Một\r\n\r\nHai\rBa\u2029Bốn\t5\x07\u202e \n") == "Một\n\nHai\nBa\nBốn\t5"


def test_what_no_xml_may_hold_is_no_text():
    assert tidy("a\ufffe\uffff\ufdd0\U0001ffff\U0010fffeb\ufffd\ue000😀") == "ab\ufffd\ue000😀"


def test_each_field_gets_the_cleaning_of_its_kind(typed):
    raw = "a \u202e\n  b"
    form = typed(("line", raw), ("text", raw), ("kept", raw), ("secret", raw))
    assert (form.line.data, form.text.data, form.kept.data) == ("a b", "a \n  b", "a \n  b")
    assert form.secret.data == raw


@pytest.mark.parametrize("number", ["9" * 10, "9" * 5000, "-" + "9" * 10])
def test_numbers_that_no_table_takes_are_refused_by_the_form(typed, number):
    form = typed(("count", number))
    assert not form.validate()
    assert form.count.errors


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("9" * 5000, 0), ("²", 0), ("٣", 0), ("-1", 0), ("", 0), (None, 0)]
)
def test_a_number_that_came_along(text, number):
    assert whole(text) == number


def test_rows_are_bounded_and_that_is_said(typed):
    form = typed(*((f"rows-{n}-name", "a") for n in range(MOST_ROWS + 1)))
    assert len(form.rows) == MOST_ROWS
    assert not form.validate()
    assert form.rows.errors == ["Nhiều nhất 40 dòng. Bỏ bớt rồi lưu lại."]
    assert typed(*((f"rows-{n}-name", "a") for n in range(MOST_ROWS))).validate()


def test_names_of_rows_that_are_no_numbers_are_passed_over(typed):
    form = typed(("rows-²-name", "a"), (f"rows-{'9' * 5000}-name", "b"), ("rowsx-1-name", "c"), ("rows-7-name", "d"))
    assert form.rows.data == [{"name": "d"}]


def test_more_rows_than_may_be_are_not_offered_again(app):
    with app.test_request_context():
        assert len(Everything(data={"rows": [{"name": "a"}] * 99}).rows) == MOST_ROWS
