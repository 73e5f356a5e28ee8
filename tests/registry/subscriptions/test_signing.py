"""Signatures as the Standard Webhooks specification has them."""

import re

from registry.subscriptions import signing


def test_the_published_example():
    """The vector of the specification's own libraries."""
    signed = signing.headers(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert signed == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_secrets_are_new_each_time():
    found = {signing.new_secret() for _ in range(20)}
    assert len(found) == 20
    assert all(re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", one) for one in found)
