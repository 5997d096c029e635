"""Many writers, one chain: on both databases nothing is lost, doubled or forked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

from engine import access_log, accounts, history, idempotency, identity
from engine.actor import SYSTEM, Actor

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
DAY = date(2026, 11, 2)
BY = Actor("hr", "Hanna")
FILES = {
    "units.csv": "id,name,kind,parent\nu1,Ett,unit,r\nr,Regionen,region,\n",
    "people.csv": "id,name\nanna,Anna\n",
    "positions.csv": "id,role,unit,name\nc1,chef,u1,Chef\n",
    "holdings.csv": "position,person\nc1,anna\n",
}


def test_writers_at_once_make_one_chain(database):
    def write(number):
        with database.verb() as tx:
            history.append(tx, type="made", chain="i:1", occurred_at=NOW, by=SYSTEM, body={"number": number})

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(write, range(60)))

    with database.page() as tx:
        verdict = history.verify(tx)
    assert (verdict.ok, verdict.events, verdict.chains) == (True, 60, 1)


def test_chains_are_exported_in_byte_order_whatever_the_databases_own(database):
    with database.verb() as tx:
        chains = ("t:1", "i:2", "org", "i:10", "d:a_b", "d:aa")
        history.append_alike(tx, history.Alike("made", NOW, SYSTEM, None), [(c, None, None, ()) for c in chains])

    with database.page() as tx:
        assert history.verify(tx).ok
        assert sum(1 for _ in history.export_ndjson(tx)) == 6


def test_the_organisation_and_its_accounts_work_on_both_databases(database):
    with database.verb() as tx:
        identity.save_roles(tx, {"chef": {"sv": "chef", "en": "manager"}}, by=BY, now=NOW)
        identity.import_csv(tx, {name: text.encode() for name, text in FILES.items()}, by=BY, now=NOW)
        accounts.create(tx, "anna", "anna", "blåbär på tallkottar", by=BY, now=NOW)
        idempotency.remember(tx, "k", "anna", "f", {"a": 1})
        access_log.note(tx, None, "GET", "/", "403", None)

    with database.verb() as tx:
        assert identity.effective_positions(tx, "anna", DAY) == {"c1": "holder"}
        assert idempotency.remembered(tx, "k", "anna", "f") == {"a": 1}
        assert not access_log.note(tx, None, "GET", "/", "403", None)
        assert history.verify(tx).ok
    assert accounts.authenticate(database, "anna", "blåbär på tallkottar") == "anna"
