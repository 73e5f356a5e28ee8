"""The public words for "certified" and its kin: one setting, two sets, both languages.

Whether the club may say "chứng nhận" is for its lawyer, so no page types these words: a template writes
`{{ _('Kiểm tra %(certificate)s', **w) }}`. Sentences are written so that both sets fit.
"""

from collections.abc import Mapping

SETS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "A": {
        "vi": {
            "certificate": "giấy chứng nhận",
            "certificates": "giấy chứng nhận",
            "certified": "được chứng nhận",
            "certification": "chứng nhận",
            "renewal": "chứng nhận lại",
            "mark": "dấu chứng nhận",
            "marks": "dấu chứng nhận",
        },
        "en": {
            "certificate": "certificate",
            "certificates": "certificates",
            "certified": "certified",
            "certification": "certification",
            "renewal": "renewal",
            "mark": "mark",
            "marks": "marks",
        },
    },
    "B": {
        "vi": {
            "certificate": "giấy xác nhận kết quả đánh giá",
            "certificates": "giấy xác nhận kết quả đánh giá",
            "certified": "được xác nhận đạt",
            "certification": "xác nhận kết quả đánh giá",
            "renewal": "đánh giá lại",
            "mark": "dấu kết quả đánh giá",
            "marks": "dấu kết quả đánh giá",
        },
        "en": {
            "certificate": "statement of result",
            "certificates": "statements of result",
            "certified": "found to meet the criteria",
            "certification": "confirmation of result",
            "renewal": "renewal",
            "mark": "result mark",
            "marks": "result marks",
        },
    },
}


def words(set_name: str, language: str) -> dict[str, str]:
    """The words of a set ("A" or "B") in a language ("vi" or "en"); an unknown name is a KeyError."""
    return dict(SETS[set_name][language])
