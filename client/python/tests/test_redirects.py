import io

import pytest
import requests
from signet_mlflow.sigv4 import SigV4Auth

PRESIGNED = "/bucket/a%2Fb%20c?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=abc%2Bd&response-content-disposition=a+b"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_presigned_url_is_fetched_without_a_signature(gateway, store, status):
    gateway.answers["/artifacts/model"] = (status, {"Location": store.url + PRESIGNED}, b"")
    answer = requests.get(f"{gateway.url}/artifacts/model", auth=SigV4Auth())
    assert (answer.status_code, answer.text) == (200, "from the store")
    assert store.requests[0].target == PRESIGNED


@pytest.mark.parametrize("status", [307, 308])
def test_a_file_is_sent_once_more_to_a_presigned_url(gateway, store, status):
    gateway.answers["/artifacts/model"] = (status, {"Location": store.url + "/bucket/key?X-Amz-Signature=abc"}, b"")
    file = io.BytesIO(b"skipped" + b"file" * 1000)
    file.seek(7)
    answer = requests.put(f"{gateway.url}/artifacts/model", data=file, auth=SigV4Auth())
    assert (answer.status_code, answer.content) == (200, b"file" * 1000)


def test_a_file_that_requests_does_not_know_to_rewind(gateway, store):
    class Reader:
        """Has no `__iter__`, and requests only remembers where iterable files stood."""

        def __init__(self, content):
            file = io.BytesIO(content)
            self.read, self.seek, self.tell = file.read, file.seek, file.tell

    gateway.answers["/a"] = (307, {"Location": store.url + "/k"}, b"")
    answer = requests.put(f"{gateway.url}/a", data=Reader(b"file"), auth=SigV4Auth(), timeout=10)
    assert (answer.status_code, answer.content) == (200, b"file")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("absolute", [True, False])
def test_within_the_origin_the_next_request_is_signed_anew(gateway, status, absolute):
    location = (gateway.url if absolute else "") + "/new place/x?filter=name='a+b'&k=2&k=1"
    gateway.answers["/old"] = (status, {"Location": location}, b"")
    for send in ({"json": {"a": 1}}, {"data": io.BytesIO(b"file")}, {}):
        gateway.requests.clear()
        answer = requests.post(f"{gateway.url}/old", auth=SigV4Auth(), **send)
        assert (answer.status_code, answer.text) == (200, "{}")
        first, second = gateway.requests
        assert second.target == "/new%20place/x?filter=name%3D%27a%20b%27&k=2&k=1"
        kept = status in (307, 308)
        assert (second.method, second.body) == (("POST", first.body) if kept else ("GET", b""))
        assert first.headers["authorization"] != second.headers["authorization"]


def test_several_redirects(gateway, store):
    gateway.answers["/1"] = (302, {"Location": "/2"}, b"")
    gateway.answers["/2"] = (307, {"Location": store.url}, b"")
    answer = requests.get(f"{gateway.url}/1", auth=SigV4Auth())
    assert (answer.status_code, answer.text, len(answer.history)) == (200, "from the store", 2)


def test_what_left_the_origin_is_not_signed_when_sent_back(gateway, store):
    gateway.answers["/1"] = (302, {"Location": store.url}, b"")
    store.answer = lambda request: (302, {"Location": f"{gateway.url}/2"}, b"")
    answer = requests.get(f"{gateway.url}/1", auth=SigV4Auth())
    assert (answer.status_code, answer.json()) == (403, {"message": "no signature"})


def test_a_redirect_that_is_not_followed(gateway, store):
    gateway.answers["/1"] = (307, {"Location": store.url}, b"")
    answer = requests.get(f"{gateway.url}/1", auth=SigV4Auth(), allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (307, store.url)
