"""A browser beside which the test may read: its session lets go before each page and forgets what it knew after."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session


@pytest.fixture
def browser(app: Flask, session: Session) -> FlaskClient:
    """A browser nobody is signed in with; the test's own session holds no lock while a page is asked for."""
    client = app.test_client()
    ask = client.open

    def ask_alone(*args, **kwargs):
        session.commit()
        answer = ask(*args, **kwargs)
        session.expire_all()
        return answer

    sign_in = client.sign_in

    def sign_in_alone(user):
        session.refresh(user)  # read now what would be read while the other session writes
        session.commit()
        sign_in(user)

    client.open, client.sign_in = ask_alone, sign_in_alone
    return client
