"""A password changed by whose it is."""

from datetime import timedelta

from support.browsing import PASSWORD, Client
from support.world import World

from engine import history
from engine.store.queries import accounts

NEW = "sju sorters kakor till kaffet"


def test_whoever_knows_the_password_changes_it_and_is_signed_out_elsewhere(browse: Client, collecting: World) -> None:
    rut, elsewhere = browse("rut"), browse("rut")
    rut.get("/settings")
    rut.post("/settings/password", current_password=PASSWORD, new_password=NEW)
    assert "Lösenordet är bytt. Du är utloggad överallt utom här." in rut.follow()
    elsewhere.get("/settings")
    assert elsewhere.status == 302
    elsewhere.get("/sign-in")
    elsewhere.post("/sign-in", username="rut", password=PASSWORD)
    assert elsewhere.status == 422
    elsewhere.post("/sign-in", username="rut", password=NEW)
    assert elsewhere.status == 302
    with collecting.page() as tx:
        (noted,) = history.search(tx, types=["password_set"]).events
    assert (noted.actor, noted.body) == ("rut", {"person": "rut"})


def test_a_password_that_does_not_do_is_refused_at_its_field(browse: Client) -> None:
    hans = browse("hans")
    hans.get("/settings")
    for current, new, field, said in (
        ("", NEW, "current_password", "Det är inte ditt nuvarande lösenord."),
        (PASSWORD, "kort", "new_password", "Skriv minst 12 tecken."),
        (PASSWORD, "hans är bäst här", "new_password", "Användarnamnet står i det."),
        (PASSWORD, "x" * 400, "new_password", "Skriv högst 256 tecken."),
        (PASSWORD, "lösenordlösenord1", "new_password", "Det är för lätt att gissa."),
    ):
        page = hans.post("/settings/password", current_password=current, new_password=new)
        assert hans.status == 422
        assert f'href="#{field}"' in page
        assert said in page
        assert new not in page
    hans.get("/settings")
    assert hans.status == 200


def test_whoever_has_guessed_too_often_must_wait(browse: Client, collecting: World) -> None:
    tora = browse("tora")
    tora.get("/settings")
    with collecting.database.verb() as tx:
        at = tx.recorded_at
        until = at + timedelta(minutes=1)
        accounts.keep_at_place(tx, "tora", "127.0.0.1", failed_attempts=9, retry_after=until, last_at=at)
    page = tora.post("/settings/password", current_password=PASSWORD, new_password=NEW)
    assert tora.status == 422
    assert "Vänta en minut och försök igen." in page
