"""Nasty addresses, bodies and headers, as everybody: the app refuses them in its own words, or takes them for what they are."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.web.fuzz import nasty
from tests.web.fuzz.raw import FORM, ORIGIN, Answer
from tests.web.fuzz.world import NOBODY, SCRIPT, VISITORS, World, open_to

BOUNDED = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
FIELD = re.compile(r'name="([^"<>]{1,80})"')


def sound(answer: Answer) -> bool:
    """Not broken, and nothing of the machine in it. 503 is a store that is busy."""
    broken = (answer.status >= 500 and answer.status != 503) or answer.status == 422
    return (
        not broken
        and "Traceback" not in answer.text
        and "root:x:0" not in answer.text
        and "nobody's business" not in answer.text
    )


@pytest.fixture(scope="session")
def beginnings(world: World) -> list[str]:
    """How addresses of the app begin, up to each parameter."""
    found = {path.partition("{")[0] for path, _ in world.routes()}
    return sorted(found | {world.address(path, route) + "/" for path, route in world.routes() if "{" in path})


@pytest.fixture(scope="session")
def fields(world: World) -> list[str]:
    """The names of the fields in all forms that an owner sees."""
    found = {
        "doing",
        "page",
        "wave",
        "key",
        "agreed",
        "language",
        "audience",
        "contact",
        "code",
        "next",
        "name",
        "password",
    }
    for path, route in world.routes():
        if "GET" in (route.methods or ()) and not path.endswith("/events"):
            found.update(FIELD.findall(world.ask("owner", "GET", world.address(path, route)).text))
    return sorted(found)


def test_addresses(world: World, beginnings: list[str]) -> None:
    query = some.one_of(some.just(""), some.lists(nasty.piece, max_size=2).map(lambda each: "?" + "&".join(each)))

    @BOUNDED
    @given(some.sampled_from(VISITORS), some.sampled_from(beginnings), some.lists(nasty.piece, max_size=3), query)
    def asked(visitor: str, beginning: str, pieces: list[str], asked_for: str) -> None:
        target = beginning + "/".join(pieces) + asked_for
        answer = world.ask(visitor, "GET", target.encode("ascii", "ignore") or b"/")
        assert sound(answer), (visitor, target, answer.status, answer.text[:300])

    asked()


def test_each_parameter(world: World) -> None:
    # The same tricks where each address has its parameters, for everybody whom it lets that far.
    wrong = []
    for path, route in world.routes():
        holes = re.findall(r"\{[^}]*\}", path)
        if not holes:
            continue
        visitor = NOBODY if open_to(route) == "all" else "owner"
        method = "GET" if "GET" in (route.methods or ()) else "POST"
        for hole in holes:
            for trick in nasty.TRICKS[::2]:  # the other half comes with test_addresses
                target = world.address(path.replace(hole, trick.replace("{", "%7b")), route)
                answer = world.ask(visitor, method, target, [FORM] if method == "POST" else [], csrf=visitor == "owner")
                if not sound(answer):
                    wrong.append((method, target, answer.status, answer.text[:200]))
    assert wrong == []


# A file in a body that ends too soon is closed by Starlette's reader when nobody holds it any more, which Python remarks on.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_forms_of_the_team(world: World, fields: list[str]) -> None:
    posts = [
        (path, route) for path, route in world.routes() if "POST" in (route.methods or ()) and open_to(route) != "all"
    ]
    body = some.one_of(
        some.tuples(some.just(FORM[1]), nasty.forms(fields)),
        some.tuples(some.just(b"multipart/form-data; boundary=b"), nasty.parts(fields)),
        some.tuples(
            some.sampled_from(nasty.KINDS),
            some.one_of(nasty.forms(fields), nasty.parts(fields), some.binary(max_size=60)),
        ),
    )

    @settings(BOUNDED, max_examples=150)
    @given(some.sampled_from(posts), body)
    def sent(where: tuple, what: tuple[bytes, bytes]) -> None:
        kind, content = what
        answer = world.ask("owner", "POST", world.address(*where), [(b"content-type", kind)], content, csrf=True)
        assert sound(answer), (where[0], what, answer.status, answer.text[:600])

    sent()


def test_forms_of_those_who_answer(world: World, fields: list[str]) -> None:
    tokens = world.tokens
    doing = some.sampled_from(
        [b"answers", b"consent", b"language", b"audience", b"contact", b"begin", b"stop", b"x"]
    ).map(lambda each: b"doing=" + each)
    where = [
        *(f"/r/{tokens[name]}" for name in ("begun", "new", "finished", "open")),
        f"/k/{tokens['kiosk']}",
        f"/k/{tokens['kiosk']}/{tokens['begun']}",
        f"/offline/{tokens['offline']}",
        "/withdraw",
        "/login",
    ]
    key = some.sampled_from([b"key=" + b"k" * 22, b"key=", b"key=%00", b"x=1"])
    place = some.sampled_from(
        [
            b"wave=there&page=enjoyment",
            b"wave=first&page=consent&agreed=yes",
            b"wave=&page=",
            b"wave=there&page=consent&agreed=no",
        ]
    )

    @settings(BOUNDED, max_examples=150)
    @given(
        some.sampled_from(where),
        some.tuples(doing, key, place, nasty.forms(fields)).map(b"&".join),
        some.sampled_from(nasty.KINDS[:3]),
    )
    def sent(address: str, content: bytes, kind: bytes) -> None:
        answer = world.ask(NOBODY, "POST", address, [ORIGIN, (b"content-type", kind)], content)
        assert sound(answer), (address, content, answer.status, answer.text[:600])

    sent()


def test_what_the_offline_file_sends(world: World) -> None:
    leaf = some.one_of(
        some.none(),
        some.booleans(),
        some.integers(),
        some.floats(),
        some.text(max_size=8),
        some.sampled_from(nasty.WORDS),
    )
    name = some.sampled_from(
        [
            "format",
            "study",
            "responses",
            "key",
            "audience",
            "language",
            "withdrawal_code",
            "pages",
            "wave",
            "page",
            "agreed",
            "by",
            "answers",
            "x",
        ]
    )
    tree = some.recursive(
        leaf,
        lambda inner: some.one_of(some.lists(inner, max_size=3), some.dictionaries(name, inner, max_size=6)),
        max_leaves=14,
    )
    import json

    body = some.one_of(
        tree.map(lambda each: json.dumps(each).encode()),
        some.binary(max_size=40),
        some.sampled_from([b"[" * 9000, b'{"a":' * 9000, b"1e999", b'"\\ud800"', b'"\\u0000"']),
    )
    whole = some.dictionaries(name, tree, max_size=6).map(
        lambda each: json.dumps(
            {"format": 1, "study": "those-present", "responses": [{"key": "k" * 22, **each}]}
        ).encode()
    )
    address = f"/offline/{world.tokens['offline']}"

    @settings(BOUNDED, max_examples=55)  # sixty may be sent at once
    @given(some.one_of(body, whole))
    def sent(content: bytes) -> None:
        answer = world.ask(NOBODY, "POST", address, [(b"origin", b"null"), (b"content-type", b"text/plain")], content)
        assert sound(answer), (content, answer.status, answer.text[:600])

    sent()


def test_headers(world: World) -> None:
    reads = [(path, route) for path, route in world.routes() if "GET" in (route.methods or ())]

    @settings(BOUNDED, max_examples=100)
    @given(some.sampled_from(VISITORS), some.sampled_from(reads), nasty.headers)
    def asked(visitor: str, where: tuple, given_headers: list[tuple[bytes, bytes]]) -> None:
        answer = world.ask(visitor, "GET", world.address(*where), given_headers)
        assert sound(answer), (visitor, where[0], given_headers, answer.status, answer.text[:300])

    asked()


@pytest.mark.parametrize(
    "host",
    [b"", b"evil.example", b"127.0.0.1:8001", b"127.0.0.1:8000.evil.example", b"evil.example:8000", b"127.0.0.1:8000@evil.example", b"[::1", b"\xff", b"localhost:x", b"0x7f.1:8000"],
)  # fmt: skip
def test_another_name_gets_nothing(world: World, host: bytes) -> None:
    for visitor in VISITORS:
        for path, route in world.routes():
            answer = world.asker.ask(
                "GET", world.address(path, route), headers=[(b"host", host), *world.cookie(visitor)]
            )
            assert answer.status == 421, (path, host)
            assert "location" not in answer.headers


def test_two_names_get_nothing(world: World) -> None:
    names = [(b"host", b"127.0.0.1:8000"), (b"host", b"evil.example")]
    assert world.asker.ask("GET", "/login", headers=names).status == 421


def test_a_link_that_nobody_made_opens_nothing(world: World) -> None:
    @BOUNDED
    @given(some.one_of(nasty.piece, some.text(alphabet="abcXYZ019-_", min_size=22, max_size=22)))
    def asked(token: str) -> None:
        token = token.encode("ascii", "ignore").decode().replace("?", "").replace("/", "") or "x"
        for address in (
            f"/r/{token}",
            f"/k/{token}",
            f"/k/{token}/{token}",
            f"/r/{token}/there/1",
            f"/r/{token}/material",
            f"/offline/{token}",
        ):
            answer = world.ask(NOBODY, "GET", address)
            # A page at a kiosk where nobody sits leads to the kiosk's start, and that is nowhere.
            led = answer.status == 303 and answer.headers["location"].startswith("/k/")
            assert answer.status == 404 or led, (address, answer.status)

    asked()


def test_too_much_is_not_read(world: World) -> None:
    # Whoever says how much it is, is refused before a byte is read; whoever does not, as soon as it is more than the limit.
    from commonbeat.web.security.bodies import limit_of

    for path, route in world.routes():
        if "POST" not in (route.methods or ()):
            continue
        address, limit = world.address(path, route), limit_of(path)
        visitor = NOBODY if open_to(route) == "all" else "owner"
        told = world.ask(
            visitor,
            "POST",
            address,
            [FORM, (b"content-length", str(limit + 1).encode())],
            b"x",
            csrf=visitor == "owner",
        )
        assert (told.status, told.taken) == (413, 0), address
        if limit > 1 << 20:
            continue  # the same code, and megabytes to send
        chunk = b"a=" + b"x" * 65534
        for kind in (FORM, (b"content-type", b"multipart/form-data; boundary=b")):
            sent = world.ask(
                visitor, "POST", address, [kind], [chunk] * (limit // len(chunk) + 20), csrf=visitor == "owner"
            )
            assert sent.status in (400, 413, 429), (address, sent.status)
            assert sent.taken <= limit + 2 * len(chunk), address


def test_a_stored_script_is_words_wherever_it_is_shown(world: World) -> None:
    # The hostile report itself is sent as it stands, under a rule that lets no script run.
    shown = 0
    for path, route in world.routes():
        if "GET" not in (route.methods or ()):
            continue
        for visitor in (NOBODY, "owner"):
            answer = world.ask(visitor, "GET", world.address(path, route))
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            script = next((rule.strip() for rule in policy.split(";") if rule.strip().startswith("script-src")), "")
            assert script in ("", "script-src 'self'"), path
            if "sandbox" in policy:
                continue
            assert "<script>alert(" not in answer.text, path
            assert "<img src=x" not in answer.text, path
            shown += "alert(&#39;stored" in answer.text
    assert "<script>" in SCRIPT
    assert shown > 0
