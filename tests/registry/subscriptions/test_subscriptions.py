"""Subscriptions from the form to the last letter: a real mail server, a real receiver, the worker's turns."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from assessments import certificates, clock
from assessments.certificates import Change
from assessments.models import Delivery, Subscription
from assessments.states import CertificateState
from registry import sealed
from registry.mail.models import Letter
from registry.subscriptions import sending, signing
from registry.subscriptions.tokens import Purpose, issue
from tests import mailbox, receiving
from tests.deciding import certified
from tests.listings import Published, Shop

ME = "toi@example.com"
REASON = Change("Lộ vị trí của con.", "It leaks the child's location.", "Sửa lỗi", "The fault is mended")


@pytest.fixture
def box(app):
    with mailbox.opened() as found:
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail_url=found.url, webhooks_at_home=True)
        yield found


@pytest.fixture
def receiver():
    with receiving.opened() as found:
        yield found


@pytest.fixture
def shop(world):
    return Shop(world)


@pytest.fixture
def turn(app):
    """The worker's turn, as far as subscribers are concerned."""

    def work():
        with app.app_context():
            sending.spread()
            sending.send_mail()
            sending.send_webhooks()
            sending.send_mail()  # what the webhooks gave reason to write
            sending.sweep()

    return work


def ask(browser, **typed):
    return browser.post("/subscriptions", data={"way": "mail", "email": ME, **typed})


def link(message, purpose):
    """The path of a link in a letter."""
    words = re.sub(r"=\n", "", message.get_content())
    return re.search(rf"http://localhost(\S*/subscriptions/{purpose}\?token=\S+)", words)[1]


def subscribed(browser, box, turn, **typed):
    """Ask, confirm by the letter; the page that says so."""
    assert ask(browser, **typed).status_code == 200
    turn()
    answer = browser.post(link(box.messages.pop(), "confirm"))
    assert answer.status_code == 200
    return answer


def later(minutes):
    return clock.at(clock.now() + timedelta(minutes=minutes))


# --- by mail ---


def test_nothing_is_sent_before_the_mailbox_has_confirmed(browser, box, turn, shop, session):
    page = ask(browser)
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"
    turn()
    [letter] = box.messages
    assert (letter["To"], letter["Subject"]) == (ME, "Xác nhận nhận tin khi có thay đổi")
    shop.publish()
    turn()
    assert len(box.messages) == 1
    opened = browser.get(link(letter, "confirm"))  # programs open the links of letters
    assert opened.status_code == 200
    assert session.exec(select(Subscription.confirmed_at)).one() is None


def test_a_change_is_told_once_with_the_way_to_end_it(browser, box, turn, shop):
    shop.publish(name="Trước")
    subscribed(browser, box, turn)
    with later(1):
        turn()
        assert box.messages == []  # what happened before is in the register
        shop.publish(name="Ngày Mai", days=0)
        turn()
        turn()
    [letter] = box.messages
    assert letter["Subject"] == "Cấp: Ngày Mai"
    body = letter.get_content()
    assert "http://localhost/c/VCSC-" in body
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"] == f"<http://localhost{link(letter, 'end')}>"


def test_the_committees_changes_are_told_as_they_happen(world, browser, box, turn, session):
    certificate = certified(world)
    subscribed(browser, box, turn, product="den-nha-0001")
    change = Change(**{**vars(REASON), "restore_by": clock.today() + timedelta(days=30)})
    certificates.suspend(session, world.giang, certificate.number, change)
    session.commit()
    turn()
    certificates.dismiss(session, world.hung, certificate.number, 2, "Không đúng.")
    session.commit()
    turn()
    turn()
    subjects = [one["Subject"] for one in box.messages]
    assert subjects == ["Tạm đình chỉ: Đèn Nhà", "Bỏ tạm đình chỉ: Đèn Nhà"]
    assert "Lộ vị trí của con." in box.messages[0].get_content()


def test_an_expiry_is_told_on_its_day(world, browser, box, turn):
    certificate = certified(world)
    subscribed(browser, box, turn, product="den-nha-0001")
    with clock.at(clock.end_of_day(certificate.valid_until)):
        turn()
        assert box.messages == []
    with clock.at(clock.end_of_day(certificate.valid_until) + timedelta(seconds=1)):
        turn()
        turn()
    assert [one["Subject"] for one in box.messages] == ["Hết hạn: Đèn Nhà"]


def test_only_of_the_product_that_was_asked_for(browser, box, turn, shop):
    shop.publish(name="Đèn Nhà")
    subscribed(browser, box, turn, product="p-0001")
    with clock.at(clock.now() + timedelta(days=1)):
        shop.publish(name="Khác", days=0)
        turn()
    assert box.messages == []


def test_many_changes_come_in_one_letter(browser, box, turn, shop):
    subscribed(browser, box, turn)
    with clock.at(clock.now() + timedelta(days=1)):
        shop.publish_all(*(Published(name=f"Sản phẩm {n}", days=0) for n in range(5)))
        turn()
    [letter] = box.messages
    assert letter["Subject"] == "5 thay đổi trong sổ cấp và thu hồi"
    assert letter.get_content().count("/c/VCSC-") == 5


def test_letters_in_english_for_who_asked_in_english(browser, box, turn, shop):
    assert browser.post("/en/subscriptions", data={"way": "mail", "email": ME}).status_code == 200
    turn()
    letter = box.messages.pop()
    assert letter["Subject"] == "Confirm that you want news of changes"
    assert browser.post(link(letter, "confirm")).status_code == 200
    with clock.at(clock.now() + timedelta(days=1)):
        shop.publish(name_en="Lamp", days=0)
        turn()
    assert box.messages[0]["Subject"] == "Granted: Lamp"


@pytest.mark.parametrize("body", [{}, {"List-Unsubscribe": "One-Click"}])
def test_one_click_ends_it_and_erases_everything(browser, box, turn, session, body):
    assert ask(browser).status_code == 200
    turn()
    letter = box.messages.pop()
    path = letter["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    browser.post(link(letter, "confirm"))
    assert browser.get(path).status_code == 200
    assert len(session.exec(select(Subscription)).all()) == 1
    session.commit()
    for _ in range(2):  # once more changes nothing, and says the same
        answer = browser.post(path, data=body)
        assert (answer.status_code, "Đã thôi nhận tin" in answer.text) == (200, True)
    session.expire_all()
    assert (session.exec(select(Subscription)).all(), session.exec(select(Delivery)).all()) == ([], [])


def test_the_address_lies_open_nowhere(browser, box, turn, session):
    subscribed(browser, box, turn, way="webhook", url="https://hook.example/secret-path")
    row = session.exec(select(Subscription)).one()
    tables = (
        session.execute(text("SELECT * FROM subscription")).all()
        + session.execute(text("SELECT * FROM delivery")).all()
    )
    kept = str(tables) + str(session.exec(select(Letter.recipient, Letter.body)).all())
    assert [one for one in (ME, "toi", "hook.example", "secret-path", "whsec_") if one in kept] == []
    assert row.address.startswith("1.")


def test_the_answer_is_the_same_for_everybody(browser, box, turn, session):
    def body(page):
        return (page.status_code, page.text)

    first = body(ask(browser))
    again = body(ask(browser))
    turn()
    letters = [one["Subject"] for one in box.messages]
    assert letters == ["Xác nhận nhận tin khi có thay đổi"] * 2
    browser.post(link(box.messages[0], "confirm"))
    box.messages.clear()
    known = body(ask(browser))
    turn()
    assert first == again == known
    assert [one["Subject"] for one in box.messages] == ["Bạn đang nhận tin này rồi"]
    assert len(session.exec(select(Subscription)).all()) == 1


def test_asking_is_limited_for_an_address(browser, box, turn):
    codes = [ask(browser).status_code for _ in range(6)]
    assert codes == [200] * 4 + [429] * 2
    turn()
    assert len(box.messages) == 4


def test_programs_fill_in_everything_and_get_nothing(browser, box, turn, session):
    assert ask(browser, website="https://spam.example").status_code == 422
    turn()
    assert (box.messages, session.exec(select(Subscription)).all()) == ([], [])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": ""}, "Nhập email."),
        ({"email": "toi@"}, "toi@"),
        ({"way": "pigeon"}, 'role="alert"'),
        ({"way": "webhook"}, "Nhập địa chỉ webhook."),
        ({"way": "webhook", "url": "ftp://x.example/"}, "https://"),
    ],
)
def test_faults_keep_what_was_typed(browser, app, typed, said):
    page = ask(browser, **typed)
    assert (page.status_code, said in page.text) == (422, True)
    assert f'value="{typed.get("email", ME)}"' in page.text
    assert page.text.count('role="alert"') == 1


def test_a_product_nobody_knows(browser, shop):
    assert browser.get("/subscriptions/new?product=nope").status_code == 404
    assert ask(browser, product="nope").status_code == 404
    shop.publish(days=5)
    assert browser.get("/subscriptions/new?product=p-0001").status_code == 404  # not announced yet


def test_links_are_for_one_purpose_and_not_to_be_guessed(browser, box, turn, app, session):
    ask(browser)
    turn()
    row = session.exec(select(Subscription)).one()
    confirm, end = (link(box.messages[0], name).split("token=")[1] for name in ("confirm", "end"))
    for path in (
        f"/subscriptions/confirm?token={end}",
        f"/subscriptions/end?token={confirm}",
        "/subscriptions/confirm?token=x",
        "/subscriptions/end?token=",
        "/subscriptions/confirm",
        f"/subscriptions/confirm?token={confirm}x",
    ):
        assert (browser.get(path).status_code, browser.post(path).status_code) == (404, 404), path
    with clock.at(clock.now() + timedelta(days=3, minutes=1)):
        assert browser.post(f"/subscriptions/confirm?token={confirm}").status_code == 404
        assert browser.get(f"/subscriptions/end?token={end}").status_code == 200
    with app.test_request_context():
        app.config["SETTINGS"] = replace(app.config["SETTINGS"], secret_key="another key that is long enough")
        assert issue(Purpose.END, row.id) != end


def test_askings_nobody_confirms_are_erased(browser, box, turn, session):
    ask(browser)
    turn()
    with clock.at(clock.now() + timedelta(days=3, minutes=1)):
        turn()
    session.expire_all()
    assert (session.exec(select(Subscription)).all(), session.exec(select(Delivery)).all()) == ([], [])


def test_letters_are_tried_again(browser, box, turn, session):
    box.refusing = True
    ask(browser)
    turn()
    assert box.messages == []
    assert ME not in str(session.execute(text("SELECT last_error FROM delivery")).all())
    session.commit()
    box.refusing = False
    turn()
    assert box.messages == []  # not yet
    with later(2):
        turn()
        turn()
    assert len(box.messages) == 1


def test_two_turns_at_once_send_one_letter(browser, box, app, session):
    ask(browser)
    with app.app_context():
        sending.spread()
        from assessments import subscriptions  # noqa: PLC0415  what a worker does first
        from assessments.publishing import SubscriptionWay  # noqa: PLC0415

        row = session.exec(select(Subscription)).one()
        assert subscriptions.take(session, row.id, SubscriptionWay.MAIL) is not None
        session.commit()
        sending.send_mail()  # the other has taken it
        assert box.messages == []
    with later(11), app.app_context():  # ... and died
        sending.send_mail()
    assert len(box.messages) == 1


# --- by webhook ---


def secret_of(page):
    return re.search(r"whsec_[A-Za-z0-9+/=]+", page.text)[0]


def test_a_webhook_is_signed_and_carries_the_public_event(browser, box, turn, receiver, shop):
    secret = secret_of(subscribed(browser, box, turn, way="webhook", url=receiver.url))
    with clock.at(clock.now() + timedelta(days=1)):
        number = shop.publish(days=0).number
        turn()
        turn()
        public = browser.get("/changes.json?kind=grant").json["changes"][0]
    [got] = receiver.got
    sent = json.loads(got.body)
    assert (sent["type"], sent["data"]) == ("certificate.grant", public)
    assert sent["data"]["certificate"] == number
    stamp, name = int(got.headers["webhook-timestamp"]), got.headers["webhook-id"]
    assert got.headers["webhook-signature"] == signing.signature(secret, name, stamp, got.body)
    assert got.headers["content-type"] == "application/json"
    assert box.messages == []


def test_the_secret_is_shown_once(browser, box, turn, receiver):
    ask(browser, way="webhook", url=receiver.url)
    turn()
    path = link(box.messages.pop(), "confirm")
    first, second = browser.post(path), browser.post(path)
    assert ("whsec_" in first.text, "whsec_" in second.text) == (True, False)
    assert first.headers["Cache-Control"] == "no-store"
    assert "không hiện lại" in second.text


def test_a_message_is_tried_again_under_the_same_id(browser, box, turn, receiver, shop):
    subscribed(browser, box, turn, way="webhook", url=receiver.url)
    receiver.code = 503
    start = clock.now() + timedelta(days=1)
    with clock.at(start):
        shop.publish(days=0)
        turn()
        turn()
    receiver.code = 204
    for minutes in (0.5, 2, 3):
        with clock.at(start + timedelta(minutes=minutes)):
            turn()
    assert len(receiver.got) == 2
    assert len({one.headers["webhook-id"] for one in receiver.got}) == 1
    assert len({one.headers["webhook-timestamp"] for one in receiver.got}) == 2
    assert len({one.body for one in receiver.got}) == 1


def test_a_webhook_that_never_answers_is_switched_off_with_a_letter(browser, box, turn, receiver, shop, session):
    subscribed(browser, box, turn, way="webhook", url=receiver.url)
    receiver.code = 500
    moment = clock.now() + timedelta(days=1)
    with clock.at(moment):
        shop.publish(days=0)
    for _ in range(14):
        with clock.at(moment):
            turn()
        moment += timedelta(days=1, minutes=1)
    assert len(receiver.got) == 10
    [letter] = box.messages
    assert letter["Subject"] == "Webhook của bạn đã bị tắt"
    assert receiver.url in letter.get_content()
    session.expire_all()
    row = session.exec(select(Subscription)).one()
    assert (row.disabled_at is not None, row.secret) == (True, "")
    with clock.at(moment):
        shop.publish(days=0)
        turn()
    assert len(receiver.got) == 10
    with clock.at(moment + timedelta(days=31)):
        turn()
    session.expire_all()
    assert session.exec(select(Subscription)).all() == []


def test_whoever_answers_410_is_left_alone(browser, box, turn, receiver, shop):
    subscribed(browser, box, turn, way="webhook", url=receiver.url)
    receiver.code = 410
    with clock.at(clock.now() + timedelta(days=1)):
        shop.publish(days=0)
        turn()
        turn()
    assert len(receiver.got) == 1
    assert [one["Subject"] for one in box.messages] == ["Webhook của bạn đã bị tắt"]


def test_a_failing_webhook_holds_nobody_else_up(browser, box, turn, receiver, shop):
    with receiving.opened() as closed:
        gone = closed.url
    subscribed(browser, box, turn, way="webhook", url=gone)
    subscribed(browser, box, turn, way="webhook", url=receiver.url)
    subscribed(browser, box, turn)
    with clock.at(clock.now() + timedelta(days=1)):
        shop.publish(days=0)
        turn()
    assert (len(receiver.got), len(box.messages)) == (1, 1)


def test_a_real_register_sends_nothing_to_its_own_network(browser, box, turn, receiver, shop, app, session):
    subscribed(browser, box, turn, way="webhook", url=receiver.url.replace("http:", "https:"))
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], webhooks_at_home=False)
    with clock.at(clock.now() + timedelta(days=1)):
        shop.publish(days=0)
        turn()
    assert receiver.got == []
    session.expire_all()
    assert session.exec(select(Delivery.last_error).where(Delivery.way == "webhook")).one() == (
        "Refused: not a public address"
    )
    page = ask(browser, way="webhook", url=receiver.url)
    assert page.status_code == 422


def test_a_key_that_is_gone_stops_one_and_not_the_worker(browser, box, turn, shop, app, session):
    subscribed(browser, box, turn)
    row = session.exec(select(Subscription)).one()
    row.address = "1.00000000.xxxx"
    session.add(row)
    session.commit()
    with clock.at(clock.now() + timedelta(days=1)):
        shop.publish(days=0, state=CertificateState.ACTIVE)
        turn()
    session.expire_all()
    assert session.exec(select(Delivery.last_error).where(Delivery.done_at.is_(None))).one() == "Unreadable"
    assert sealed.SUBSCRIPTION != sealed.COMPLAINT


# --- once a day ---


def test_letters_can_come_together_once_a_day(browser, box, turn, shop, session):
    morning = clock.start_of_day(clock.today()) + timedelta(days=1, hours=7)
    with clock.at(morning - timedelta(hours=20)):
        subscribed(browser, box, turn, daily="y")
        assert session.exec(select(Subscription.daily)).one()
    for hours in (19, 10, 1):
        with clock.at(morning - timedelta(hours=hours)):
            shop.publish(name=f"Sau {hours} giờ", days=0)
            turn()
            assert box.messages == []
    with clock.at(morning + timedelta(minutes=1)):
        turn()
        [letter] = box.messages
        assert all(f"Sau {hours} gi" in letter.get_content() for hours in (19, 10, 1))
        turn()
        assert len(box.messages) == 1


def test_a_webhook_is_told_at_once_whatever_is_ticked(browser, session):
    ask(browser, way="webhook", url="https://shop.example/hook", daily="y")
    assert session.exec(select(Subscription.daily)).one() is False
