"""The verifier itself, by the examples that AWS publishes. What it is used for is worth no more than it is."""

import hashlib

from conftest import SECRET
from verifier import canonical_path, canonical_query, signature

EMPTY = hashlib.sha256(b"").hexdigest()
STAMP = "20150830T123600Z"


def test_the_first_case_of_the_published_suite():
    headers = {"host": "example.amazonaws.com", "x-amz-date": STAMP}
    assert signature("GET", "/", headers, sorted(headers), EMPTY, SECRET, STAMP, "us-east-1", "service") == (
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    )


def test_the_example_of_the_user_guide():
    headers = {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "host": "iam.amazonaws.com",
        "x-amz-date": STAMP,
    }
    target = "/?Action=ListUsers&Version=2010-05-08"
    assert signature("GET", target, headers, sorted(headers), EMPTY, SECRET, STAMP, "us-east-1", "iam") == (
        "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"
    )


def test_paths_and_queries():
    assert canonical_path("/a%20b/./c/../d%2Fe/") == "/a%2520b/d%252Fe/"
    assert canonical_query("b=2&a=%E1%88%B4&b=1&c") == "a=%E1%88%B4&b=1&b=2&c="
    assert canonical_query("a=1+2") == "a=1%2B2"
