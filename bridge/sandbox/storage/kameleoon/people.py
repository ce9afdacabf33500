"""The people of each site, and the personas that exist there. `bridge.sandbox.identity.people` says who is who."""

import json
import sqlite3
from collections.abc import Collection

from bridge.sandbox.identity.observations import Observation
from bridge.sandbox.identity.people import Device, Fact, Facts, joined, merged, trait
from bridge.sandbox.json_text import as_json
from bridge.sandbox.storage.rows import placeholders

SCHEMA = """
CREATE TABLE IF NOT EXISTS device (
    n INTEGER PRIMARY KEY, site_code TEXT NOT NULL, facts TEXT NOT NULL, user_id TEXT, used TEXT
);
CREATE INDEX IF NOT EXISTS device_user ON device (site_code, user_id);
CREATE TABLE IF NOT EXISTS device_id (
    site_code TEXT NOT NULL, id TEXT NOT NULL, device INTEGER NOT NULL, PRIMARY KEY (site_code, id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS device_id_device ON device_id (device);
CREATE TABLE IF NOT EXISTS user (
    site_code TEXT NOT NULL, id TEXT NOT NULL, facts TEXT NOT NULL, PRIMARY KEY (site_code, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS persona (
    site_code TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (site_code, name)
) WITHOUT ROWID;
"""


class PeopleTable:
    """Devices by their ids, users by theirs."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def observe(self, site_code: str, observation: Observation) -> set[str]:
        """Take in what a message says; return the ids of the people of whom something else is known now."""
        touched: set[str] = set()
        if observation.device_ids:
            touched |= self._observe_device(site_code, observation)
        if observation.user:
            touched |= self._observe_user(site_code, observation.user.value, observation.facts)
        return touched

    def facts(self, site_code: str, one_id: str) -> Facts:
        """Return what is known of the person whom an id names; of both, when it is a visitor code and a user id."""
        users = sorted({one_id, *self._users_of(site_code, [one_id])})
        marks = placeholders(users)
        known = self._db.execute(
            f"SELECT facts FROM user WHERE site_code = ? AND id IN ({marks}) UNION ALL"  # noqa: S608  # only placeholders
            f" SELECT facts FROM device WHERE site_code = ? AND user_id IN ({marks}) UNION ALL"
            " SELECT facts FROM device WHERE n = (SELECT device FROM device_id WHERE site_code = ? AND id = ?)",
            (site_code, *users, site_code, *users, site_code, one_id),
        )
        return merged(*(_facts(text) for (text,) in known))

    def learn(self, site_code: str, personas: Collection[str]) -> set[str]:
        """Take note of personas; return those that were unknown."""
        insert = "INSERT OR IGNORE INTO persona VALUES (?, ?)"
        return {name for name in personas if self._db.execute(insert, (site_code, name)).rowcount}

    def personas(self, site_code: str) -> list[str]:
        """Return the personas of a site, by name."""
        found = self._db.execute("SELECT name FROM persona WHERE site_code = ? ORDER BY name", (site_code,))
        return [name for (name,) in found]

    def with_trait(self, site_code: str, name: str) -> set[str]:
        """Return the ids of the people who have a trait."""
        having = "site_code = ? AND EXISTS (SELECT 1 FROM json_each(facts) WHERE key = ?)"
        about = (site_code, trait(name))
        devices = self._db.execute(f"SELECT n, user_id FROM device WHERE {having}", about).fetchall()  # noqa: S608
        users = self._db.execute(f"SELECT id FROM user WHERE {having}", about).fetchall()  # noqa: S608
        people = {user for (user,) in users} | {user for _, user in devices if user}
        ids = (self._ids_of_device(n) for n, _ in devices)
        return set().union(*ids, *(self._ids_of_user(site_code, user) for user in people))

    def forget(self, ids: Collection[str]) -> set[str]:
        """Forget the people whom ids name, on all sites; return all ids that they had, and those that were given."""
        marks = placeholders(ids)
        devices = self._db.execute(f"SELECT site_code, id FROM device_id WHERE id IN ({marks})", tuple(ids))  # noqa: S608  # only placeholders
        users = self._db.execute(f"SELECT site_code, id FROM user WHERE id IN ({marks})", tuple(ids))  # noqa: S608  # as above
        forgotten = set(ids)
        for site_code, one in (*devices.fetchall(), *users.fetchall()):
            people = {one} | self._users_of(site_code, [one])
            forgotten |= people.union(*(self._ids_of_user(site_code, user) for user in people))
            forgotten |= self._neighbours(site_code, one)
        marks = placeholders(forgotten)
        for table, column in (("device", "n"), ("device_id", "device")):
            self._db.execute(
                f"DELETE FROM {table} WHERE {column} IN (SELECT device FROM device_id WHERE id IN ({marks}))",  # noqa: S608  # as above
                tuple(forgotten),
            )
        self._db.execute(f"DELETE FROM user WHERE id IN ({marks})", tuple(forgotten))  # noqa: S608  # as above
        return forgotten

    def _neighbours(self, site_code: str, device_id: str) -> set[str]:
        """Return all ids of the device that one names, without its own where there is none."""
        found = self._db.execute("SELECT device FROM device_id WHERE site_code = ? AND id = ?", (site_code, device_id))
        return set().union(*(self._ids_of_device(n) for (n,) in found.fetchall()))

    def _observe_device(self, site_code: str, observation: Observation) -> set[str]:
        ids = sorted(observation.device_ids)
        known = self._devices(site_code, ids)
        users_before = {device.user.value for device in known.values() if device.user}
        said = Device({} if observation.user else observation.facts, observation.user)
        after = joined([*known.values(), said])
        n = min(known) if known else self._new_device(site_code)
        if after != known.get(n):
            self._db.execute(
                "UPDATE device SET facts = ?, user_id = ?, used = ? WHERE n = ?",
                (as_json(after.facts), after.user and after.user.value, after.user and as_json(after.user), n),
            )
        for other in known.keys() - {n}:
            self._db.execute("UPDATE device_id SET device = ? WHERE device = ?", (n, other))
            self._db.execute("DELETE FROM device WHERE n = ?", (other,))
        insert = "INSERT OR IGNORE INTO device_id VALUES (?, ?, ?)"
        added = sum(self._db.execute(insert, (site_code, one, n)).rowcount for one in ids)
        users = users_before | ({after.user.value} if after.user else set())
        if not (said.facts or added or len(known) > 1 or users != users_before):
            return set()
        return self._ids_of_device(n).union(*(self._ids_of_user(site_code, user) for user in users))

    def _new_device(self, site_code: str) -> int:
        n = self._db.execute("INSERT INTO device (site_code, facts) VALUES (?, '{}')", (site_code,)).lastrowid
        assert n is not None  # noqa: S101  # it is after an INSERT
        return n

    def _observe_user(self, site_code: str, user: str, facts: Facts) -> set[str]:
        insert = "INSERT OR IGNORE INTO user VALUES (?, ?, '{}')"
        added = self._db.execute(insert, (site_code, user)).rowcount
        if facts:
            row = "SELECT facts FROM user WHERE site_code = ? AND id = ?"
            before = _facts(self._db.execute(row, (site_code, user)).fetchone()[0])
            self._db.execute(
                "UPDATE user SET facts = ? WHERE site_code = ? AND id = ?",
                (as_json(merged(before, facts)), site_code, user),
            )
        return self._ids_of_user(site_code, user) if facts or added else set()

    def _devices(self, site_code: str, ids: Collection[str]) -> dict[int, Device]:
        found = self._db.execute(
            "SELECT DISTINCT n, facts, used FROM device_id JOIN device ON n = device"  # noqa: S608  # only placeholders
            f" WHERE device_id.site_code = ? AND id IN ({placeholders(ids)})",
            (site_code, *ids),
        )
        return {n: Device(_facts(facts), Fact(*json.loads(used)) if used else None) for n, facts, used in found}

    def _users_of(self, site_code: str, device_ids: Collection[str]) -> set[str]:
        found = self._db.execute(
            "SELECT DISTINCT user_id FROM device_id JOIN device ON n = device"  # noqa: S608  # only placeholders
            f" WHERE user_id IS NOT NULL AND device_id.site_code = ? AND id IN ({placeholders(device_ids)})",
            (site_code, *device_ids),
        )
        return {user for (user,) in found}

    def _ids_of_device(self, n: int) -> set[str]:
        return {one for (one,) in self._db.execute("SELECT id FROM device_id WHERE device = ?", (n,))}

    def _ids_of_user(self, site_code: str, user: str) -> set[str]:
        found = self._db.execute(
            "SELECT id FROM device JOIN device_id ON device = n WHERE device.site_code = ? AND user_id = ?",
            (site_code, user),
        )
        return {user, *(one for (one,) in found)}


def _facts(text: str) -> Facts:
    return {name: Fact(*fact) for name, fact in json.loads(text).items()}
