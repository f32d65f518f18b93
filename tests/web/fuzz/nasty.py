"""What nobody sends by accident: parts of addresses, texts, forms, bodies and headers."""

from __future__ import annotations

import string
from urllib.parse import quote, quote_plus

from hypothesis import strategies as some

TRICKS = (
    "..", "%2e%2e", "..%2f", "..%2f..%2f..%2foutside.txt", "%2e%2e%2foutside.txt", "..%5coutside.txt", "....//", "%00", "x%00.html",
    "%c0%ae%c0%ae", "%ff%fe", "%ed%a0%80", "%u002e", "%25%32%65", "//", "/etc/passwd", "%2fetc%2fpasswd", "~root", ".", "", "*",
    "CON", "a" * 300, "%f0%9f%92%83", "%e2%80%ae", "%0d%0aSet-Cookie:x=1", "-1", "0", "1", "99999999999999999999", "1e9", "%d9%a1",
    "base.css%00", "..;", "%7b%7b7*7%7d%7d", "'%20OR%201=1--", "%25n%25s", "<script>".replace("<", "%3c"), "commonbeat.sqlite3",
)  # fmt: skip
WORDS = (
    "", "\x01", "\x7f", "ſ", "\u202e", "\ufeff", "a" * 5000, "-1", "1e400", "NaN", "inf", "99999999999999999999999", "٣", "1.5", "0x10",
    "'; DROP TABLE answers; --", "<script>alert('stored')</script>", "{{7*7}}", "{% raw %}", "%s%n", "=1+1", "../../etc/passwd",
    "2026-02-30", "0000-00-00", "9999-12-31", "true", "null", "[]", "{}", "[[a]]\nb=1", "\r\n\r\n", "🕺🏽", "yes", "no", "self", "skip",
)  # fmt: skip
RAW = (
    b"%00", b"%ED%A0%80", b"%ff%fe", b"%", b"%zz", b"\x00", b"\xff\xfe\x00", b"\xed\xa0\x80", b"%F0%9F", b"+", b"&&&", b"=", b";", b"%u0041",
)  # fmt: skip
KINDS = (
    b"application/x-www-form-urlencoded", b"application/x-www-form-urlencoded; charset=utf-7", b"multipart/form-data",
    b"application/x-www-form-urlencoded; charset=\xff", b"multipart/form-data; boundary=b", b"multipart/form-data; boundary=",
    b"multipart/form-data; boundary=" + b"b" * 400, b'multipart/form-data; boundary="b"; charset=nothing', b"application/json", b"text/plain",
    b"", b"\xff", b"multipart/form-data; boundary=b; boundary=c", b"application/x-www-form-urlencoded, multipart/form-data; boundary=b",
)  # fmt: skip
NAMES = (
    b"accept-language", b"accept", b"range", b"if-none-match", b"if-modified-since", b"cookie", b"hx-request", b"hx-target", b"x-forwarded-for",
    b"x-forwarded-host", b"x-http-method-override", b"authorization", b"referer", b"user-agent", b"transfer-encoding", b"expect", b"upgrade",
    b"content-encoding", b"content-length", b"last-event-id", b"origin", b"sec-fetch-site", b"forwarded", b"x-csrf-token",
)  # fmt: skip

printed = some.text(alphabet=string.ascii_letters + string.digits + "-_.~!$&'()*+,;=:@", max_size=12)
encoded = some.text(max_size=6).map(lambda text: quote(text.encode("utf-8", "surrogatepass"), safe=""))
piece = some.one_of(some.sampled_from(TRICKS), printed, encoded)
words = some.one_of(some.sampled_from(WORDS), some.text(max_size=20))
encoded_words = words.map(lambda text: quote_plus(text.encode("utf-8", "surrogatepass")).encode())
value = some.one_of(encoded_words, some.sampled_from(RAW))
header_value = some.one_of(
    some.sampled_from(
        [
            b"",
            b"*",
            b"bytes=0-",
            b"bytes=9-1",
            b"bytes=0-0,5-9,-1",
            b"null",
            b"es;q=x,en;;",
            b"a" * 4000,
            b"commonbeat-8000=",
        ]
    ),
    some.binary(max_size=12).map(lambda text: bytes(each for each in text if each not in b"\r\n\x00")),
)
headers = some.lists(some.tuples(some.sampled_from(NAMES), header_value), max_size=4)


def forms(names: list[str]) -> some.SearchStrategy[bytes]:
    """Bodies of forms with these names and others, as they are and damaged."""
    name = some.one_of(some.sampled_from(names).map(lambda text: quote_plus(text).encode()), value)
    pair = some.tuples(name, value).map(b"=".join)
    return some.lists(pair, max_size=8).map(b"&".join)


def parts(names: list[str]) -> some.SearchStrategy[bytes]:
    """Bodies of several parts with the boundary b, some with a file, some that never end."""
    named = some.one_of(some.sampled_from(names).map(lambda text: text.encode()), some.sampled_from(RAW))
    file = some.sampled_from(
        [
            b"",
            b'; filename="x.csv"',
            b'; filename="../../x"',
            b'; filename="x\x00.csv"',
            b"; filename*=UTF-8''%ff",
            b'; filename="',
        ]
    )
    content = some.one_of(
        some.sampled_from(RAW), some.binary(max_size=40), words.map(lambda text: text.encode("utf-8", "surrogatepass"))
    )
    made = some.tuples(named, file, content).map(
        lambda each: b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % each
    )
    return some.tuples(
        some.lists(made, max_size=4).map(b"".join), some.sampled_from([b"--b--\r\n", b"", b"--b", b"--c--"])
    ).map(b"".join)
