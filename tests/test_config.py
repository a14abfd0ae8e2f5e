import pytest

from plugin.config import ConfigurationError, load_settings

KEY = "k3VhvLxHiUTPeuNnxs2oBBcIwoQLsf0QHxyjFaNMd_o="
COMPLETE = {
    "DRCHRONO_CLIENT_ID": "id",
    "DRCHRONO_CLIENT_SECRET": "secret",
    "PUBLIC_URL": "https://chartside.example.com/",
    "SECRET_KEY": "s" * 32,
    "ENCRYPTION_KEYS": KEY,
}


def load(**changes: str):
    return load_settings({**COMPLETE, **changes}, "/instance")


def test_one_message_names_every_missing_variable():
    with pytest.raises(ConfigurationError) as caught:
        load_settings({}, "/instance")
    assert all(name in str(caught.value) for name in COMPLETE)


def test_missing_and_malformed_variables_are_named_together():
    with pytest.raises(ConfigurationError) as caught:
        load(SECRET_KEY="short", DRCHRONO_HOURLY_LIMIT="many", DRCHRONO_CLIENT_ID=" ")
    for name in ("SECRET_KEY", "DRCHRONO_HOURLY_LIMIT", "DRCHRONO_CLIENT_ID"):
        assert name in str(caught.value)


def test_the_message_never_shows_a_secret():
    with pytest.raises(ConfigurationError) as caught:
        load(SECRET_KEY="tooshortbutsecret", ENCRYPTION_KEYS="not-a-key-but-secret")
    assert "tooshortbutsecret" not in str(caught.value)
    assert "not-a-key-but-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PUBLIC_URL", "chartside.example.com"),
        ("PUBLIC_URL", "ftp://chartside.example.com"),
        ("PUBLIC_URL", "https://chartside.example.com/?a=1"),
        ("PUBLIC_URL", "https://chartside.example.com:port"),
        ("DRCHRONO_BASE_URL", "//app.drchrono.com"),
        ("DRCHRONO_BURST_LIMIT", "0"),
        ("DRCHRONO_API_VERSION", "v4\r\nX: y"),
        ("UPSTREAM_TIMEOUT_SECONDS", "7.1"),
        ("UPSTREAM_TIMEOUT_SECONDS", "0.9"),
        ("UPSTREAM_TIMEOUT_SECONDS", "nan"),
        ("LAUNCH_LEEWAY_SECONDS", "-1"),
        ("DATABASE_URL", "mysql://host/db"),
        ("ENCRYPTION_KEYS", KEY + ",short"),
        ("ENCRYPTION_KEYS", KEY + ","),
        ("FRAME_ANCESTORS", "https://a.example; script-src *"),
        ("TRUSTED_PROXIES", "one"),
        ("PORT", "http"),
        ("PORT", "65536"),
        ("WEB_CONCURRENCY", "0"),
    ],
)
def test_a_malformed_variable_stops_the_start(name, text):
    with pytest.raises(ConfigurationError, match=name):
        load(**{name: text})


def test_defaults_are_those_of_the_interface():
    settings = load()
    assert settings.base_url == "https://app.drchrono.com"
    assert (settings.hourly_limit, settings.burst_limit) == (500, 9)
    assert settings.frame_ancestors == ("https://*.drchrono.com",)
    assert (settings.launch_leeway_seconds, settings.launch_max_age_seconds) == (60, 900)
    assert (settings.chart_ttl_minutes, settings.retention_days) == (60, 1)
    assert settings.database_url == "sqlite:////instance/chartside.db"
    assert settings.webhook_secret is None and settings.metrics_token is None


def test_the_redirect_uri_has_no_doubled_slash():
    assert load().redirect_uri == "https://chartside.example.com/onboarding/callback"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_is_accepted(scheme):
    assert load(DATABASE_URL=f"{scheme}://u:p@host/db").database_url == "postgresql+psycopg://u:p@host/db"


def test_all_encryption_keys_are_read_in_order():
    other = "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI="
    keys = load(ENCRYPTION_KEYS=f"{KEY}, {other}").encryption_keys
    assert len(keys) == 2 and keys[1] == b"B" * 32
