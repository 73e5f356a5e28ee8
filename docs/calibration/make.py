"""Makes the evidence of the shipped calibration files anew; run it as a module: python -m docs.calibration.make."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from criteria import store
from docs.calibration.screens import Screen
from registry.documents.paper import Paper

PLACE = store.folder_of("vcsc-2026") / "calibration"
MADE_UP = "Tài liệu dựng để chấm thử; sản phẩm, công ty và phòng thử nghiệm không có thật. / Made up for calibration."
GREEN, BLUE, PLUM = "#2c6e49", "#27548a", "#6b3f69"


def _paper(title: str, english: str, day: datetime) -> Paper:
    page = Paper(title, MADE_UP, day)
    page.say(title, 16, bold=True)
    page.say(english, 10, faded=True)
    page.space(3)
    return page


def blocking_report() -> bytes:
    """What the maker of Little Window measured itself."""
    page = _paper(
        "Báo cáo tự thử: chặn và vượt qua", "Own test report: blocking and bypass", datetime(2026, 7, 20, tzinfo=UTC)
    )
    page.facts(
        [
            ("Sản phẩm / Product", "Cửa Sổ Nhỏ 3.2 (Android 14, iOS 18)"),
            ("Người thử / Tester", "Nhóm chất lượng của Hiên Nhà / the maker’s own quality team"),
            ("Ngày thử / Tested", "06–17/07/2026, hồ sơ trẻ 7–11 tuổi / profile for ages 7–11"),
            (
                "Danh sách / List",
                "Danh sách thử của Câu lạc bộ, bản tháng 7 năm 2026 / the club’s test list, July 2026",
            ),
            (
                "Cách làm / Method",
                "Mở từng trang hai lần trên hai máy, cách nhau một ngày. Tính là chặn khi cả bốn lần đều chặn. / Each page was opened twice on two phones, a day apart; blocked means blocked all four times.",
            ),
        ]
    )
    page.space(4)
    page.say("Bảng 1. Chặn đúng và chặn nhầm / Table 1. Blocked rightly and wrongly", 11, bold=True)
    page.listing(
        ["Danh sách / List", "Số trang / Pages", "Bị chặn / Blocked", "Tỷ lệ / Share"],
        [
            ["Trang người lớn / adult pages", "500", "481", "96,2%"],
            ["Trang dành cho trẻ / child-friendly pages", "500", "4", "0,8%"],
        ],
        (70, 32, 32, 32),
    )
    page.say(
        "Chặn nhầm / wrongly blocked: thư viện trường, hai trang bài tập sinh học, một trang sức khỏe tuổi dậy thì (a school library, two biology exercises, a page on health in puberty).",
        8,
    )
    page.space(4)
    page.say("Bảng 2. Các cách vượt qua đã thử / Table 2. Ways round that were tried", 11, bold=True)
    ways = [
        ("VPN", "chặn / blocked"),
        ("Proxy trên trang / web proxy", "chặn / blocked"),
        ("Cửa sổ riêng tư / private window", "chặn / blocked"),
        ("Trình duyệt khác / other browser", "chặn / blocked"),
        ("Đổi giờ máy / change the clock", "chặn / blocked"),
        ("Gỡ ứng dụng / uninstall", "chặn, hỏi mật khẩu cha mẹ / blocked, asks for the parent’s password"),
        ("Buộc dừng / force stop", "chặn, tự chạy lại sau 4 giây / blocked, restarts after 4 s"),
        ("Khởi động an toàn / safe mode", "chặn / blocked"),
        ("Người dùng khách (Android) / guest user", "KHÔNG lọc trang nào / NOTHING is filtered"),
    ]
    page.listing(["Cách / Way", "Kết quả / Result"], ways, (70, 100))
    return bytes(page.output())


def privacy_policy() -> bytes:
    """A good table of data, and one sentence about selling."""
    page = _paper("Chính sách quyền riêng tư (trích)", "Privacy policy (excerpt)", datetime(2026, 6, 15, tzinfo=UTC))
    page.say("3. Dữ liệu chúng tôi xử lý / Data we process", 11, bold=True)
    page.listing(
        ["Mục / Item", "Mục đích / Purpose", "Nơi lưu / Place", "Xóa / Deleted", "Chức năng / Function"],
        [
            [
                "Email của cha mẹ / parent’s email",
                "Đăng nhập / sign-in",
                "Hà Nội",
                "Khi xóa tài khoản / with the account",
                "Tài khoản / account",
            ],
            [
                "Tên gọi, tuổi của con / child’s nickname, age",
                "Chọn hồ sơ / choose profile",
                "Hà Nội",
                "Khi xóa hồ sơ / with the profile",
                "Hồ sơ theo tuổi / age profile",
            ],
            [
                "Trang đã mở / pages opened",
                "Cho cha mẹ xem / shown to parents",
                "Hà Nội",
                "Sau 14 ngày / after 14 days",
                "Lịch sử / history",
            ],
            [
                "Giờ dùng từng ứng dụng / time per app",
                "Đặt giờ / limits",
                "Trên máy / on the phone",
                "Sau 30 ngày / after 30 days",
                "Giờ dùng máy / screen time",
            ],
            [
                "Mã thiết bị / device id",
                "Giữ phiên / keep the session",
                "Hà Nội",
                "Khi gỡ / on removal",
                "Đồng bộ / sync",
            ],
        ],
        (40, 38, 26, 36, 34),
    )
    page.say("Bảng 1. Ngoài các mục trên, chúng tôi không giữ gì. / Table 1. We keep nothing else.", 8)
    page.space(4)
    page.say("4. Cam kết / Promise", 11, bold=True)
    page.say("Chúng tôi không bán dữ liệu của trẻ. / We do not sell children’s data.", 10)
    return bytes(page.output())


def account_report() -> bytes:
    """An independent report whose scope is narrow."""
    page = _paper("Báo cáo thử nghiệm độc lập", "Independent test report", datetime(2026, 5, 28, tzinfo=UTC))
    page.facts(
        [
            (
                "Đơn vị thử / Laboratory",
                "Phòng thử nghiệm Bến Sông (không có thật), phạm vi công nhận: an toàn ứng dụng di động / made up; accredited for mobile application security",
            ),
            ("Sản phẩm / Product", "Cửa Sổ Nhỏ 3.2"),
            ("Thời gian / Period", "11–22/05/2026"),
            (
                "Phạm vi / Scope",
                "CHỈ đăng nhập và tài khoản cha mẹ. Không gồm bộ lọc trên máy của con và máy chủ. / ONLY sign-in and the parent’s account. The filter on the child’s phone and the server are out of scope.",
            ),
        ]
    )
    page.space(4)
    page.listing(
        ["Thử / Test", "Kết quả / Result"],
        [
            [
                "Mã dùng một lần khi đăng nhập máy mới / one-time code on a new phone",
                "đạt, 20/20 lần / passed, 20 of 20",
            ],
            ["Khóa sau 5 lần sai / lockout after 5 tries", "đạt, khóa 15 phút / passed, 15 minutes"],
            ["Danh sách phiên, đăng xuất từ xa / session list, remote sign-out", "đạt / passed"],
            ["Khôi phục bằng mã in sẵn, báo qua email / recovery by printed codes, told by email", "đạt / passed"],
            ["Đoán mã, phát lại phiên / guessing codes, replaying sessions", "không thành / failed to break in"],
        ],
        (110, 62),
    )
    page.space(3)
    page.say(
        "Lỗ hổng còn mở / Open findings: 0 nghiêm trọng, 0 cao, 1 trung bình (thông báo lỗi cho biết email có tồn tại). / 0 critical, 0 high, 1 medium (an error message tells whether an email exists).",
        9,
    )
    return bytes(page.output())


def update_log() -> bytes:
    """Six updates in five months."""
    rows = [
        "ngày / date,phiên bản danh sách / list,số mục đổi / changed,ghi chú / note",
        "2026-03-02,2026.03.1,1204,",
        "2026-03-30,2026.03.2,988,cách lần trước 28 ngày / 28 days after the last",
        "2026-04-18,2026.04.1,1533,19",
        "2026-05-22,2026.05.1,2410,34",
        "2026-06-20,2026.06.1,1102,29",
        "2026-07-18,2026.07.1,1377,28",
        "2026-08-01,,,ngày cập nhật chưa hiện trong ứng dụng / users do not see the date yet",
        "# dữ liệu dựng để chấm thử / made up for calibration,,,",
    ]
    return ("\ufeff" + "\n".join(rows) + "\n").encode()


def request_log() -> bytes:
    """Twelve requests about data, most of them answered late."""
    rows = ["mã / id,loại / kind,nhận / received,trả lời / answered,ngày làm việc / working days,kết quả / result"]
    told = [
        ("xem / see", "2026-04-02", "2026-04-03", 1, "đã gửi / sent"),
        ("xóa / erase", "2026-04-06", "2026-04-16", 8, "từ chối, không nêu lý do / turned down, no reason"),
        ("tải về / export", "2026-04-13", "2026-04-20", 5, "đã gửi / sent"),
        ("sửa / correct", "2026-04-20", "2026-04-22", 2, "đã sửa / corrected"),
        ("xóa / erase", "2026-05-04", "2026-05-14", 8, "đã xóa / erased"),
        ("xem / see", "2026-05-07", "2026-05-14", 5, "đã gửi / sent"),
        ("xóa / erase", "2026-05-11", "2026-05-20", 7, "từ chối, không nêu lý do / turned down, no reason"),
        ("tải về / export", "2026-05-18", "2026-05-25", 5, "đã gửi / sent"),
        ("xóa / erase", "2026-06-01", "2026-06-22", 15, "từ chối, không nêu lý do / turned down, no reason"),
        ("xem / see", "2026-06-03", "2026-06-09", 4, "đã gửi / sent"),
        ("sửa / correct", "2026-06-08", "2026-06-15", 5, "đã sửa / corrected"),
        ("xóa / erase", "2026-06-15", "2026-06-23", 6, "đã xóa / erased"),
    ]
    rows += [f"YC-{number:02}," + ",".join(f'"{cell}"' for cell in one) for number, one in enumerate(told, 1)]
    rows.append("# cách gửi duy nhất: thư của cha mẹ; dữ liệu dựng / only by the parent’s letter; made up,,,,,")
    return ("\ufeff" + "\n".join(rows) + "\n").encode()


def manual() -> bytes:
    """Two pages of the watch's manual."""
    page = _paper(
        "Sổ tay Đồng hồ Sẻ Con (trích)",
        "Manual of the Little Sparrow Watch (excerpt)",
        datetime(2026, 4, 10, tzinfo=UTC),
    )
    page.facts(
        [
            (
                "Làm được / Functions",
                "Gọi và nhắn thoại với người trong danh bạ, xem vị trí, giờ học, một trò chơi xếp hình / calls and voice messages with contacts, location, school time, one puzzle game",
            ),
            ("Cho ai / For whom", "Trẻ 6–11 tuổi / ages 6–11"),
            (
                "Máy dùng được / Devices",
                "Đồng hồ SC-1, ứng dụng cha mẹ trên Android 10, iOS 15 trở lên / watch SC-1, parents’ app on Android 10, iOS 15 or later",
            ),
            ("Bản / Version", "1.4, tháng 4 năm 2026"),
            (
                "Giới hạn đã biết / Known limits",
                "1. Trong nhà, vị trí lệch tới 30 m. 2. Hết pin thì không gọi được. 3. Không dùng được ở nơi không có sóng 4G. 4. Không chống nước khi bơi. / Indoors the location is up to 30 m off; no calls when the battery is empty; no use without 4G; not for swimming.",
            ),
        ]
    )
    page.space(3)
    page.say("Xem vị trí / Seeing the location", 11, bold=True)
    page.say(
        "Mở ứng dụng, chạm vào bản đồ. Vị trí được làm mới khi bạn kéo xuống. / Open the app and touch the map. Pull down to refresh the location.",
        10,
    )
    page.space(3)
    page.say("Giờ học và trò chơi / School time and game", 11, bold=True)
    page.say(
        "Trong giờ học đồng hồ chỉ hiện giờ. Trò chơi tự dừng sau 10 phút, nhắc con nhìn ra xa và đứng dậy, và mở lại sau 30 phút. Chúng tôi không có video và không phát nối: trẻ nhỏ khó tự dừng, nên máy phải có chỗ dừng. / In school time the watch only tells the time. The game stops after 10 minutes, reminds the child to look away and stand up, and opens again after 30. There is no video and nothing plays on: small children find it hard to stop, so the device has to.",
        10,
    )
    page.add_page()
    page.say("Trang dành cho con / A page for you", 14, bold=True)
    page.say(
        "Đồng hồ biết con ở đâu khi bố mẹ mở bản đồ.\nBố mẹ nghe được tin nhắn con gửi cho bố mẹ.\nKhông ai khác nghe được.\nCon không thích thì nói với bố mẹ: tắt được.\n\nThe watch knows where you are when your parents open the map.\nYour parents hear the messages you send them. Nobody else does.\nIf you do not like it, tell them: it can be switched off.",
        12,
    )
    return bytes(page.output())


def strangers_report() -> bytes:
    """An independent report on strangers who try to reach the child."""
    page = _paper(
        "Báo cáo thử nghiệm độc lập: chặn người lạ",
        "Independent test report: strangers",
        datetime(2026, 6, 2, tzinfo=UTC),
    )
    page.facts(
        [
            (
                "Đơn vị thử / Laboratory",
                "Phòng thử nghiệm Cầu Tre (không có thật), phạm vi công nhận: thiết bị kết nối / made up; accredited for connected devices",
            ),
            ("Sản phẩm / Product", "Đồng hồ Sẻ Con 1.4, cài đặt ban đầu / factory settings"),
            ("Thời gian / Period", "18–29/05/2026"),
        ]
    )
    page.space(4)
    page.listing(
        ["Cách thử / Attempt", "Số lần / Times", "Qua được / Got through"],
        [
            ["Gọi từ số lạ / call from an unknown number", "20", "0"],
            ["Nhắn thoại từ tài khoản lạ / voice message from an unknown account", "15", "0"],
            ["Xin kết bạn, theo dõi / asking to follow", "10", "0 (10 chờ cha mẹ duyệt / waited for the parent)"],
            ["Gửi quà trong trò chơi / gifts in the game", "5", "0 (không có chức năng / no such function)"],
            ["Dò vị trí bằng mã đồng hồ / locating by the watch’s code", "10", "0"],
        ],
        (96, 26, 50),
    )
    page.space(3)
    page.say(
        "Tổng cộng 60 lần, không lần nào qua. Liên hệ mới chỉ dùng được sau khi cha mẹ bấm duyệt. / 60 attempts, none got through. A new contact works only after a parent approves.",
        10,
    )
    return bytes(page.output())


def store_page() -> bytes:
    """The advert that promises too much."""
    page = Screen("Cửa Sổ Nhỏ", "Little Window · Hiên Nhà", GREEN, 520)
    page.say("An toàn tuyệt đối cho con bạn!", "Absolute safety for your child!", 26, bold=True)
    page.say("Chặn 100% nội dung xấu.", "Blocks 100% of bad content.", bold=True)
    page.say("Được các chuyên gia hàng đầu tin dùng.", "Trusted by leading experts.")
    page.say("Cha mẹ không phải lo gì nữa.", "Parents have nothing to worry about any more.")
    page.button("Cài đặt / Install")
    return page.png()


def categories() -> bytes:
    """Nine categories, each with its switch."""
    page = Screen("Hồ sơ của Bi, 9 tuổi", "Profile of Bi, age 9", GREEN, 830)
    names = [
        ("Khiêu dâm", "Pornography"),
        ("Bạo lực", "Violence"),
        ("Tự hại", "Self-harm"),
        ("Ma túy", "Drugs"),
        ("Cờ bạc", "Gambling"),
        ("Thù ghét", "Hate"),
        ("Lừa đảo", "Fraud"),
        ("Mã độc", "Malware"),
        ("Rượu bia", "Alcohol"),
    ]
    for name, english in names:
        page.switch(name, english, on=name != "Rượu bia")
    return page.png()


def ticked_consent() -> bytes:
    """Three boxes that were ticked beforehand."""
    page = Screen("Bắt đầu dùng", "Getting started", GREEN, 560)
    page.say("Bước 2/3: Đồng ý", "Step 2 of 3: Consent", bold=True)
    page.tick("Lọc trang và gửi tin khuyến mãi", "Filter pages and send offers", ticked=True)
    page.tick("Cho cha mẹ xem lịch sử trang của con", "Show parents the child’s history", ticked=True)
    page.tick("Chia sẻ cho đối tác để cải tiến", "Share with partners for improvement", ticked=True)
    page.say("Muốn rút lại, gửi thư về trụ sở công ty.", "To withdraw, send a letter to the head office.", 16)
    page.button("Tiếp tục / Continue")
    return page.png()


def blocked_page() -> bytes:
    """What the child reads."""
    page = Screen("Cửa Sổ Nhỏ đang bật", "Little Window is on", GREEN, 440)
    page.say("Trang này bị chặn vì nói về cờ bạc.", "This page is blocked: it is about gambling.", bold=True)
    page.say("Bố mẹ đã chọn chặn nhóm này cho con.", "Your parents chose to block this kind.")
    page.button("Xin bố mẹ xem lại / Ask for a review")
    page.button("Quay lại / Go back", line=True)
    return page.png()


def good_consent() -> bytes:
    """Nothing is ticked, and the child is asked too."""
    page = Screen("Đồng ý của cha mẹ", "The parent’s consent", BLUE, 800)
    page.say(
        "Chọn từng việc. Không chọn vẫn dùng được phần còn lại.", "Choose each by itself; the rest works without.", 16
    )
    page.tick("Gọi và nhắn thoại", "Calls and voice messages", ticked=False)
    page.tick("Xem vị trí của con", "See the child’s location", ticked=False)
    page.say("Tắt lại: Cài đặt › Đồng ý (hai lần chạm).", "To withdraw: Settings › Consent (two taps).", 16)
    page.rule()
    page.say("Hỏi con", "Asking the child", 22, bold=True)
    page.say("Đồng hồ biết con ở đâu khi bố mẹ mở bản đồ.", "The watch knows where you are.", 18)
    page.say("Con không thích thì nói với bố mẹ: tắt được.", "If you do not like it, tell them.", 18)
    page.button("Con đồng ý / I agree")
    page.button("Con chưa muốn / Not now", line=True)
    return page.png()


def school_time() -> bytes:
    """Schedules, and a screen that is not in Vietnamese."""
    page = Screen("Giờ học", "School time (parents’ app)", BLUE, 740)
    page.switch("Thứ hai–thứ sáu, 7:00–16:30", "Monday to Friday")
    page.switch("Giờ ngủ, 21:00–6:00", "Sleep, every day")
    page.switch("Chủ nhật", "Sunday", on=False)
    page.say("Đang có hiệu lực: Giờ học, đến 16:30", "In force now: school time, until 16:30", bold=True)
    page.rule()
    page.say("Trên đồng hồ của con:", "On the child’s watch:", 16)
    page.watch(["Settings", "Giờ học", "Âm lượng", "Pin 64%"], "Màn hình cài đặt\nThe settings screen")
    return page.png()


def help_steps() -> bytes:
    """Four steps to a number that is not 111."""
    page = Screen("Các bước đến phần trợ giúp", "The steps to help", PLUM, 1010)
    page.watch(
        ["Trang chính", "Gọi", "Trò chơi", "Settings"], "Bước 1: vuốt, chạm Settings\nStep 1: swipe, touch Settings"
    )
    page.watch(["Settings", "Âm lượng", "Emergency", "Giới thiệu"], "Bước 2: chạm Emergency\nStep 2: touch Emergency")
    page.watch(["Emergency", "Giữ 5 giây…"], "Bước 3: giữ 5 giây\nStep 3: hold for 5 seconds")
    page.watch(
        ["Gọi hãng", "Ngõ Nhỏ", "1900 xxxx"],
        "Bước 4: gọi số của hãng\nStep 4: call the company\n(không có số nào khác)\n(there is no other number)",
    )
    page.say("Gọi 111: “Số không có trong danh bạ.”", "Calling 111: “Number not in contacts.”", bold=True)
    return page.png()


EXHIBITS: dict[str, Callable[[], bytes]] = {
    "cua-so-nho/bao-cao-thu-chan.pdf": blocking_report,
    "cua-so-nho/chinh-sach-rieng-tu.pdf": privacy_policy,
    "cua-so-nho/bao-cao-doc-lap-tai-khoan.pdf": account_report,
    "cua-so-nho/nhat-ky-cap-nhat.csv": update_log,
    "cua-so-nho/quang-cao-kho-ung-dung.png": store_page,
    "cua-so-nho/man-hinh-nhom-chan.png": categories,
    "cua-so-nho/man-hinh-dong-y.png": ticked_consent,
    "cua-so-nho/man-hinh-bi-chan.png": blocked_page,
    "dong-ho-se-con/so-tay-huong-dan.pdf": manual,
    "dong-ho-se-con/bao-cao-doc-lap-nguoi-la.pdf": strangers_report,
    "dong-ho-se-con/man-hinh-dong-y.png": good_consent,
    "dong-ho-se-con/man-hinh-gio-hoc.png": school_time,
    "dong-ho-se-con/man-hinh-tro-giup.png": help_steps,
    "dong-ho-se-con/nhat-ky-yeu-cau.csv": request_log,
}


def main(place: Path = PLACE) -> None:
    """Write every piece."""
    for name, make in EXHIBITS.items():
        (place / name).write_bytes(make())


if __name__ == "__main__":
    main()
