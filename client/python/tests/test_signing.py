import io
import mmap
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from conftest import KEY, SECRET, TOKEN
from signet_mlflow.sigv4 import SigningError, SigV4Auth, canonical_url

PARAMS = [
    [("order_by", "name ASC"), ("order_by", "timestamp DESC"), ("order_by", "name ASC")],
    {"filter": "name LIKE '%a b%' AND tag.`x y` != 'it''s (1+1=2) * ~!'"},
    {"filter": "name = 'Modèle 模型 🚀'"},
    {"b": "2", "a": "1", "A": "0", "a-b": "", "a%2Fb": "a/b?c#d&e=f;g,h"},
    {},
]


@pytest.mark.parametrize("params", PARAMS)
def test_queries_are_accepted_and_mean_what_was_asked(gateway, params):
    answer = requests.get(f"{gateway.url}/api/2.0/x", params=params, auth=SigV4Auth())
    assert (answer.status_code, answer.text) == (200, "{}")
    _, _, query = gateway.requests[0].target.partition("?")
    assert "+" not in query
    pairs = params if isinstance(params, list) else list(params.items())
    got = [tuple(requests.utils.unquote(part) for part in pair.split("=")) for pair in query.split("&") if pair]
    assert got == pairs


@pytest.mark.parametrize(
    "path",
    ["/", "", "/a b/c", "/artifacts/caf%C3%A9/模型.onnx", "/a%2Fb/c%252Fd", "/(x)/it's/a:b@c/e=f;g,h/*!$&+", "/end/", "/~t/a.b-c_d"],
)
def test_paths_are_accepted(gateway, path):
    answer = requests.get(gateway.url + path, auth=SigV4Auth())
    assert (answer.status_code, answer.text) == (200, "{}")


def test_urls_are_written_in_one_way():
    url = "https://h:8443/a%2fb/it's/%7e?f=a+b%2B%27'&f=&g&&%C3%A9=%zz#part"
    once = "https://h:8443/a%2Fb/it%27s/~?f=a%20b%2B%27%27&f=&g=&%C3%A9=%25zz"
    assert canonical_url(url) == once == canonical_url(once)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
def test_methods_and_json(gateway, method):
    assert requests.request(method, gateway.url, json={"name": "é"}, auth=SigV4Auth()).status_code == 200


BODIES = {
    "bytes": (lambda: b"\x00\xff", b"\x00\xff"),
    "text": (lambda: "naïve 模型", "naïve 模型".encode()),
    "bytearray": (lambda: bytearray(b"ab"), b"ab"),
    "nothing": (lambda: None, b""),
    "no bytes": (lambda: b"", b""),
    "a form": (lambda: {"a": ["1", "2 3"]}, b"a=1&a=2+3"),
    "a buffer": (lambda: io.BytesIO(b"abc"), b"abc"),
    "an empty buffer": (lambda: io.BytesIO(b""), b""),
}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_bodies(gateway, kind, method):
    make, arrives = BODIES[kind]
    answer = requests.request(method, gateway.url, data=make(), auth=SigV4Auth())
    assert (answer.status_code, answer.text) == (200, "{}")
    assert gateway.requests[0].body == arrives
    assert gateway.requests[0].headers["content-length"] == str(len(arrives))


@pytest.fixture
def large(tmp_path):
    file = tmp_path / "model.onnx"
    file.write_bytes(os.urandom(5 * 1024 * 1024 + 17))
    return file


def test_an_open_file(gateway, large):
    with open(large, "rb") as file:
        answer = requests.put(f"{gateway.url}/artifacts/model.onnx", data=file, auth=SigV4Auth())
    assert (answer.status_code, answer.text) == (200, "{}")
    assert gateway.requests[0].body == large.read_bytes()


def test_a_file_is_sent_from_where_it_stands(gateway, large):
    with open(large, "rb") as file:
        file.seek(3_000_000)
        assert requests.put(gateway.url, data=file, auth=SigV4Auth()).status_code == 200
    assert gateway.requests[0].body == large.read_bytes()[3_000_000:]


def test_other_files(gateway, large, tmp_path):
    (tmp_path / "empty").touch()
    with open(tmp_path / "empty", "rb") as file:
        assert requests.put(gateway.url, data=file, auth=SigV4Auth()).status_code == 200
    with tempfile.SpooledTemporaryFile() as file:
        file.write(b"spooled")
        file.seek(0)
        assert requests.put(gateway.url, data=file, auth=SigV4Auth()).status_code == 200
    with open(large, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert requests.put(gateway.url, data=mapped, auth=SigV4Auth()).status_code == 200
    assert [len(request.body) for request in gateway.requests] == [0, 7, large.stat().st_size]


@pytest.mark.filterwarnings("ignore::requests.exceptions.FileModeWarning")
def test_bodies_that_can_be_read_only_once_are_refused(gateway, large):
    read_end, write_end = os.pipe()
    os.close(write_end)
    with open(read_end, "rb") as pipe:
        for body in ((chunk for chunk in [b"a"]), iter([b"a"]), pipe):
            with pytest.raises(SigningError, match="read only once"):
                requests.put(gateway.url, data=body, auth=SigV4Auth())
    with open(large, encoding="latin-1") as file, pytest.raises(SigningError, match="'rb'"):
        requests.put(gateway.url, data=file, auth=SigV4Auth())
    assert gateway.requests == []


def test_headers(gateway):
    headers = {
        "Authorization": "Bearer of-another-time",
        "X-MLFLOW-WORKSPACE": "team  a ",
        "Content-Type": b"text/plain",
        "X-Amz-Date": "19700101T000000Z",
        "X-Amz-Meta-A": "b",
    }
    assert requests.post(gateway.url, data=b"a", headers=headers, auth=SigV4Auth()).status_code == 200
    assert "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-a;x-amz-security-token;x-mlflow-workspace" in (
        gateway.requests[0].headers["authorization"]
    )


def test_the_verifier_notices_what_is_changed_under_way(gateway):
    prepared = requests.Request("POST", f"{gateway.url}/a", params={"a": "b"}, data=b"c", auth=SigV4Auth()).prepare()
    changes = {
        "url": gateway.url + "/a?a=c",
        "method": "PUT",
        "body": b"d",
        "headers": {**prepared.headers, "Content-Type": "text/html"},
    }
    for name, value in changes.items():
        changed = prepared.copy()
        setattr(changed, name, value)
        assert requests.Session().send(changed).status_code == 403, name
    assert requests.Session().send(prepared).status_code == 200


def test_threads_share_one_signer(gateway):
    auth = SigV4Auth()
    with ThreadPoolExecutor(8) as pool:
        codes = pool.map(lambda n: requests.get(f"{gateway.url}/{n}", params={"n": n}, auth=auth).status_code, range(64))
        assert set(codes) == {200}


def test_nothing_secret_is_shown(gateway):
    auth = SigV4Auth()
    prepared = requests.Request("GET", gateway.url, auth=auth).prepare()
    shown = f"{auth!r} {auth} {prepared!r} {prepared.hooks!r}"
    assert KEY not in shown and SECRET not in shown and TOKEN not in shown
