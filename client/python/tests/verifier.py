"""Verifies Signature Version 4 as AWS documents it, from nothing but what arrived over the network.

Written from "Create a signed AWS API request" of the IAM user guide, and shares no code with what it verifies.
"""

import datetime
import hashlib
import hmac
import re

UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})"
)


def uri_encode(octets):
    return "".join(chr(octet) if octet in UNRESERVED else f"%{octet:02X}" for octet in octets)


def decode(text):
    """Undoes %XX. A `+` is a plus sign here: only forms know it as a space."""
    octets, rest = bytearray(), text.encode("latin-1")
    while rest:
        if rest[:1] == b"%":
            octets.append(int(rest[1:3], 16))
            rest = rest[3:]
        else:
            octets.append(rest[0])
            rest = rest[1:]
    return bytes(octets)


def canonical_path(path):
    """Encoded twice, as for every service but S3."""
    segments = []
    for segment in path.split("/"):
        if segment == "..":
            segments = segments[:-1]
        elif segment not in ("", "."):
            segments.append(uri_encode(uri_encode(decode(segment)).encode()))
    return "/" + "/".join(segments) + ("/" if path.endswith("/") and segments else "")


def canonical_query(query):
    pairs = []
    for pair in query.split("&") if query else []:
        key, _, value = pair.partition("=")
        pairs.append((uri_encode(decode(key)), uri_encode(decode(value))))
    return "&".join(f"{key}={value}" for key, value in sorted(pairs))


def signature(method, target, headers, signed, payload, secret, stamp, region, service):
    path, _, query = target.partition("?")
    lines = [f"{name}:{' '.join(headers[name].split())}" for name in signed]
    canonical = "\n".join([method, canonical_path(path), canonical_query(query), *lines, "", ";".join(signed), payload])
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{secret}".encode()
    for part in (stamp[:8], region, service, "aws4_request", to_sign):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key.hex()


def fault(request, secrets, region, service="execute-api"):
    """What is wrong with a request, or None. `secrets` has secret key and session token (or None) of each access key."""
    headers = request.headers
    match = AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if not match:
        return "no signature"
    access_key, day, said_region, said_service, names, given = match.groups()
    if access_key not in secrets:
        return "unknown access key"
    secret, token = secrets[access_key]
    if (said_region, said_service) != (region, service):
        return f"signed for {said_service} in {said_region}"
    if headers.get("x-amz-security-token") != token:
        return "another session token"
    stamp = headers.get("x-amz-date", "")
    then = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    if abs((datetime.datetime.now(datetime.timezone.utc) - then).total_seconds()) > 300 or day != stamp[:8]:
        return "another time"
    signed = names.split(";")
    must = {name for name in headers if name.startswith("x-amz-") or name in ("host", "content-type")}
    if signed != sorted(signed) or not must <= set(signed):
        return f"headers that are not signed: {must - set(signed)}"
    payload = hashlib.sha256(request.body).hexdigest()
    if headers.get("x-amz-content-sha256") != payload:
        return "another body"
    if signature(request.method, request.target, headers, signed, payload, secret, stamp, region, service) != given:
        return "another signature"
    return None
