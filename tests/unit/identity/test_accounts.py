"""Signing in with a password."""

from contextlib import contextmanager
from datetime import timedelta

import argon2
import pytest

from engine import accounts, identity, throttling
from engine.actor import SYSTEM
from engine.clock import SystemClock
from engine.errors import AlreadyExists, InvalidInput, NotFound, NotPossible
from engine.passwords import refuse_weak
from engine.store.database import Database
from engine.store.queries import accounts as rows
from engine.store.tables import metadata

PASSWORD = "blåbär på tallkottar"


@pytest.fixture
def tx(monkeypatch):
    monkeypatch.setattr(accounts, "hasher", argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    accounts._nobodys_hash.cache_clear()
    database = Database("sqlite://", SystemClock())
    metadata.create_all(database.engine)
    with database.verb() as tx:
        identity.add_person(tx, "anna", "Anna")
        accounts.create(tx, "anna", "Anna@Example.org", PASSWORD)
        yield tx
    database.dispose()


class OneTransaction:
    """A database whose transactions are all the test's own; `open` counts those that are open."""

    def __init__(self, tx):
        self.tx, self.open = tx, 0

    @contextmanager
    def page(self):
        self.open += 1
        yield self.tx
        self.open -= 1

    verb = page


def sign_in(tx, username, password, **more):
    return accounts.authenticate(OneTransaction(tx), username, password, **more)


def test_the_right_password_lets_in_whatever_the_case_of_the_username(tx):
    assert sign_in(tx, " anna@example.ORG", PASSWORD) == "anna"


def test_the_same_letters_typed_on_another_keyboard_are_the_same_password(tx):
    decomposed = PASSWORD.replace("å", "a\u030a").replace("ä", "a\u0308")

    assert sign_in(tx, "anna@example.org", decomposed) == "anna"


def test_a_wrong_password_and_an_unknown_name_are_refused_alike(tx):
    assert sign_in(tx, "anna@example.org", PASSWORD + "!") is None
    assert sign_in(tx, "bo", PASSWORD) is None


def test_an_unknown_name_costs_the_work_of_a_password(tx, monkeypatch):
    checked = []
    monkeypatch.setattr(accounts, "matches", lambda _attempt, password: checked.append(password))

    sign_in(tx, "bo", "guess")

    assert checked == ["guess"]


def test_nobody_waits_for_a_lock_while_a_password_is_hashed(tx, monkeypatch):
    database, open_meanwhile = OneTransaction(tx), []
    monkeypatch.setattr(accounts, "matches", lambda *_: open_meanwhile.append(database.open) or True)

    assert accounts.authenticate(database, "anna@example.org", PASSWORD) == "anna"

    assert open_meanwhile == [0]


def test_guesses_at_once_are_counted_and_delayed_like_guesses_in_a_row(tx):
    attempts = [accounts.begin_attempt(tx, "anna@example.org") for _ in range(6)]
    for attempt in attempts[:5]:
        assert accounts.end_attempt(tx, attempt, matched=False) is None

    with pytest.raises(NotPossible):
        accounts.end_attempt(tx, attempts[5], matched=True)


def test_a_password_changed_while_the_old_one_was_compared_lets_nobody_in(tx):
    attempt = accounts.begin_attempt(tx, "anna@example.org")
    accounts.set_password(tx, "anna", "regnet föll hela natten")

    assert accounts.end_attempt(tx, attempt, matched=True) is None


def test_the_delay_grows_with_each_wrong_password_and_never_beyond_a_minute(tx):
    wall, delays = tx.recorded_at, []
    for _ in range(14):
        assert sign_in(tx, "anna@example.org", "wrong", wall=wall) is None
        until = rows.at_place(tx, "anna", throttling.NOWHERE).retry_after
        delays.append((until - wall).total_seconds() if until else 0)
        wall = max(wall, until or wall)

    assert delays == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_during_the_delay_even_the_right_password_must_wait_and_then_lets_in(tx):
    for _ in range(5):
        sign_in(tx, "anna@example.org", "wrong")

    with pytest.raises(NotPossible) as refused:
        sign_in(tx, "anna@example.org", PASSWORD)

    assert refused.value.params["reason"] == "throttled"
    later = refused.value.params["retry_after"]
    assert sign_in(tx, "anna@example.org", PASSWORD, wall=later) == "anna"
    assert sign_in(tx, "anna@example.org", "wrong", wall=later + timedelta(seconds=1)) is None


def guess(tx, address, *, times, wall):
    """Wrong passwords from that address, each as soon as it may be tried; the instant after the last."""
    for _ in range(times):
        try:
            assert sign_in(tx, "anna@example.org", "wrong", address=address, wall=wall) is None
        except NotPossible as refused:
            wall = refused.params["retry_after"]
            assert sign_in(tx, "anna@example.org", "wrong", address=address, wall=wall) is None
    return wall


def test_someone_who_guesses_elsewhere_does_not_make_the_owner_wait(tx):
    wall = guess(tx, "203.0.113.9", times=8, wall=tx.recorded_at)

    with pytest.raises(NotPossible):
        sign_in(tx, "anna@example.org", PASSWORD, address="203.0.113.9", wall=wall)
    assert sign_in(tx, "anna@example.org", PASSWORD, address="198.51.100.1", wall=wall) == "anna"


def test_guesses_from_many_places_wait_a_little_but_not_where_the_owner_is_known(tx):
    home, wall = "198.51.100.1", tx.recorded_at
    assert sign_in(tx, "anna@example.org", PASSWORD, address=home, wall=wall) == "anna"
    for n in range(throttling.FREE_ATTEMPTS_ANYWHERE):
        assert sign_in(tx, "anna@example.org", "wrong", address=f"203.0.113.{n}", wall=wall) is None

    with pytest.raises(NotPossible) as refused:
        sign_in(tx, "anna@example.org", PASSWORD, address="192.0.2.1", wall=wall)
    assert refused.value.params["retry_after"] - wall == throttling.DELAY_ANYWHERE
    assert sign_in(tx, "anna@example.org", PASSWORD, address=home, wall=wall) == "anna"


def test_neighbours_in_one_ipv6_network_are_one_place(tx):
    assert throttling.place("2001:db8:1:2:aaaa::1") == throttling.place("2001:db8:1:2:bbbb::2")
    assert throttling.place("2001:db8:1:3::1") != throttling.place("2001:db8:1:2::1")


def test_places_where_nobody_tries_any_more_are_forgotten(tx):
    wall = tx.recorded_at
    sign_in(tx, "anna@example.org", "wrong", address="203.0.113.9", wall=wall)
    sign_in(tx, "anna@example.org", "wrong", address="203.0.113.8", wall=wall + timedelta(days=2))

    assert rows.at_place(tx, "anna", "203.0.113.9") is None
    assert rows.at_place(tx, "anna", "203.0.113.8") is not None


def test_a_new_password_frees_every_place(tx):
    guess(tx, "203.0.113.9", times=8, wall=tx.recorded_at)
    accounts.set_password(tx, "anna", "regnet föll hela natten")

    assert sign_in(tx, "anna@example.org", "regnet föll hela natten", address="203.0.113.9") == "anna"


def let_in(tx, word):
    files = {"people.csv": f"id,name,active\nanna,Anna,{word}\n".encode()}
    identity.import_csv(tx, files, by=SYSTEM, now=tx.recorded_at)


def test_a_person_who_left_is_not_let_in_and_open_sessions_end(tx):
    before = accounts.active_account(tx, "anna").session_epoch
    let_in(tx, "nej")

    assert sign_in(tx, "anna@example.org", PASSWORD) is None
    assert accounts.active_account(tx, "anna") is None

    let_in(tx, "ja")
    assert accounts.active_account(tx, "anna").session_epoch != before


def test_a_new_password_replaces_the_old_and_ends_sessions(tx):
    before = accounts.active_account(tx, "anna").session_epoch

    accounts.set_password(tx, "anna", "regnet föll hela natten")

    assert sign_in(tx, "anna@example.org", PASSWORD) is None
    assert sign_in(tx, "anna@example.org", "regnet föll hela natten") == "anna"
    assert accounts.active_account(tx, "anna").session_epoch != before


def test_a_hash_made_with_weaker_parameters_is_made_anew_at_sign_in(tx, monkeypatch):
    before = rows.by_person(tx, "anna").password_hash
    monkeypatch.setattr(accounts, "hasher", argon2.PasswordHasher(time_cost=2, memory_cost=1024, parallelism=1))

    assert sign_in(tx, "anna@example.org", PASSWORD) == "anna"

    after = rows.by_person(tx, "anna").password_hash
    assert after != before
    assert "t=2" in after


def test_the_product_hashes_with_argon2id_of_64_mib():
    found = argon2.extract_parameters(argon2.PasswordHasher().hash("x"))

    assert (found.type, found.memory_cost, found.time_cost) == (argon2.Type.ID, 65536, 3)


def test_one_account_for_a_person_and_one_person_for_a_username(tx):
    identity.add_person(tx, "bo", "Bo")

    with pytest.raises(AlreadyExists):
        accounts.create(tx, "anna", "other", PASSWORD)
    with pytest.raises(AlreadyExists):
        accounts.create(tx, "bo", "ANNA@example.org", PASSWORD)
    with pytest.raises(NotFound):
        accounts.create(tx, "nobody", "nobody", PASSWORD)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("kort", "too_short"),
        ("x" * 257, "too_long"),
        ("aaaaaaaaaaaab", "common"),
        ("1234567890123", "common"),
        ("Password1234!", "common"),
        ("sommar202612", "common"),
        ("Lösenord12345", "common"),
        ("min anna i skogen", "contains_username"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password, reason):
    with pytest.raises(InvalidInput) as refused:
        refuse_weak(password, "Anna@example.org")

    assert refused.value.params["reason"] == reason
