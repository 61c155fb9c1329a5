"""AWS Signature Version 4 for requests, out of botocore's signer and botocore's credential chain."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

import botocore.auth
import botocore.awsrequest
import botocore.session
from botocore.exceptions import (
    ClientError,
    ConfigNotFound,
    ConfigParseError,
    CredentialRetrievalError,
    HTTPClientError,
    InvalidConfigError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
from requests.auth import AuthBase
from requests.exceptions import RequestException
from requests.sessions import SessionRedirectMixin
from requests.utils import requote_uri

SERVICE = "execute-api"
PAYLOAD_HEADER = "X-Amz-Content-SHA256"
SIGNATURE_HEADERS = ("Authorization", "X-Amz-Date", "X-Amz-Security-Token", PAYLOAD_HEADER)
# A proxy may change headers under way, and a signature over one of those would break. Signed is what says how the body
# is to be read and whose registry is meant; the host is always.
SIGNED_HEADERS = re.compile(r"content-type|x-amz-.*|x-mlflow-.*|x-signet-.*")
GATEWAY_HOST = re.compile(
    r"[^.]+\.execute-api\.(?P<region>[a-z0-9-]+)(?:\.vpce)?\.(?:amazonaws\.com(?:\.cn)?|api\.aws)"
)
# What botocore says in these names profiles, files and settings, and what to do. Others repeat what a server or a process
# answered, which may contain credentials.
HARMLESS_ERRORS = (
    ConfigNotFound,
    ConfigParseError,
    HTTPClientError,
    InvalidConfigError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
EMPTY_SHA256 = hashlib.sha256().hexdigest()
CHUNK = 1024 * 1024
DEFAULT_PORTS = {"http": 80, "https": 443}


class SigningError(RequestException):
    """A request was not sent because it cannot be signed. The message never contains credentials."""


class SigV4Auth(AuthBase):
    """Signs requests for an API behind IAM: `requests.get(url, auth=SigV4Auth())`.

    One object may be shared by threads. Redirects to another origin are followed without a signature, those to the same
    origin with a new one.

    Args:
        session: a botocore session, or anything with its `get_credentials` and `get_config_variable`. By default one is
            made, and made anew when a variable AWS_* of the environment has changed.
        region: overrides all other sources of the region.
    """

    def __init__(self, session=None, region=None):
        self._given_session = session
        self._region = region
        self._own_session = None
        self._environment = None
        self._lock = threading.Lock()

    def __call__(self, request):
        request.url = canonical_url(request.url)
        self._sign(request, settle_body(request))
        request.register_hook("response", self._redirected)
        return request

    def _sign(self, request, payload_sha256):
        for name in SIGNATURE_HEADERS:
            request.headers.pop(name, None)
        signed = {
            name: value.decode("latin-1") if isinstance(value, bytes) else value
            for name, value in request.headers.items()
            if name.lower() == "host" or SIGNED_HEADERS.fullmatch(name.lower())
        }
        signed[PAYLOAD_HEADER] = payload_sha256
        with self._lock:
            session = self._session()
            region = self._region_for(request.url, session)
            credentials = current_credentials(session)
        aws_request = botocore.awsrequest.AWSRequest(method=request.method, url=request.url, headers=signed)
        botocore.auth.SigV4Auth(credentials, SERVICE, region).add_auth(aws_request)
        for name in SIGNATURE_HEADERS:
            if name in aws_request.headers:
                request.headers[name] = aws_request.headers[name]

    def _session(self):
        if self._given_session is not None:
            return self._given_session
        environment = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
        # Notebooks set AWS_PROFILE or new temporary keys in a running process and expect them to count.
        if self._own_session is None or environment != self._environment:
            self._own_session = botocore.session.Session()
            self._environment = environment
        return self._own_session

    def _region_for(self, url, session):
        host = urlsplit(url).hostname or ""
        of_gateway = GATEWAY_HOST.fullmatch(host)
        region = (
            self._region
            or os.environ.get("SIGNET_AWS_REGION")
            or (of_gateway and of_gateway["region"])
            or os.environ.get("AWS_REGION")
            or os.environ.get("AWS_DEFAULT_REGION")
            or _told(lambda: session.get_config_variable("region"))
        )
        if not region:
            raise SigningError(
                f"The AWS region of {host} is not known, because its name does not tell. Set SIGNET_AWS_REGION "
                "(or AWS_REGION, or a region in the AWS profile)."
            )
        if not re.fullmatch(r"[a-z0-9-]+", region):
            raise SigningError(f"{region!r} is not the name of an AWS region.")
        return region

    def _redirected(self, response, **_):
        """Prepares the request that requests will derive from this one.

        requests calls no auth again when it follows a redirect: it copies the headers, and removes none but
        Authorization. S3 refuses a presigned URL that comes with a second signature, and a signature in headers is for
        one URL only. This hook runs before the copy is made, so what it leaves in the headers is what is sent next.
        """
        request = response.request
        location = SessionRedirectMixin().get_redirect_target(response)
        if location is None or not _is_signed(request):
            return
        target = urljoin(request.url, requote_uri(location))
        payload_sha256 = request.headers[PAYLOAD_HEADER]
        for name in SIGNATURE_HEADERS:
            request.headers.pop(name, None)
        if origin(target) != origin(request.url):
            return
        following = request.copy()
        following.url = response.headers["Location"] = canonical_url(target)
        SessionRedirectMixin().rebuild_method(following, response)
        if response.status_code not in (307, 308):
            # requests sends the request on without its body.
            payload_sha256 = EMPTY_SHA256
            following.headers.pop("Content-Type", None)
        self._sign(following, payload_sha256)
        for name in SIGNATURE_HEADERS:
            if name in following.headers:
                request.headers[name] = following.headers[name]


def canonical_url(url):
    """The URL written in the only way that every reader of it canonicalises to the same text.

    AWS computes the signature over %-encoded octets, all but the unreserved characters encoded. requests writes a space
    in a query as `+`, and lets `'`, `(` and others pass.
    """
    parts = urlsplit(url)
    path = "/".join(_encoded(unquote_to_bytes(segment)) for segment in parts.path.split("/"))
    pairs = [pair.partition("=") for pair in parts.query.replace("+", " ").split("&") if pair]
    query = "&".join(f"{_encoded(unquote_to_bytes(key))}={_encoded(unquote_to_bytes(value))}" for key, _, value in pairs)
    return urlunsplit((parts.scheme, parts.netloc, path or "/", query, ""))


def settle_body(request):
    """The SHA-256 of the body in hexadecimal; afterwards the body is what that was computed of.

    Files are read in chunks, from where they stand, and put back there.

    Raises:
        SigningError: for bodies that can be read only once, and for files opened as text.
    """
    body = request.body
    if isinstance(body, str):
        # What http.client would make of it depends on the version of urllib3.
        body = body.encode("utf-8")
    elif isinstance(body, (bytearray, memoryview)):
        body = bytes(body)
    if body is None or isinstance(body, bytes):
        digest, empty = hashlib.sha256(body or b"").hexdigest(), not body
    else:
        digest, empty = _file_sha256(request, body)
    if empty:
        # requests announces an empty file as one of unknown length, sent in chunks.
        body = request._body_position = None
        request.headers.pop("Transfer-Encoding", None)
    request.body = body
    return digest


def _file_sha256(request, file):
    digest, empty = hashlib.sha256(), True
    try:
        start = file.tell()
        file.seek(start)
        read = file.read
    except (AttributeError, OSError):
        raise SigningError(
            f"A body of type {type(file).__name__} cannot be signed, because it can be read only once: its SHA-256 has "
            "to be known before it is sent. Give bytes, or a file opened with mode 'rb'."
        ) from None
    while True:
        chunk = read(CHUNK)
        if not chunk:
            break
        if not isinstance(chunk, bytes):
            raise SigningError("A file opened as text cannot be signed. Open it with mode 'rb'.")
        empty = False
        digest.update(chunk)
    file.seek(start)
    # Where requests and urllib3 begin again when the body has to be sent a second time.
    request._body_position = start
    return digest.hexdigest(), empty


def current_credentials(session):
    """The credentials of a session, renewed if they are about to expire.

    Raises:
        SigningError: if there are none, or they cannot be had. Neither the output of a credential process nor the text of
            an answer of AWS is repeated, because both may contain credentials.
    """
    credentials = _told(session.get_credentials)
    frozen = credentials and _told(credentials.get_frozen_credentials)
    if not frozen or not frozen.access_key or not frozen.secret_key:
        raise SigningError(
            "No AWS credentials were found. Set AWS_PROFILE, log in, or give the machine a role; "
            "`aws sts get-caller-identity` has to succeed."
        )
    return frozen


def _told(ask):
    try:
        return ask()
    except CredentialRetrievalError as error:
        reason = f"the credential provider {error.kwargs.get('provider')!r} failed"
    except ClientError as error:
        reason = f"{error.operation_name} was answered with {error.response.get('Error', {}).get('Code')}"
    except HARMLESS_ERRORS as error:
        reason = str(error)
    except Exception as error:
        reason = type(error).__name__
    raise SigningError(f"The AWS settings or credentials cannot be loaded: {reason}") from None


def origin(url):
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)


def _is_signed(request):
    value = request.headers.get("Authorization", "")
    return isinstance(value, str) and value.startswith("AWS4-HMAC-SHA256 ") and PAYLOAD_HEADER in request.headers


def _encoded(octets):
    return quote(octets, safe="-_.~")
