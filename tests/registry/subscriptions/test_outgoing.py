"""Messages go to public addresses only, once, to the address that was looked at, and follow nothing."""

from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest

from registry.subscriptions import outgoing
from registry.subscriptions.outgoing import Failed, Refused, Target
from tests import receiving

PRIVATE = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),  # noqa: S104  to be refused
    *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1"),
]
PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8"]
UNFIT = [
    *("http://example.com/", "ftp://example.com/", "example.com", "https://", "https:///x", "//example.com", ""),
    *("https://user@example.com/", "https://user:pass@example.com/", "https://example.com/#part"),
    *("https://example.com:22/", "https://example.com:80/", "https://example.com:99999/", "https://[::1/"),
    *("https://exa mple.com/", "https://example.com/a\nb", "https://example.com/a\tb", "https://example.com/\x00"),
    "https://example.com/" + "a" * 600,
]
AT_HOME = [
    *("https://127.0.0.1/", "https://127.0.0.1:8443/", "https://[::1]/", "https://localhost/", "https://0/"),
    *("https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/", "https://169.254.169.254/latest/meta-data"),
    *(
        "https://10.0.0.1/",
        "https://192.168.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
    ),
]


@pytest.fixture
def receiver():
    with receiving.opened() as found:
        yield found


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_told_apart(address):
    assert outgoing.is_public(ip_address(address)) is False


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address):
    assert outgoing.is_public(ip_address(address)) is True


@pytest.mark.parametrize("url", UNFIT)
def test_addresses_that_no_webhook_has(url):
    with pytest.raises(Refused):
        outgoing.checked(url)


@pytest.mark.parametrize(
    "url", ["https://example.com/", "https://example.com:8443/a?b=c", "https://xn--bcher-kva.example/"]
)
def test_addresses_that_a_webhook_has(url):
    assert outgoing.checked(url).hostname


@pytest.mark.parametrize("url", AT_HOME)
def test_nothing_goes_to_this_machine_or_this_network(url):
    with pytest.raises(Refused, match="not a public address"):
        outgoing.target(url)


def test_nothing_comes_to_a_server_at_home(receiver):
    with pytest.raises(Refused):
        outgoing.post(f"https://127.0.0.1:{receiver.port}/", b"{}", {})
    assert receiver.got == []


def test_a_name_that_is_none(receiver):
    with pytest.raises(Failed):
        outgoing.target("https://no-such-name.invalid/")


def test_what_is_sent_arrives(receiver):
    outgoing.post(receiver.url, b'{"a":1}', {"Content-Type": "application/json"}, at_home=True)
    assert [(one.path, one.body) for one in receiver.got] == [("/hook?k=1", b'{"a":1}')]
    assert receiver.got[0].headers["host"] == f"127.0.0.1:{receiver.port}"


def test_the_connection_goes_to_the_address_that_was_looked_at(receiver):
    """The name is not looked up a second time: this one leads nowhere."""
    parts = urlsplit(f"http://no-such-name.invalid:{receiver.port}/x")
    connection = outgoing._Pinned(Target(parts, receiver.port, "127.0.0.1"))
    connection.request("POST", "/x", b"", {"Host": parts.netloc})
    assert connection.getresponse().status == 204
    connection.close()
    assert receiver.got[0].headers["host"] == f"no-such-name.invalid:{receiver.port}"


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_no_redirect_is_followed(receiver, code):
    receiver.code, receiver.location = code, f"http://127.0.0.1:{receiver.port}/elsewhere"
    with pytest.raises(Failed, match=str(code)):
        outgoing.post(receiver.url, b"{}", {}, at_home=True)
    assert [one.path for one in receiver.got] == ["/hook?k=1"]


@pytest.mark.parametrize(("code", "gone"), [(400, False), (404, False), (410, True), (500, False), (503, False)])
def test_only_a_yes_is_a_yes(receiver, code, gone):
    receiver.code = code
    with pytest.raises(Failed) as failure:
        outgoing.post(receiver.url, b"{}", {}, at_home=True)
    assert failure.value.gone is gone


def test_a_slow_answer_is_cut_off(receiver, monkeypatch):
    monkeypatch.setattr(outgoing, "WHOLE", 0.4)
    receiver.drips = 20
    with pytest.raises(Failed):
        outgoing.post(receiver.url, b"{}", {}, at_home=True)


def test_nobody_there():
    with receiving.opened() as closed:
        url = closed.url
    with pytest.raises(Failed):
        outgoing.post(url, b"{}", {}, at_home=True)


def test_what_speaks_no_tls_gets_nothing(receiver):
    with pytest.raises(Failed):
        outgoing.post(receiver.url.replace("http:", "https:"), b"{}", {}, at_home=True)
    assert receiver.got == []
