import os

import pytest
from server import Gateway, Store

KEY = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2VjEXAMPLETOKEN//8="
REGION = "eu-west-1"


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    """Keys in the environment, and nothing of the machine's own AWS settings."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "SIGNET_", "MLFLOW_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_SESSION_TOKEN", TOKEN)
    monkeypatch.setenv("SIGNET_AWS_REGION", REGION)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


@pytest.fixture
def gateway():
    server = Gateway({KEY: (SECRET, TOKEN)}, REGION)
    yield server
    server.close()


@pytest.fixture
def store():
    server = Store()
    yield server
    server.close()
