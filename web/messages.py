"""The sentence of every refusal, and what to do next, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.errors import EngineError
from engine.operating import LONGEST_REASON
from web import dates
from web.words import gettext as _


@dataclass(frozen=True)
class Sentence:
    """A heading and a text with the next step."""

    title: str
    text: str


def by_and_when(params: dict[str, Any]) -> str:
    """Who and when, or what of it is known: av Anna Exempel 3 mars 2027 kl. 14.00, with a space before."""
    who, at = params.get("by"), params.get("at")
    said = _(" av %(name)s", name=who) if who else ""
    return f"{said} {dates.moment(at)}" if isinstance(at, datetime) else said


def sentence(error: EngineError) -> Sentence:
    """For every code of `engine.errors`; an unknown code gets the general sentence."""
    return said(error.code, error.params)


def said(code: str, params: dict[str, Any]) -> Sentence:
    """The same for a refusal that was kept as its code and parameters."""
    return SENTENCES.get(code, general)(params)


def general(_params: dict[str, Any]) -> Sentence:
    return Sentence(
        _("Det gick inte att genomföra"),
        _("Inget har ändrats. Gå tillbaka, ladda om sidan och försök igen."),
    )


def not_found(_params: dict[str, Any]) -> Sentence:
    return Sentence(
        _("Sidan finns inte"),
        _("Adressen kan vara fel, eller så hör sidan till någon annan. Dina egna uppgifter finns i inkorgen."),
    )


def forbidden(_params: dict[str, Any]) -> Sentence:
    return Sentence(
        _("Du har inte behörighet"),
        _("Din roll ger inte tillgång till det här. Kontakta HR-strategen om du behöver det i ditt arbete."),
    )


def task_not_open(params: dict[str, Any]) -> Sentence:
    state = params.get("state")
    if state == "completed":
        return Sentence(
            _("Uppgiften är redan besvarad%(by)s", by=by_and_when(params)),
            _("Ditt svar skickades inte in. Det du har skrivit finns kvar här på sidan, så att du kan kopiera det."),
        )
    return Sentence(
        _("Svarstiden är slut%(by)s", by=by_and_when(params)),
        _(
            "Ditt svar skickades inte in. Det du har skrivit finns kvar här på sidan. "
            "Kontakta HR-strategen om det behöver komma med."
        ),
    )


def stale_revision(params: dict[str, Any]) -> Sentence:
    return Sentence(
        _("Uppgiften har ändrats%(by)s", by=by_and_when(params)),
        _("Du hade en äldre version framför dig. Det du har skrivit finns kvar här på sidan."),
    )


def saved_elsewhere(params: dict[str, Any]) -> Sentence:
    """One's own draft, saved from another window or device since this one showed it."""
    return Sentence(
        _("Du har sparat uppgiften i ett annat fönster %(when)s", when=dates.moment(params.get("at"))),
        _("Det du har skrivit här finns kvar på sidan."),
    )


def answered_elsewhere(params: dict[str, Any]) -> Sentence:
    """One's own answer, given or changed from another window or device since this one showed the task."""
    return Sentence(
        _("Du lämnade in ett svar i ett annat fönster %(when)s", when=dates.moment(params.get("at"))),
        _("Det du har skrivit här finns kvar på sidan."),
    )


def taken(params: dict[str, Any]) -> Sentence:
    return Sentence(
        _("%(name)s har tagit uppgiften", name=params.get("by") or _("Någon annan")),
        _(
            "Det du har skrivit finns kvar här på sidan. "
            "Kom överens om vem som svarar; den som tog uppgiften kan släppa den."
        ),
    )


def not_open_yet(params: dict[str, Any]) -> Sentence:
    return Sentence(
        _("Uppgiften har inte öppnat än"),
        _("Den öppnar %(day)s. Då finns den i din inkorg.", day=dates.day(params.get("opens_at"))),
    )


def invalid_form(_params: dict[str, Any]) -> Sentence:
    return Sentence(
        _("Något behöver rättas"),
        _("Gå igenom det som är markerat och skicka in igen. Det du har skrivit finns kvar."),
    )


def invalid_input(params: dict[str, Any]) -> Sentence:
    reason = INPUT_REASONS.get(str(params.get("reason")))
    if params.get("reason") == "unseen_in":
        return Sentence(
            _("Något behöver rättas"),
            _("Fältet ”%(field)s” har tecken som inte går att visa. Ta bort dem; klistra in som ren text.",
              field=str(params.get("field"))[:80]),
        )  # fmt: skip
    text = reason() if reason else _("Kontrollera det du skrev och försök igen.")
    return Sentence(_("Något behöver rättas"), text)


def package_refused(params: dict[str, Any]) -> Sentence:
    return Sentence(
        _("Processpaketet har fel"),
        _("Inget har installerats. Rätta de %(count)s felen och försök igen.", count=params.get("findings", "")),
    )


def already_exists(_params: dict[str, Any]) -> Sentence:
    return Sentence(_("Det finns redan"), _("Inget nytt har skapats. Öppna det som finns i stället."))


def key_reused(_params: dict[str, Any]) -> Sentence:
    return Sentence(
        _("Formuläret har redan skickats in"),
        _("Svaret som skickades först gäller. Öppna uppgiften igen om du vill ändra det."),
    )


def not_possible(params: dict[str, Any]) -> Sentence:
    reason = NOT_NOW_REASONS.get(str(params.get("reason")))
    text = reason() if reason else _("Läget har ändrats sedan sidan visades. Ladda om sidan för att se vad som gäller.")
    return Sentence(_("Det går inte just nu"), text)


SENTENCES = {
    "not_found": not_found,
    "forbidden": forbidden,
    "task_not_open": task_not_open,
    "stale_revision": stale_revision,
    "taken": taken,
    "not_open_yet": not_open_yet,
    "invalid_form": invalid_form,
    "invalid_input": invalid_input,
    "package_refused": package_refused,
    "already_exists": already_exists,
    "idempotency_key_reused": key_reused,
    "not_possible": not_possible,
}

INPUT_REASONS = {
    "no_day": lambda: _("Skriv dagen som år, månad och dag, till exempel 2027-01-15."),
    "not_a_place": lambda: _("Processen kan inte vänta där. Välj en annan uppgift i samma del av processen."),
    "after_close": lambda: _("Steget stänger före den dagen. Flytta stegets sista dag i stället."),
    "same_day": lambda: _("Välj en annan dag än den som gäller nu."),
    "too_early": lambda: _("Välj en dag som inte har varit och som ligger efter att steget öppnar."),
    "not_candidate_of_any": lambda: _("Välj någon som kan göra minst en av uppgifterna."),
    "not_candidate": lambda: _("Välj en befattning som har den roll som steget frågar och som inte redan är med."),
    "control_character": lambda: _("Ta bort tecken som inte går att visa; klistra in som ren text"),
    "no_such_variable": lambda: _("Välj ett av processens värden."),
    "not_a_value": lambda: _("Skriv värdet som true, false, ett tal eller en text inom citattecken."),
    "too_far": lambda: _("Välj en dag inom fem år från i dag."),
    "reason_too_long": lambda: _("Skriv skälet med högst %(count)d tecken.", count=LONGEST_REASON),
    "value_missing": lambda: _("Skriv ett värde."),
    "value_too_long": lambda: _("Skriv kortare."),
    "slash_in_key": lambda: _("Skriv utan snedstreck."),
    "formula": lambda: _("Skriv ett värde som inte börjar som en formel."),
    "not_a_number": lambda: _("Skriv ett tal."),
    "out_of_range": lambda: _("Skriv planåret med fyra siffror, till exempel 2028."),
    "already_started": lambda: _(
        "Det finns redan en för det planåret. Välj ett annat planår, eller öppna den som finns."
    ),
    "no_such_position": lambda: _("Det finns ingen sådan befattning i dag. Skriv id:t på en som finns."),
    "unknown_column": lambda: _("Processen har ingen sådan kolumn."),
    "too_many_rows": lambda: _("Filen har för många rader. Dela den i flera, med högst 70 000 rader i varje."),
    "no_rows": lambda: _("Filen har inga rader under rubrikerna."),
    "file_too_large": lambda: _("Filen är för stor. Dela den i flera."),
    "reason_missing": lambda: _("Skriv varför. Motiveringen sparas i historiken."),
}

NOT_NOW_REASONS = {
    "diagram_stuck": lambda: _("Processen kommer inte vidare från början med de värden som den startar med."),
    "throttled": lambda: _("Lösenordet har varit fel flera gånger. Vänta en minut och försök igen."),
    "repeated": lambda: _("Samma svar håller redan på att skickas in. Vänta lite och ladda om sidan."),
    "not_candidate": lambda: _("Personen har inte den roll som uppgiften hör till. Välj någon som har den."),
    "nothing_in_batch": lambda: _("Det finns inget att göra: allt ligger åt sidan."),
    "already_yours": lambda: _("Du har redan tagit den."),
    "not_taken": lambda: _("Ingen har tagit den."),
    "handed_once": lambda: _("Den är lämnad till dig. Lämna tillbaka den i stället."),
    "answered_alone": lambda: _("Frågorna behöver besvaras för sig. Öppna uppgiften."),
    "other_step": lambda: _("Den hör till ett annat steg. Svara på ett steg i taget."),
    "nothing_to_migrate": lambda: _("Allt som pågår följer redan den senaste versionen av processen."),
    "cannot_migrate": lambda: _("Den nya versionen saknar något som redan används. Sidan visar vad som saknas."),
    "deployed_meanwhile": lambda: _(
        "En annan version driftsattes efter att du skickade in din fil. "
        "Skicka in filen igen, så visas skillnaden mot den."
    ),
    "roles_changed": lambda: _(
        "Rollerna har ändrats sedan du skickade in din fil. Skicka in filen igen, så kontrolleras den mot dem."
    ),
    "nobody_to_remind": lambda: _("Steget är inte öppet, eller så har alla svarat. Ingen påminnelse har skickats."),
    "errand_over": lambda: _("Det är redan klart."),
    "reminded_today": lambda: _("De som inte har svarat har redan fått en påminnelse i dag. Försök igen i morgon."),
    "not_a_campaign": lambda: _("Uppgiften går bara till en befattning. Lämna över den till någon annan i stället."),
    "step_not_open": lambda: _("Steget tar inte emot svar just nu. Flytta sista dagen om fler behöver svara."),
    "instance_suspended": lambda: _("Planeringen är pausad. Det du har skrivit är sparat som utkast."),
    "instance_cancelled": lambda: _("Planeringen är avbruten. Det du har skrivit är sparat som utkast."),
    "instance_damaged": lambda: _(
        "Ett tekniskt fel har stoppat den här planeringen, och de som sköter systemet vet om det. "
        "Försök igen senare. Det du har skrivit är sparat som utkast."
    ),
    "instance_completed": lambda: _("Planeringen är avslutad. Det du har skrivit är sparat som utkast."),
}
