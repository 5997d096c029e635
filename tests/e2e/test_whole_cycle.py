"""One whole cycle in a browser: everyone signs in, clicks and writes, and the clock bar lets the days pass."""

import re

import pytest
from playwright.sync_api import Page, expect
from support.served import Served
from support.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAW = "Hjärt-lungräddning för alla"
COSTLY = "Ledarskap i förändring"
CHECKS = (
    "Övergripande karaktär",
    "Kortare utbildningsinsats för befintlig personal utifrån verksamhetens behov",
    "Ej utbildning via lärosäten (så som Komvux eller universitet)",
    "En av de tre målgrupperna",
)


def test_a_region_plans_trains_and_follows_up_by_clicking(page: Page, quiet: Served) -> None:
    who = Visitor(page, quiet)
    collection(who)
    compilation(who)
    preparation(who)
    review(who)
    decision_and_notice(who)
    year_planning_and_directive(who)
    scheduling_and_communication(who)
    follow_up(who)
    overview_and_history(who)


def collection(who: Visitor) -> None:
    who.be("chef-sv")
    who.go_to_day("2026-11-03")
    who.open_task("Lämna utbildningsbehov för 2028, senast 31 december")
    for number, (kind, group, reason) in enumerate(
        [(LAW, "Samtliga medarbetare inom hälso- och sjukvård", "Lagkrav"), (COSTLY, "Samtliga chefer", "Stort behov")]
    ):
        who.press("Lägg till ett utbildningsbehov")
        need = who.page.locator(".row-box").nth(number)
        who.write("Vilken typ av utbildningsinsats avses?", kind, need)
        who.choose(FOR_WHOM, group, need)
        who.write("Varför (tex lagkrav, patientsäkerhet, etc)?", reason, need)
        who.choose(TRAINER, "KTC", need)
        who.pick("Ursprung", "Chef", need)
    who.send()

    who.be("chef-ru")  # two clicks after sign-in
    who.page.get_by_role("button", name="Inga övergripande behov i år").click()
    who.press("Lämna svaret")
    expect(who.page.get_by_role("heading", level=1)).to_contain_text("Ditt svar är inlämnat")
    expect(who.page.get_by_role("main")).to_contain_text("Regional utveckling")

    who.be("chef-sv-1-1")  # heads three units
    who.page.get_by_role("link", name="Lämna utbildningsbehov för 2028").click()
    units = who.page.get_by_role("table", name="Dina enheter")
    expect(units.get_by_role("rowheader")).to_have_count(3)
    who.page.get_by_role("button", name="Inga övergripande behov i år (3 enheter)").click()
    who.press("Lämna svaret")
    expect(who.page.get_by_role("main")).to_contain_text("Medicinkliniken, enhet 1")


FOR_WHOM = (
    "För vilka (antingen samtliga medarbetare, samtliga medarbetare inom hälso- och sjukvård eller samtliga chefer)?"
)
TRAINER = "Vem är tänkt att utbilda (köp av tjänst, KTC, annan/andra medarbetare, annan part)?"


def compilation(who: Visitor) -> None:
    who.be("hr_strateg")
    who.go_to_day("2027-01-04")
    who.open_task("Sammanställ utbildningsförslagen för 2028")
    for title in (LAW, COSTLY):
        row = who.row(title)
        for check in CHECKS:
            who.choose(check, "Ja", row)
        if title == LAW:
            who.choose("Berör minst ett helt förvaltningsområde", "Ja", row)
        who.pick("Utfall", "Sammanställs", row)
    who.send()


def preparation(who: Visitor) -> None:
    who.be("arbetsgrupp", 1)
    who.go_to_day("2027-02-02")
    who.open_task("Bered förslaget till utbildningsplan 2028")
    who.write("Mötesdatum", "2027-02-02")
    who.choose("Är kompetensförsörjningsrådet aktivt?", "Nej")
    for title, place in ((LAW, "2"), (COSTLY, "1")):
        row = who.row(title)
        who.choose("Lagstyrt behov", "Ja" if title == LAW else "Nej", row)
        if title == LAW:
            who.write("Lag eller föreskrift", "Patientsäkerhetslagen", row)
            who.choose("Lagstiftningens tyngd", "Tungt", row)
            who.write("Motivering till tyngden", "Hot mot liv", row)
        who.write("Prioritering", place, row)
        who.write("Motivering", "Behövs i hela regionen", row)
        who.write("Koppling till mål och strategier", "Regionplanen", row)
        who.pick("Tänkt utbildningsanordnare", "KTC", row)
        who.choose("Avgörande budgetaspekt", "Nej", row)
        who.choose("Effektmätning: nivåer", "Reaktion", row)
        who.pick("Förslag till beslut", "Ta med i planen", row)
    summary = who.send_wrongly()
    expect(summary).to_contain_text("Lagstyrda behov ska stå före andra")
    for title, place in ((LAW, "1"), (COSTLY, "2")):
        who.write("Prioritering", place, who.row(title))
    who.send()


def review(who: Visitor) -> None:
    who.go_to_day("2027-03-02")
    for number, area in enumerate(("sv", "nv", "ps", "ru", "rs")):
        who.be(f"lg-{area}", 1)
        who.open_task("Se över förslaget till utbildningsplan 2028")
        who.write("Mötesdatum", "2027-03-02")
        who.choose("HR-strateg deltog och presenterade", "Ja")
        who.choose("Utfall", "Tillstyrker" if number else "Tillstyrker med synpunkter")
        if not number:
            who.write("Synpunkter, per insats och på helheten", "Börja tidigt på året.")
        who.send()
    who.be("hr_strateg")
    who.open_task("Sammanställ översynen")
    who.write("Sammanfattning inför beslutet", "Alla ledningsgrupper tillstyrker.")
    who.choose("Facklig samverkan eller MBL-förhandling", "Har hållits")
    who.write("Datum", "2027-03-02")
    who.send()


def decision_and_notice(who: Visitor) -> None:
    who.go_to_day("2027-03-23")
    who.be("rd_ledningsgrupp", 1)
    who.open_task("Registrera beslutet om utbildningsplan 2028")
    who.write("Beslutsdatum", "2027-03-22")
    who.write("Föredragande", "HR-strategen")
    who.choose("Beslut om planen", "Antar planen")
    for title in (LAW, COSTLY):
        who.choose("Beslut", "Ingår", who.row(title))
    who.choose("Finansieringsbehov som lyfts", "Nej")
    who.choose("Avgörande budgetaspekter", "Nej")
    who.send()
    expect(who.page.get_by_role("main")).to_contain_text("Registrerat av")
    who.be("hr_strateg")
    who.go_to_day("2027-06-02")
    who.open_task("Lämna besked om utbildningsplan 2028")
    expect(who.page.get_by_role("main")).to_contain_text(LAW)
    who.send()


def year_planning_and_directive(who: Visitor) -> None:
    who.go_to_day("2027-09-02")
    who.open_task("Planera in utbildningarna för 2028 med anordnarna")
    for title in (LAW, COSTLY):
        row = who.row(title)
        who.choose("Går insatsen att planera in?", "Ja", row)
        who.pick("Utbildningsanordnare", "KTC", row)
        who.press("Lägg till ett tillfälle", row)
        row = who.row(title)
        who.write("Start", "2028-02-01", row)
        who.choose("Fysisk eller digital", "Digital", row)
        who.choose("Obligatorisk deltagare", "Ja", row)
        who.choose("Anordnaren har bekräftat", "Ja", row)
        who.write("Bekräftat den", "2027-09-02", row)
    who.send()
    who.go_to_day("2027-10-02")
    who.open_task("Skicka årsplaneringen för 2028")
    who.send()


def scheduling_and_communication(who: Visitor) -> None:
    who.be("chef-sv")
    who.go_to_day("2027-11-02")
    who.open_task("Planera in utbildningarna för 2028 på enheten")
    for title in (LAW, COSTLY):
        who.choose("Inplanerat på enheten", "Ja", who.row(title))
    who.send()
    who.be("hr_strateg")
    who.open_task("Ta fram kommunikationsmaterial om utbildningarna 2028")
    who.write("Kommunikationsmaterial", "Två utbildningar under 2028.")
    for title in (LAW, COSTLY):
        who.write("Motivering", "Behövs i hela regionen", who.row(title))
    who.send()
    who.be("kommunikation")
    who.open_task("Berätta för medarbetarna om utbildningarna 2028")
    who.choose("Kanaler", "Intranätet")
    who.write("Publicerat", "2027-11-02")
    who.send()


def follow_up(who: Visitor) -> None:
    who.go_to_day("2028-11-02", everyone_answers=True)  # the plan for 2029 goes its own way meanwhile
    who.be("chef-sv")
    who.open_task("Svara på hur utbildningsplaneringen har fungerat")
    who.write("Om utbildning kunde genomföras enligt plan", "Ja, i februari.")
    who.send()
    who.be("hr_strateg")
    who.open_task("Följ upp utbildningsplan 2028")
    for title in (LAW, COSTLY):
        row = who.row(title)
        who.choose("Genomfört enligt plan", "Ja", row)
        who.write("Reaktion", "4,2 av 5 var nöjda.", row)
        who.choose("Material från genomförda utbildningsinslag", "Finns kvar", row)
    who.write("Processen: utfall, parallella processer, underliggande planering, styrdokument", "Fungerade.")
    who.send()
    who.go_to_day("2029-01-03")
    who.be("arbetsgrupp", 1)
    who.open_task("Sammanställ uppföljningen av utbildningsplan 2028")
    who.write("Mötesdatum", "2029-01-03")
    who.write("Sammanställning av genomförda insatser", "Båda genomfördes.")
    for title in (LAW, COSTLY):
        who.choose("Förslag", "Finns kvar", who.row(title))
    who.choose("Behöver processen eller riktlinjen ändras?", "Nej")
    who.send()


def overview_and_history(who: Visitor) -> None:
    who.be("hr_strateg")
    who.page.get_by_role("link", name="Översikt").click()
    expect(who.page.get_by_role("main")).to_contain_text("Utbildningsplan 2030")
    who.page.get_by_role("link", name="Det som är avslutat").click()
    who.page.get_by_role("link", name="Utbildningsplan 2028").click()
    expect(who.page.get_by_role("list").filter(has_text="Insamling behov").first).to_contain_text("Uppföljning")

    who.be("revisor")
    who.page.get_by_role("link", name="Historik", exact=True).click()
    who.press("Kontrollera nu")
    expect(who.page.get_by_role("heading", name="Historiken stämmer")).to_be_visible(timeout=60_000)
    who.go("/history")
    who.page.get_by_role("link", name="Utbildningsplan 2028").click()
    who.heads("Historik: Utbildningsplan 2028")
    decider, registrar = "Regiondirektörens ledningsgrupp", who.demo.name("rd_ledningsgrupp", 1)
    while who.page.get_by_text(re.compile(f"{decider}.*{registrar}|{registrar}.*{decider}")).count() == 0:
        seen = who.page.url
        who.page.get_by_role("link", name="Visa äldre händelser").click()
        who.page.wait_for_url(lambda url, seen=seen: url != seen)
