"""No collection of garbage begins within a request; what is due is collected when it has ended."""

import gc
from threading import Barrier, Thread

import pytest
from flask import Flask

from registry import collecting
from registry.collecting import Between

SERVED = {"wsgi.multithread": True}
FEW = 50


class Knot:
    """Something that only the collector can take away."""

    def __init__(self):
        self.itself = self


@pytest.fixture(autouse=True)
def as_it_was():
    """The collector of the tests themselves stays as it is."""
    yield
    gc.enable()


def knots():
    return sum(isinstance(one, Knot) for one in gc.get_objects())


def tying(environ, start_response):
    """An app that leaves more behind than may lie about, and says whether the collector waits."""
    for _ in range(2 * gc.get_threshold()[0]):
        Knot()
    return [str(gc.isenabled()).encode()]


def test_the_collector_waits_for_the_end_and_then_takes_what_is_due():
    assert Between(tying)(dict(SERVED), None) == [b"False"]
    assert gc.isenabled()
    assert knots() < FEW  # by what has been made since


def test_what_is_due_is_taken_while_another_request_runs():
    both = Barrier(2)

    def long(environ, start_response):
        both.wait(20)
        both.wait(20)
        return [b""]

    def app(environ, start_response):
        return (long if environ.get("long") else tying)(environ, start_response)

    served = Between(app)
    running = Thread(target=served, args=({**SERVED, "long": True}, None))
    running.start()
    both.wait(20)
    assert served(dict(SERVED), None) == [b"False"]
    assert not gc.isenabled()
    assert knots() < FEW
    both.wait(20)
    running.join(20)
    assert gc.isenabled()


def test_it_goes_on_when_the_last_of_several_has_ended():
    both, seen = Barrier(2), {}

    def app(environ, start_response):
        both.wait(20)
        if environ["name"] == "long":
            both.wait(20)
        return [b""]

    def ask(name):
        served({**SERVED, "name": name}, None)
        seen[name] = gc.isenabled()

    served = Between(app)
    long, short = Thread(target=ask, args=("long",)), Thread(target=ask, args=("short",))
    long.start()
    short.start()
    short.join(20)
    assert seen == {"short": False}
    both.wait(20)
    long.join(20)
    assert seen == {"short": False, "long": True}


def test_a_request_that_fails_ends_too():
    def failing(environ, start_response):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Between(failing)(dict(SERVED), None)
    assert gc.isenabled()


def test_a_server_that_asks_one_thing_at_a_time_is_left_alone():
    assert Between(tying)({"wsgi.multithread": False}, None) == [b"True"]


@pytest.mark.parametrize("by_itself", [True, False])
def test_a_python_that_waits_by_itself_needs_none_of_this(monkeypatch, by_itself):
    app = Flask("any")
    monkeypatch.setattr(collecting, "BY_ITSELF", by_itself)
    collecting.init_app(app)
    assert isinstance(app.wsgi_app, Between) is not by_itself
