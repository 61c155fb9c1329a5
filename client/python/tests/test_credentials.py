import datetime
import json
import os
import sys

import pytest
import requests
from botocore.credentials import RefreshableCredentials
from botocore.exceptions import ClientError, MetadataRetrievalError
from conftest import KEY, REGION, SECRET
from signet_mlflow.provider import SigV4AuthProvider
from signet_mlflow.sigv4 import SigningError, SigV4Auth


def status(gateway, auth):
    return requests.get(gateway.url, auth=auth).status_code


def signed_for(url, auth=None):
    return requests.Request("GET", url, auth=auth or SigV4Auth()).prepare().headers["Authorization"].split("/")[2]


class FakeSession:
    def __init__(self, credentials):
        self.credentials = credentials

    def get_credentials(self):
        if isinstance(self.credentials, Exception):
            raise self.credentials
        return self.credentials

    def get_config_variable(self, name):
        return None


def test_credentials_that_expire_are_renewed_between_requests(gateway):
    issued = []

    def expiring(minutes):
        number = len(issued)
        issued.append(number)
        key, secret, token = f"ASIA{number}", f"secret{number}", f"token{number}"
        gateway.secrets = {key: (secret, token)}
        expires = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=minutes)
        return {"access_key": key, "secret_key": secret, "token": token, "expiry_time": expires.isoformat()}

    credentials = RefreshableCredentials.create_from_metadata(expiring(60), lambda: expiring(60), "fake")
    auth = SigV4Auth(FakeSession(credentials))
    assert [status(gateway, auth), status(gateway, auth), len(issued)] == [200, 200, 1]
    credentials._expiry_time -= datetime.timedelta(minutes=61)
    assert [status(gateway, auth), status(gateway, auth), len(issued)] == [200, 200, 2]
    assert gateway.requests[-1].headers["x-amz-security-token"] == "token1"


def test_keys_of_a_user_have_no_session_token(gateway, monkeypatch):
    monkeypatch.delenv("AWS_SESSION_TOKEN")
    gateway.secrets = {KEY: (SECRET, None)}
    assert status(gateway, SigV4Auth()) == 200
    assert "x-amz-security-token" not in gateway.requests[0].headers


def test_a_changed_environment_counts(gateway, monkeypatch):
    auth = SigV4AuthProvider().get_auth()
    assert status(gateway, auth) == 200
    gateway.secrets = {"AKIDNEW": ("new secret", "new token")}
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDNEW")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "new secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "new token")
    assert status(gateway, auth) == 200


def profile(monkeypatch, script):
    """A profile whose credentials come from a process."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_PROFILE", "team")
    config = os.environ["AWS_CONFIG_FILE"]
    with open(f"{config}.py", "w") as file:
        file.write(script)
    with open(config, "w") as file:
        file.write(f"[profile team]\nregion = {REGION}\ncredential_process = '{sys.executable}' '{config}.py'\n")


def test_the_credentials_and_the_region_of_a_profile(gateway, monkeypatch):
    said = {"Version": 1, "AccessKeyId": "AKIDPROFILE", "SecretAccessKey": "of the profile"}
    profile(monkeypatch, f"print({json.dumps(said)!r})")
    monkeypatch.delenv("SIGNET_AWS_REGION")
    gateway.secrets = {"AKIDPROFILE": ("of the profile", None)}
    assert status(gateway, SigV4Auth()) == 200


def refusal(gateway, auth):
    with pytest.raises(SigningError) as caught:
        requests.get(gateway.url, auth=auth)
    assert caught.value.__cause__ is None and caught.value.__suppress_context__ is True
    assert gateway.requests == []
    return str(caught.value)


def test_a_process_that_fails_is_not_quoted(gateway, monkeypatch):
    profile(monkeypatch, "import sys; sys.exit('s3cr3t in a trace')")
    text = refusal(gateway, SigV4Auth())
    assert "custom-process" in text and "s3cr3t" not in text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ClientError({"Error": {"Code": "SignatureDoesNotMatch", "Message": "s3cr3t"}}, "AssumeRole"), "AssumeRole"),
        (MetadataRetrievalError(error_msg="s3cr3t"), "MetadataRetrievalError"),
        (ValueError("s3cr3t"), "ValueError"),
    ],
)
def test_errors_of_the_chain_are_named_without_what_they_quote(gateway, error, said):
    text = refusal(gateway, SigV4Auth(FakeSession(error)))
    assert said in text and "s3cr3t" not in text


def test_a_profile_that_is_missing_is_named(gateway, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert "nobody" in refusal(gateway, SigV4Auth())


def test_half_a_key_and_none(gateway, monkeypatch):
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert "AWS_SECRET_ACCESS_KEY" in refusal(gateway, SigV4Auth())
    with pytest.raises(SigningError, match="No AWS credentials were found"):
        requests.get(gateway.url, auth=SigV4Auth(FakeSession(None)))


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("abc123.execute-api.us-west-2.amazonaws.com", "us-west-2"),
        ("abc123-vpce-0f1.execute-api.us-west-2.amazonaws.com", "us-west-2"),
        ("vpce-0f1-a.execute-api.us-west-2.vpce.amazonaws.com", "us-west-2"),
        ("abc123.execute-api.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("ABC123.Execute-API.eu-central-1.API.aws", "eu-central-1"),
        ("abc123.execute-api.us-west-2.amazonaws.com.example.org", "ap-south-1"),
        ("models.example.org", "ap-south-1"),
    ],
)
def test_the_region_is_read_from_the_host(monkeypatch, host, region):
    monkeypatch.delenv("SIGNET_AWS_REGION")
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    assert signed_for(f"https://{host}/x") == region


def test_where_the_region_comes_from_in_turn(monkeypatch):
    url, custom = "https://abc.execute-api.us-west-2.amazonaws.com/", "https://models.example.org/"
    monkeypatch.setenv("AWS_DEFAULT_REGION", "r-default")
    monkeypatch.setenv("AWS_REGION", "r-aws")
    assert [signed_for(url, SigV4Auth(region="r-given")), signed_for(url)] == ["r-given", REGION]
    monkeypatch.delenv("SIGNET_AWS_REGION")
    assert [signed_for(url), signed_for(custom)] == ["us-west-2", "r-aws"]
    monkeypatch.delenv("AWS_REGION")
    assert signed_for(custom) == "r-default"
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with pytest.raises(SigningError, match="region of models.example.org is not known.*SIGNET_AWS_REGION"):
        signed_for(custom)
    monkeypatch.setenv("SIGNET_AWS_REGION", "EU west")
    with pytest.raises(SigningError, match="'EU west' is not the name"):
        signed_for(custom)


def test_the_provider_keeps_one_signer():
    provider = SigV4AuthProvider()
    assert provider.get_name() == "signet-sigv4"
    assert provider.get_auth() is provider.get_auth()
