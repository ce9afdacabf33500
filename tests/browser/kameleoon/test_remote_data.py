"""Remote and local data in the emulation of Kameleoon's script."""

import pytest

from tests.browser.kameleoon.emulation import Site


def test_remote_data(site: Site) -> None:
    """One key gives its object, a list of keys gives an object of objects, in requests of 100 keys."""
    site.maps = {"COHORTS_é&1": {"vip": True}}
    site.open()
    read = "(key) => new Promise((done) => Kameleoon.API.Data.retrieveDataFromRemoteSource(key, done))"
    keys = ["COHORTS_é&1", *(f"k{number}" for number in range(150))]

    assert site.page.evaluate(read, "COHORTS_é&1") == {"vip": True}
    answer = site.page.evaluate(read, keys)
    assert (len(answer), answer["COHORTS_é&1"], answer["k149"]) == (151, {"vip": True}, {})
    assert site.page.evaluate(read, []) == {}
    assert [path for path, _, _ in site.requests if path.startswith("/map")] == ["/map/map", "/map/maps", "/map/maps"]
    assert site.requests[0][1]["siteCode"] == ["abcde12345"]


READ = "() => new Promise((done) => Kameleoon.API.Data.retrieveDataFromRemoteSource('key', done))"


@pytest.mark.parametrize("dialect", [2022, 2025, 2026])
@pytest.mark.parametrize(("status", "body"), [(500, '{"vip": true}'), (404, "{}"), (200, '"text"')])
def test_remote_data_failure(site: Site, dialect: int, status: int, body: str) -> None:
    """Section 1.2: without an object, the callback gets an empty one."""
    site.status, site.body = status, body
    site.open({"dialect": dialect})

    assert site.run(READ) == {}


@pytest.mark.parametrize("dialect", [2022, 2025, 2026])
def test_remote_data_of_null(site: Site, dialect: int) -> None:
    """Section 9.8: null reaches the callback as it is."""
    site.body = "null"
    site.open({"dialect": dialect})

    assert site.run(READ) is None


@pytest.mark.parametrize("dialect", [2022, 2025])
def test_bad_json_throws_in_the_page(site: Site, dialect: int) -> None:
    """Section 9.8: before 2026, it is an exception of the page's, and the callback never hears of it."""
    site.body = "<html>"
    site.open({"dialect": dialect})
    with site.page.expect_event("pageerror") as thrown:
        site.run("Kameleoon.API.Data.retrieveDataFromRemoteSource('key', () => { window.called = true })")

    assert thrown.value.name == "SyntaxError"
    assert site.run("window.called") is None


def test_bad_json_is_nothing_in_2026(site: Site) -> None:
    """Section 9.8: the callback gets an empty object."""
    site.body = "<html>"
    site.open()

    assert site.run(READ) == {}


def test_lists_in_2025_are_one_request(site: Site) -> None:
    """Section 9.8: requests of 100 keys came later."""
    site.open({"dialect": 2025})
    keys = [f"k{number}" for number in range(150)]
    read = "(key) => new Promise((done) => Kameleoon.API.Data.retrieveDataFromRemoteSource(key, done))"

    assert list(site.page.evaluate(read, keys)) == keys
    assert [path for path, _, _ in site.requests if path.startswith("/map")] == ["/map/maps"]


def test_remote_data_of_2022(site: Site) -> None:
    """Sections 1.2, 9.3 and 9.8: another address, the key as it stands, a list as one key with commas."""
    site.maps = {"a": {"cut": True}, "a,b": {"both": True}}
    site.open({"dialect": 2022})
    read = "(key) => new Promise((done) => Kameleoon.API.Data.retrieveDataFromRemoteSource(key, done))"

    assert site.page.evaluate(read, "a&b") == {"cut": True}
    assert site.page.evaluate(read, ["a", "b"]) == {"both": True}
    asked = [(path, query) for path, query, _ in site.requests if path == "/data"]
    assert asked == [
        ("/data", {"siteCode": ["abcde12345"], "key": ["a"]}),
        ("/data", {"siteCode": ["abcde12345"], "key": ["a,b"]}),
    ]


def test_local_data(site: Site) -> None:
    """Local data lasts an hour, persistent data a month."""
    site.open()
    site.run("Kameleoon.API.Data.writeLocalData('a', {b: 1}), Kameleoon.API.Data.writeLocalData('c', 2, true)")
    read = "['a', 'c', 'd'].map(Kameleoon.API.Data.readLocalData)"
    assert site.run(read) == [{"b": 1}, 2, None]
    site.page.clock.fast_forward("02:00:00")
    assert site.run(read) == [None, 2, None]
