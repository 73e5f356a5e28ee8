"""Words by which a text may speak of a child in danger: so that somebody reads it today. Never a verdict.

It errs on the side of asking: a person looks at each text it finds, and at every other one in its turn.
"""

from assessments.folding import fold, words

_VIETNAMESE = (
    *("tự tử", "tự sát", "muốn chết", "không muốn sống", "tự làm đau", "rạch tay", "cứu em", "cứu con", "cầu cứu"),
    *("xâm hại", "hiếp", "sàm sỡ", "sờ soạng", "bắt cóc", "bỏ trốn", "bỏ nhà", "bạo hành", "đánh đập", "bị đánh"),
    *("đe dọa", "đe doạ", "dọa giết", "dọa đánh", "dọa tung", "dọa gửi", "doạ tung", "tống tiền", "giết"),
    *("đòi ảnh", "ảnh nóng", "ảnh nhạy cảm", "khỏa thân", "khoả thân", "cởi đồ", "cởi áo", "chụp ảnh cơ thể"),
    *("hẹn gặp", "rủ gặp", "đòi gặp", "sắp gặp", "đến gặp", "đến nhà", "đợi ở cổng trường", "theo dõi em"),
)
_ENGLISH = (
    *("suicide", "kill", "killed", "want to die", "hurt myself", "cut myself", "self harm", "help me"),
    *("abuse", "abused", "abusing", "rape", "raped", "molest", "molested", "groomed", "grooming", "kidnap"),
    *("naked", "nude", "nudes", "blackmail", "blackmailed", "sextortion", "threaten", "threatens", "threatened"),
    *("wants to meet", "want to meet", "asked to meet", "meet him", "meet her", "meet me", "coming to my house"),
    *("hits me", "beats me", "hurts me", "hurting me", "is being hurt"),
)


def suspects(text: str) -> bool:
    """Whether a text, in Vietnamese with or without accents or in English, has words that may speak of danger now."""
    plain = text.isascii()
    spoken = f" {' '.join(words(text))} " if plain else f" {' '.join(_typed(text))} "
    phrases = (*(fold(one) for one in _VIETNAMESE), *_ENGLISH) if plain else (*_VIETNAMESE, *_ENGLISH)
    return any(f" {one} " in spoken for one in phrases)


def _typed(text: str) -> list[str]:
    """The words as they were typed, accents and all: “từ từ” is no “tự tử”."""
    return "".join(sign if sign.isalnum() else " " for sign in text.lower()).split()
