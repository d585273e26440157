"""Texts, days, times and amounts that something once went wrong with."""
import datetime

SCRIPTS = [
    "Siti Nurhaliza", "Zoë Ångström", "Łukasz Żółć", "Đặng Thị Hồng", "İstanbul ıŞğ", "ÇA ÉTÉ",
    "Ελένη Παπαδοπούλου", "Мария Шарапова", "საქართველო", "Հայաստան", "עברית שלום",
    "محمد العربي", "فارسی می‌خواهم", "हिन्दी क्षत्रिय", "தமிழ்", "ไทยแลนด์", "ລາວ", "မြန်မာ",
    "ខ្មែរ", "አማርኛ", "ꦗꦮ", "中文名字", "日本語テスト", "ｶﾀｶﾅ", "한국어", "한국어", "𠜎𠜱𠝹", "𝔉𝔯𝔞𝔨𝔱𝔲𝔯",
    "👩‍👩‍👧‍👦 👍🏽", "🇮🇩", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "é e\u0301 ǆ ﬁ ß ſ K",
]
INVISIBLE = [
    "\u00a0", "\u200b", "\u200e\u202eabc\u202c", "\ufeff", "\u2028", "\u2029", "\u0085",
    "\u00ad", "\ufffd", "\ufffe", "\uffff", "\ue000", "\U0010ffff", "\U0001fffe", "\u0300",
    "\u0080", "\u009f",
]
CONTROLS = ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x0e", "\x1b[31m", "\x1f", "\x7f"]
LINES = [
    "\n", "\r", "\r\n", "\n\n", "\t", "a\nb", "a\rb", "a\r\nb", "\na", "a\n", "\ra", "a\r",
    "\ta", "a\t", " \n ", "a\tb",
]
BLANKS = [" ", "  ", " a", "a ", "  a  b  ", "a\u00a0"]
QUOTES = [
    '"', '""', '"a"', 'a"b', "'", "''", "'a", '",', '";"', '"\n"', "`", "“a”", ",", ";", "|",
    ",,", "a,b", "a;b", "a|b",
]
FORMULAS = [
    "=1+1", "=HYPERLINK(\"http://a.example\",\"b\")", "+1+1", "-1+1", "@SUM(1)", "\t=1+1",
    "\r=1+1", "\n=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", "=", "@", "%1", " =1+1", "'=1+1",
    "=cmd|' /C calc'!A0", "＋62 812",
]
PHONES = [
    "+62 812-3456-7890", "+6281234567890", "081234567890", "(021) 555-1234", "+62.812.345", "-",
    "+", "--", "+-5", "-5", "- 5", "-12.50", "++62 812", "+62 812 ext 5", "+(62)", "-.5", "+٦٢",
]
ESCAPES = [
    "_x0041_", "_x000D_", "_x000d_", "_x005F_", "_x005F_x0041_", "_X0041_", "_x0041", "x0041_",
    "_x004_", "_x00411_", "__x0041__", "_x_x0041_", "_xD83D_", "_x0000_", "_x0041\x01",
    "_x0041\ufffe", "x005F_", "_x0041_x0042_",
]
NUMBERS = [
    "0", "00123", "-0", "1e5", "1E400", "12345678901234567890", "1,234.50", "1.234,50", "3/4",
    "2025-01-01", "01/02/2025", "12:30", "TRUE", "false", "NaN", "Inf", "0x1F", "1 000", "½",
    "١٢٣",
]
WORDS = ["N/A", "NULL", "null", "all", "None", "#REF!", "#N/A", "undefined", "[object Object]"]
MARKUP = [
    "<b>&amp;</b>", "]]>", "<![CDATA[x]]>", "&#13;", "&", "<", ">", "a & b < c > d", "&lt;",
    "<?xml?>", "<t xml:space=\"preserve\">", "&nbsp;",
]
SQL = [
    "'; DROP TABLE users; --", "\\", "\\'", "a\\", "\\0", "\\n", "%", "_", "%s", "?",
    "{full_name}", "{}", "${x}", "$1", "/* */",
]

# bytes that are no UTF-8, kept as Python keeps those of file names
BROKEN = [
    made.decode("utf-8", "surrogateescape") for made in (
        b"\xff", b"caf\xe9", b"Jos\xe9 \x93Pepe\x94", b"\xc3", b"\xc0\xaf", b"\xed\xa0\x80",
        b"\xe2\x82", b"\xf0\x9f\x98", b"\xf4\x90\x80\x80", b"\x80", b"=\xff", b"\xef\xbb",
        b"a\xe2\x28\xa1,", b"\xfe\x00", b"\xc3\"", b"\xe2\n")]

ALL = [
    SCRIPTS, INVISIBLE, CONTROLS, LINES, BLANKS, QUOTES, FORMULAS, PHONES, ESCAPES, NUMBERS,
    WORDS, MARKUP, SQL,
]
PLAIN = [
    "Budi", "Dewi", "Andi Wijaya", "Universitas Indonesia", "Jakarta", "Bandung", "a", "B", "ab",
    "Ab", "AB", "M", "XL", "Indonesia", "indonesia", "INDONESIA",
]

DAYS = [
    "0001-01-01", "0999-12-31", "1582-10-10", "1899-12-31", "1900-01-01", "1900-02-28",
    "1900-03-01", "1970-01-01", "1999-12-31", "2000-02-29", "2038-01-19", "2100-02-28",
    "9999-12-31",
]
# days that a calendar has not, and MariaDB has
PARTIAL_DAYS = ["2025-00-10", "2025-02-00", "2024-00-00", "0000-05-10"]
HOURS = ["00:00:00", "00:00:01", "12:00:00", "13:37:59", "23:59:59", "03:14:08"]
ZERO_DAY, ZERO_MOMENT = "0000-00-00", "0000-00-00 00:00:00"

AMOUNTS = [
    "0.00", "0.01", "-0.01", "1.00", "1.10", "10.05", "99.99", "150000.00", "150000.50",
    "1234567.89", "-5.00", "-99999.99", "9999999999999.99", "-9999999999999.99",
    "4503599627370.49", "0.10", "0.20", "0.30", "100.00",
]


def is_day(text):
    """Whether a calendar has this day."""
    try:
        return bool(datetime.date.fromisoformat(text))
    except ValueError:
        return False


def text(rng, most, is_broken=False):
    """A text of at most @most characters."""
    kind = rng.random()
    if is_broken and kind < 0.4:
        return (rng.choice(["", *PLAIN]) + rng.choice(BROKEN) + rng.choice(["", *PLAIN]))[:most]
    if kind < 0.35:
        made = rng.choice(PLAIN)
    elif kind < 0.80:
        made = rng.choice(rng.choice(ALL))
    elif kind < 0.97:
        pieces = (rng.choice(rng.choice(ALL + [PLAIN])) for _ in range(rng.randint(2, 5)))
        made = rng.choice(["", "", " ", "\n"]).join(pieces)
    elif kind < 0.98:
        made = ""
    else:
        made = (rng.choice(rng.choice(ALL + [PLAIN])) + "x") * most
    made = made[:most]
    # where texts differ by NULs at their ends alone, MariaDB's order hangs on the way it sorts
    return made[:-1] + "." if made.endswith("\x00") else made


def text_or_null(rng, most, is_broken=False):
    roll = rng.random()
    return None if roll < 0.12 else "" if roll < 0.18 else text(rng, most, is_broken)


def broken(rng, word):
    """@word as somebody typed it: another case, or blanks."""
    return rng.choice([word.upper(), word.lower(), word.title(), word.swapcase(), word + " ",
                       " " + word, word + "\t", word + "\u00a0", word[:-1],
                       word[:1] + "\x00" + word[1:]])


def long_text(rng):
    """Longer than a cell of a spreadsheet, which holds 32,767 UTF-16 units."""
    base = rng.choice(["Lorem ipsum dolor sit amet. ", "今日は。", "👍🏽 ", "a\nb\r\n", "<&>\"'",
                       "\x01_x0041_"])
    return (base * 40000)[:rng.choice([32766, 32767, 32768, 33000, 40000, 65600])]
