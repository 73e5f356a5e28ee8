"""File names lose what deceives or breaks, and keep their Vietnamese."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.evidence.names import LONGEST, cleaned


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("Báo cáo lọc nội dung.pdf", "Báo cáo lọc nội dung.pdf"),
        (unicodedata.normalize("NFD", "Đường dẫn ế ộ.pdf"), "Đường dẫn ế ộ.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\fakepath\tệp.pdf", "tệp.pdf"),
        ("bao\u202efdp.exe", "baofdp.exe"),
        ("a\x00b\r\nc\t.pdf", "ab c.pdf"),
        ('a"b<c>:d|e?f*.pdf', "a_b_c__d_e_f_.pdf"),
        ("   .pdf  ", "pdf"),
        ("...", "tep"),
        ("", "tep"),
        ("con.pdf", "tep-con.pdf"),
        ("a  \u3000 b.pdf", "a b.pdf"),
        ("a\u200b\ufeff.pdf", "a.pdf"),
        ("x" * 300 + ".pdf", "x" * (LONGEST - 4) + ".pdf"),
    ],
)
def test_cleans(given_name: str, expected: str) -> None:
    assert cleaned(given_name) == expected


@given(st.text())
def test_whatever_comes_the_name_is_fit(name: str) -> None:
    found = cleaned(name)
    assert 0 < len(found) <= LONGEST
    assert cleaned(found) == found
    assert not set(found) & set('/\\<>:"|?*\0\n\r')
    assert not found.startswith(".")
    assert all(unicodedata.category(sign) not in {"Cc", "Cf", "Zl", "Zp"} for sign in found)
