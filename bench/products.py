"""Generated products: the same for the same number and seed, in any amount, with what is true of each beside its texts.

`generate(300)` gives facts alone; `bench.shelving` writes them as listings. Names and companies are invented.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product
from random import Random
from typing import Any, NamedTuple

SEED = 2026


class Feature(NamedTuple):
    """Something a product does, in the words of several vendors."""

    code: str
    categories: tuple[str, ...]
    risk: str  # what it protects from; "" for nothing
    vi: tuple[str, ...]
    en: tuple[str, ...]


FEATURES = (
    Feature(
        "adult",
        ("PC", "CF", "BR"),
        "content",
        ("Chặn trang người lớn", "Lọc nội dung khiêu dâm", "Chặn web đen trước khi con thấy", "Chặn trang xấu"),
        ("Blocks adult sites", "Filters pornography", "Blocks bad sites before a child sees them"),
    ),
    Feature(
        "violence",
        ("CF", "PC"),
        "content",
        ("Che cảnh bạo lực", "Lọc video bạo lực và tự làm đau mình"),
        ("Hides violent scenes", "Filters violence and self-harm"),
    ),
    Feature(
        "hours",
        ("PC",),
        "conduct",
        ("Đặt giờ dùng máy", "Giới hạn thời gian trên điện thoại", "Hẹn giờ tắt máy buổi tối"),
        ("Sets screen time", "Limits hours on the phone", "Switches the device off at bedtime"),
    ),
    Feature(
        "apps",
        ("PC",),
        "conduct",
        ("Chọn ứng dụng con được mở", "Khóa trò chơi theo lịch", "Chặn ứng dụng không hợp tuổi"),
        ("Chooses which apps open", "Locks games by a timetable", "Blocks apps that do not suit the age"),
    ),
    Feature(
        "place",
        ("MO", "CD"),
        "contact",
        ("Xem con đang ở đâu", "Báo khi con tới trường", "Định vị qua GPS, có vùng an toàn"),
        ("Shows where your child is", "Tells when a child reaches school", "GPS location with safe zones"),
    ),
    Feature(
        "alerts",
        ("MO",),
        "contact",
        ("Báo cho cha mẹ khi có dấu hiệu nguy hiểm", "Cảnh báo tin nhắn đáng ngờ"),
        ("Warns parents of signs of danger", "Alerts on suspicious messages"),
    ),
    Feature(
        "bullying",
        ("MO", "HM", "DL"),
        "conduct",
        ("Nhận ra lời bắt nạt trong tin nhắn", "Giúp con ứng phó khi bị bắt nạt"),
        ("Recognises bullying in messages", "Helps a child who is bullied"),
    ),
    Feature(
        "strangers",
        ("MO", "KP"),
        "contact",
        ("Chặn người lạ nhắn tin", "Chỉ bạn bè cha mẹ duyệt mới trò chuyện được"),
        ("Keeps strangers out of chats", "Only friends that parents approve can write"),
    ),
    Feature(
        "scams",
        ("CF", "BR"),
        "contract",
        ("Chặn trang lừa đảo, mã độc", "Cảnh báo đường dẫn lừa đảo"),
        ("Blocks scams and malware", "Warns of phishing links"),
    ),
    Feature(
        "spending",
        ("PC", "KP"),
        "contract",
        ("Không cho nạp tiền trong trò chơi", "Hỏi cha mẹ trước mỗi lần mua"),
        ("Stops spending in games", "Asks parents before every purchase"),
    ),
    Feature(
        "dns",
        ("CF",),
        "content",
        ("Lọc bằng DNS ngay ở bộ phát Wi-Fi", "Bảo vệ mọi máy trong mạng gia đình"),
        ("Filters by DNS at the router", "Covers every device of the home network"),
    ),
    Feature("search", ("BR",), "content", ("Kết quả tìm kiếm an toàn",), ("Safe search results",)),
    Feature("browser", ("BR",), "content", ("Trình duyệt riêng cho trẻ",), ("A browser made for children",)),
    Feature(
        "lab",
        ("CM",),
        "content",
        ("Quản lý phòng máy của trường", "Cài một lần cho mọi máy ở trường"),
        ("Manages a school’s computer room", "Set up once for every school device"),
    ),
    Feature(
        "class",
        ("CM",),
        "conduct",
        ("Thầy cô xem màn hình cả lớp", "Giúp lớp học tập trung"),
        ("Teachers see the screens of a class", "Keeps a classroom on its task"),
    ),
    Feature(
        "age",
        ("AA",),
        "",
        ("Ước lượng tuổi từ khuôn mặt, không lưu ảnh", "Xác minh tuổi bằng giấy tờ"),
        ("Estimates age from a face, keeps no picture", "Verifies age by a document"),
    ),
    Feature(
        "hashes",
        ("HM",),
        "content",
        ("So khớp mã băm với tài liệu xâm hại đã biết",),
        ("Matches hashes of known abuse material",),
    ),
    Feature(
        "moderation",
        ("HM",),
        "conduct",
        ("Kiểm duyệt ảnh và bình luận", "Chấm độ độc hại của bình luận"),
        ("Moderates pictures and comments", "Scores how toxic a comment is"),
    ),
    Feature(
        "counsel",
        ("HR",),
        "contact",
        ("Tư vấn tâm lý qua điện thoại", "Đường dây nóng cho trẻ em"),
        ("Counselling by phone", "A helpline for children"),
    ),
    Feature("report", ("HR",), "contact", ("Tiếp nhận tin báo xâm hại trẻ em",), ("Takes reports of child abuse",)),
    Feature("cartoons", ("KP",), "content", ("Phim hoạt hình chọn lọc",), ("Hand-picked cartoons",)),
    Feature("games", ("KP",), "content", ("Trò chơi học mà chơi",), ("Games to learn from",)),
    Feature(
        "books",
        ("DL",),
        "",
        ("Truyện tranh để đọc cùng con", "Kho sách đọc miễn phí"),
        ("Picture books to read together", "A library of storybooks"),
    ),
    Feature(
        "lessons",
        ("DL",),
        "contract",
        ("Bài học an toàn trên mạng", "Khóa học kỹ năng số có phiếu bài tập"),
        ("Lessons on staying safe online", "A course of digital skills with worksheets"),
    ),
    Feature(
        "speech", ("DL",), "", ("Bảng hình giúp trẻ chậm nói",), ("A picture board for children who do not speak",)
    ),
    Feature(
        "watch",
        ("CD",),
        "contact",
        ("Đồng hồ gọi hai chiều có nút SOS",),
        ("A watch with calls and an SOS button",),
    ),
    Feature("toy", ("CD",), "", ("Đồ chơi kết nối không có camera",), ("A connected toy without a camera",)),
    Feature(
        "tablet",
        ("CD",),
        "content",
        ("Máy tính bảng có chế độ trẻ em",),
        ("A tablet with a children’s mode",),
    ),
)
BY_CATEGORY = {
    code: [one for one in FEATURES if code in one.categories]
    for code in ("PC", "CF", "BR", "MO", "CM", "AA", "HM", "HR", "KP", "DL", "CD")
}
OFTEN = ("PC", "PC", "PC", "CF", "CF", "BR", "MO", "MO", "CM", "AA", "HM", "HR", "KP", "KP", "DL", "DL", "CD")
PLATFORMS = {
    "PC": ("android", "ios", "windows", "chromeos"),
    "CF": ("router_isp", "android", "windows"),
    "BR": ("android", "ios", "windows", "browser_extension"),
    "MO": ("android", "ios"),
    "CM": ("windows", "chromeos", "linux"),
    "AA": ("api", "web"),
    "HM": ("api",),
    "HR": ("phone_chat", "web"),
    "KP": ("android", "ios", "smart_tv", "console"),
    "DL": ("web", "android"),
    "CD": ("wearable_toy", "android"),
}
BANDS = ("0-6", "7-11", "12-15", "16-17")
PRICES = ("free", "free_with_paid_extras", "one_off", "subscription", "through_school_or_operator")
# fmt: off
FIRST = {
    "Đèn": "Lamp", "Tổ": "Nest", "Mái": "Roof", "Cầu": "Bridge", "Vườn": "Garden", "Trăng": "Moon",
    "Sao": "Star", "Mây": "Cloud", "Gió": "Wind", "Nắng": "Sun", "Sóng": "Wave", "Thuyền": "Boat",
    "Diều": "Kite", "Cánh": "Wing", "Lá": "Leaf", "Hạt": "Seed", "Rừng": "Forest", "Suối": "Brook",
    "Bến": "Harbour", "Khiên": "Shield", "Áo": "Coat", "Nón": "Hat", "Trống": "Drum", "Chuông": "Bell",
    "Cửa": "Door",
}
SECOND = {
    "Nhỏ": "Little", "Xanh": "Green", "Vàng": "Golden", "Ấm": "Warm", "Sáng": "Bright", "Hiền": "Gentle",
    "Lành": "Kind", "Vững": "Steady", "Đỏ": "Red", "Biếc": "Azure", "Quê": "Country", "Sớm": "Early",
    "Cao": "High", "Êm": "Soft", "An": "Safe", "Mới": "New", "Ngoan": "Good", "Tre": "Bamboo", "Sen": "Lotus",
    "Mai": "Morning",
}
# fmt: on
VENDORS = (
    *(
        "Công ty TNHH " + name
        for name in ("Bách Việt", "Lúa Mới", "Đồng Xanh", "Phương Đông Số", "Thiên Thanh", "Kim Chi Nam")
    ),
    *(
        "Công ty CP " + name
        for name in ("Hạt Nắng", "Mặt Trời Bé", "Biển Đông Tech", "Gia An", "Tân Sơn Số", "Ong Vàng")
    ),
    *("Viện Nghiên cứu Trẻ thơ", "Trung tâm Búp Măng", "Quỹ Cầu Vồng", "Hợp tác xã Số Cửu Long"),
    *("Brightnest Studio", "Kitegate Labs", "Northwind Family", "Owlwatch", "Pebble & Fern", "Harbourline Networks"),
)
SUFFIXES = ("", "", "", " Kids", " Guard", " Plus", " Gia Đình", " Học Đường")


@dataclass(frozen=True)
class Made:
    """A product with what is true of it: judged queries ask for that, and never for its texts."""

    number: int
    facts: dict[str, Any]
    vendor: str
    risks: tuple[str, ...]
    level: int
    days: int  # since its certificate began
    state: str = "active"
    features: frozenset[str] = field(default_factory=frozenset)

    @property
    def name(self) -> str:
        """Its name in Vietnamese."""
        return str(self.facts["name_vi"])


def generate(number: int, seed: int = SEED) -> list[Made]:
    """So many products; the first ones of a larger number are those of a smaller one."""
    return list(stream(number, seed))


def stream(number: int, seed: int = SEED) -> Iterator[Made]:
    """The same one after the other: a million need not be held at once."""
    chosen = Random(seed)  # noqa: S311  the same products in every run
    for place, names in enumerate(islice(_names(chosen), number)):
        yield _made(place, names, chosen)


def _names(chosen: Random) -> Iterator[tuple[str, str]]:
    """Names that nobody else has: all pairs in a random order, then the same with a number."""
    pairs = list(product(FIRST, SECOND))
    chosen.shuffle(pairs)
    turn = 1
    while True:
        for first, second in pairs:
            tail = chosen.choice(SUFFIXES) + (f" {turn}" if turn > 1 else "")
            yield f"{first} {second}{tail}", f"{SECOND[second]} {FIRST[first]}{tail}"
        turn += 1


def _made(number: int, names: tuple[str, str], chosen: Random) -> Made:
    category = chosen.choice(OFTEN)
    known = BY_CATEGORY[category]
    features = chosen.sample(known, min(len(known), chosen.choice((1, 2, 2, 3))))
    texts = [(chosen.choice(one.vi), chosen.choice(one.en)) for one in features]
    first = chosen.randrange(len(BANDS))
    facts = {
        "name_vi": names[0],
        "name_en": names[1],
        "short_vi": ", ".join(_later(vi for vi, _ in texts[:2])) + ".",
        "short_en": ", ".join(_later(en for _, en in texts[:2])) + ".",
        "description_vi": " ".join(f"{vi}." for vi, _ in texts) + " Cài trong vài phút, có hướng dẫn từng bước.",
        "description_en": " ".join(f"{en}." for _, en in texts) + " Installed in minutes, explained step by step.",
        "categories": [category],
        "platforms": chosen.sample(PLATFORMS[category], min(len(PLATFORMS[category]), chosen.choice((1, 2, 2)))),
        "ages": list(BANDS[first : first + chosen.choice((1, 2, 2, 3))]),
        "price_model": chosen.choice(PRICES),
        "languages": ["vi"] if chosen.random() < 0.5 else ["vi", "en"],
        "made_in_vietnam": chosen.choice(("yes", "yes", "partly", "no")),
        "version_date": f"2026-{chosen.randrange(1, 11):02}-{chosen.randrange(1, 28):02}",
    }
    risks = sorted({one.risk for one in features if one.risk and chosen.random() < 0.9})
    state = chosen.choice(("active",) * 17 + ("suspended", "withdrawn", "terminated"))
    codes = frozenset(one.code for one in features)
    vendor = chosen.choice(VENDORS)
    return Made(number, facts, vendor, tuple(risks), chosen.choice((1, 1, 2, 3)), chosen.randrange(400), state, codes)


def _later(texts: Iterator[str]) -> Sequence[str]:
    """Sentences as parts of one: from the second on with a small letter."""
    found = list(texts)
    return [
        text if place == 0 or text[:2].isupper() else text[0].lower() + text[1:] for place, text in enumerate(found)
    ]
