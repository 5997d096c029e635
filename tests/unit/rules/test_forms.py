"""Forms: what an answer must be, said field by field."""

import copy
from datetime import UTC, date, datetime
from random import Random

import pytest

from engine.rules import forms
from engine.rules.forms import FieldError

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
CONTEXT = {
    "plan_year": 2028,
    "me": {"name": "Test Testsson"},
    "records": {
        "item": [
            {"id": 7, "title": "Hot och våld", "cost": 5, "is_statutory": True},
            {"id": 8, "title": "Handledning", "cost": None, "is_statutory": False},
        ]
    },
}


def field(kind, key, **more):
    return {"type": kind, "key": key, "label": key or kind, "label_en": key or kind, **more}


def choices(*values):
    return [{"value": value, "label": str(value), "label_en": str(value)} for value in values]


SCHEMA = {
    "id": "f",
    "type": "default",
    "title": "Behov för {plan_year}",
    "title_en": "Needs for {plan_year}",
    "components": [
        {"type": "text", "text": "Skriv inget om patienter.", "text_en": "Write nothing about patients."},
        field("group", "", components=[field("checkbox", "no_needs")]),
        field(
            "dynamiclist",
            "proposals",
            validate={"required": True},
            conditional={"hide": "=no_needs = true"},
            maxItems=3,
            components=[
                field(
                    "textarea",
                    "reason",
                    validate={
                        "required": True,
                        "required_message": "Skriv varför utbildningen behövs",
                        "required_message_en": "Write why the training is needed",
                    },
                ),
                field("radio", "kind", values=choices("a", "b"), validate={"required": True}),
                field("textfield", "other", required_if='row.kind = "b"', conditional={"hide": '=row.kind != "b"'}),
                field("datetime", "day", validate={"notBefore": "today"}),
                field("number", "cost", validate={"min": 1, "max": 9}),
                field("checklist", "who", values=choices("x", "y")),
                field("textfield", "contact", prefill="me.name", readonly=True),
            ],
        ),
        field(
            "records",
            "items",
            rows="records.item",
            title="row.title",
            summary=[{"label": "Kostnad", "label_en": "Cost", "value": "row.cost"}],
            components=[
                field("number", "priority", validate={"required": True}),
                field("textarea", "why", required_if="row.is_statutory = true and row.priority > 1"),
            ],
        ),
    ],
    "arshjul": {
        "quick": {"label": "Inga behov", "label_en": "No needs", "data": {"no_needs": True}},
        "rules": [
            {
                "id": "few",
                "field": "items",
                "require": "every r in items satisfies r.priority < 90",
                "message": "Högst 89 för {plan_year}",
                "message_en": "At most 89 for {plan_year}",
            },
            {
                "id": "statutory_first",
                "field": "items",
                "level": "warning",
                "guideline": "Bilaga 1",
                "require": "every r in items satisfies r.is_statutory = false or r.priority = 1",
                "message": "Lagstyrt först",
                "message_en": "Statutory first",
            },
        ],
    },
}
FORM = forms.build(SCHEMA)
PROPOSAL = {"reason": "Lagkrav", "kind": "a"}
ITEMS = [{"record": 7, "priority": 1}, {"record": 8, "priority": 2}]


def check(data):
    return forms.validate(FORM, data, CONTEXT, NOW)


def codes(proposal=None, **data):
    data = {"proposals": [{**PROPOSAL, **(proposal or {})}], "items": ITEMS, **data}
    return {(error.path, error.code) for error in check(data).errors}


def test_a_complete_answer_is_stored_with_its_own_fields_only():
    found = check({"proposals": [{**PROPOSAL, "reason": " a\r\nb "}], "items": ITEMS})
    assert found.errors == found.warnings == []
    assert found.data == {
        "proposals": [{"reason": "a\nb", "kind": "a", "contact": "Test Testsson", "who": []}],
        "items": ITEMS,
    }


@pytest.mark.parametrize(
    ("proposal", "path", "code"),
    [
        ({"reason": "  "}, "reason", "required"),
        ({"reason": "x" * 10_001}, "reason", "too_long"),
        ({"reason": "a\0b"}, "reason", "control_character"),
        ({"reason": ["a"]}, "reason", "not_a_text"),
        ({"kind": "c"}, "kind", "not_a_choice"),
        ({"kind": "b"}, "other", "required"),
        ({"kind": "b", "other": "a\nb"}, "other", "control_character"),
        ({"day": "2026-11-01"}, "day", "out_of_range"),
        ({"day": "2026-02-30"}, "day", "not_a_date"),
        ({"day": "1 nov"}, "day", "not_a_date"),
        ({"cost": 10}, "cost", "out_of_range"),
        ({"cost": True}, "cost", "not_a_number"),
        ({"cost": "tio"}, "cost", "not_a_number"),
        ({"cost": float("nan")}, "cost", "not_a_number"),
        ({"who": ["x", "x"]}, "who", "not_a_choice"),
        ({"who": "x"}, "who", "not_a_choice"),
        ({"__builtins__": 1}, "__builtins__", "unknown_field"),
    ],
)
def test_each_field_is_refused_with_its_place_and_reason(proposal, path, code):
    assert codes(proposal) == {(f"proposals.0.{path}", code)}


def test_lists_are_refused_with_their_place_and_reason():
    assert codes(other_field=1) == {("other_field", "unknown_field")}
    assert codes(proposals=[]) == {("proposals", "too_few_rows")}
    assert codes(proposals=[PROPOSAL] * 4) == {("proposals", "too_many_rows")}
    assert codes(proposals="x") == {("proposals", "not_a_list"), ("proposals", "too_few_rows")}
    assert codes(items=ITEMS[:1]) == {("items.8.priority", "required")}
    assert codes(items=[*ITEMS, {"record": 9, "priority": 1}]) == {("items.9", "unknown_row")}
    assert codes(items=[*ITEMS, ITEMS[0]]) == {("items.7", "unknown_row")}


def test_the_packages_own_sentence_comes_with_the_error():
    (error,) = check({"proposals": [{"kind": "a"}], "items": ITEMS}).errors
    assert error.message is not None
    assert error.message.sv == "Skriv varför utbildningen behövs"


def test_text_is_kept_in_one_normal_form():
    assert (
        check({"proposals": [{**PROPOSAL, "reason": "a\u030a"}], "items": ITEMS}).data["proposals"][0]["reason"] == "å"
    )


def test_numbers_may_be_written_the_swedish_way():
    assert check({"proposals": [{**PROPOSAL, "cost": "2,5"}], "items": ITEMS}).data["proposals"][0]["cost"] == 2.5


def test_a_hidden_field_is_not_required_and_its_value_is_dropped():
    found = check({"no_needs": True, "proposals": [{"reason": "x"}], "items": ITEMS})
    assert found.errors == []
    assert found.data == {"no_needs": True, "items": ITEMS}
    kept = check({"proposals": [{**PROPOSAL, "kind": "a", "other": "x"}], "items": ITEMS})
    assert "other" not in kept.data["proposals"][0]


def test_a_readonly_field_is_what_the_form_says_whatever_was_sent():
    found = check({"proposals": [{**PROPOSAL, "contact": "någon annan"}], "items": ITEMS})
    assert found.data["proposals"][0]["contact"] == "Test Testsson"


def test_a_row_sees_its_records_fields_and_is_required_by_them():
    assert codes(items=[{"record": 7, "priority": 2}, ITEMS[1]]) == {("items.7.why", "required")}


def test_a_rule_refuses_and_another_only_warns():
    high = check({"proposals": [PROPOSAL], "items": [ITEMS[0], {"record": 8, "priority": 99}]})
    assert [(e.path, e.code, e.message.sv) for e in high.errors] == [("items", "rule", "Högst 89 för 2028")]
    second = check({"proposals": [PROPOSAL], "items": [{"record": 7, "priority": 2, "why": "x"}, ITEMS[1]]})
    assert second.errors == []
    assert [(w.rule_id, w.guideline, w.message.en) for w in second.warnings] == [
        ("statutory_first", "Bilaga 1", "Statutory first")
    ]


def test_effects_see_dates_as_dates_and_rows_over_their_records():
    names = check({"proposals": [{**PROPOSAL, "day": "2026-11-03"}], "items": ITEMS}).names
    assert names["proposals"][0]["day"] == date(2026, 11, 3)
    assert names["items"][0]["title"] == "Hot och våld"
    assert names["no_needs"] is None


def test_the_view_has_titles_summaries_values_and_errors_in_place():
    data = {"proposals": [{**PROPOSAL, "cost": "tio"}], "items": ITEMS}
    errors = [FieldError("items.7.priority", "required"), FieldError("gone", "unknown_field")]
    view = forms.view(FORM, CONTEXT, data, NOW, errors)
    _text, group, proposals, items = view.components
    assert view.title.en == "Needs for 2028"
    assert view.errors == errors[1:]
    assert [c.key for c in group.components] == ["no_needs"]
    assert {c.key: c.value for c in proposals.rows[0].components}["cost"] == "tio"
    assert {c.key: c.hidden for c in proposals.rows[0].components}["other"] is True
    assert [(row.record, row.title, row.summary[0][1]) for row in items.rows] == [
        (7, "Hot och våld", 5),
        (8, "Handledning", None),
    ]
    assert items.rows[0].components[0].errors == errors[:1]


@pytest.mark.parametrize("seed", range(10))
def test_a_sample_is_a_valid_answer_and_the_same_for_the_same_seed(seed):
    sample = forms.sample(FORM, CONTEXT, NOW, Random(seed))
    assert check(sample).errors == []
    assert [row["record"] for row in sample["items"]] == [7, 8]
    assert sample == forms.sample(FORM, CONTEXT, NOW, Random(seed))


def broken(change):
    schema = copy.deepcopy(SCHEMA)
    change(schema)
    return forms.lint(schema)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda s: s["components"][2].update(label_en=""), "proposals"),
        (lambda s: s["components"].append(field("slider", "x")), "[4]"),
        (lambda s: s["components"].append(field("number", "no_needs")), "no_needs"),
        (lambda s: s["components"].append(field("number", "row")), "row"),
        (lambda s: s["components"].append(field("radio", "r")), "r"),
        (lambda s: s["components"].append(field("radio", "r", values=choices(True, "true"))), "r: values"),
        (lambda s: s["components"].append(field("textfield", "t", validate={"pattern": "("})), "t"),
        (lambda s: s["components"][3].update(rows="records.item["), "items: rows"),
        (lambda s: s["arshjul"]["rules"][0].update(field="itmes"), "rules: few"),
        (lambda s: s["arshjul"]["rules"][0].update(require="coutn(items) = 1"), "rules: few: require"),
        (lambda s: s["arshjul"].update(complete=[{"sett": {}}]), "complete 1"),
        (lambda s: s["arshjul"]["quick"].update(data={"no_need": True}), "quick"),
        (lambda s: s["arshjul"].update(decision="items.prioritet"), "decision"),
        (lambda s: s["arshjul"].update(decision="item.priority"), "decision"),
        (lambda s: s["arshjul"].update(alike="yes"), "alike"),
        (lambda s: s["arshjul"].update(alike=True), "alike"),
    ],
)
def test_a_malformed_form_is_refused_with_the_place_named_in_both_languages(change, place):
    assert forms.lint(SCHEMA) == []
    (finding,) = broken(change)
    where, sv, en = finding
    assert where == place
    assert sv.endswith(".")
    assert en.endswith(".")


@pytest.mark.parametrize("decision", ["no_needs", "items.priority"])
def test_what_was_decided_stands_in_a_field_or_in_each_row(decision):
    assert broken(lambda s: s["arshjul"].update(decision=decision)) == []


def test_a_hundred_rows_of_a_form_are_judged_in_few_round_trips(monkeypatch):
    from engine.rules import form_reading

    calls = []
    run = form_reading.feel.run
    monkeypatch.setattr(form_reading.feel, "run", lambda *a, **k: calls.append(a[0]) or run(*a, **k))
    records = [{"id": n, "title": str(n), "cost": n, "is_statutory": False} for n in range(100)]
    data = {"no_needs": True, "items": [{"record": n, "priority": 1} for n in range(100)]}
    assert forms.validate(FORM, data, {**CONTEXT, "records": {"item": records}}, NOW).errors == []
    assert len([jobs for jobs in calls if jobs]) <= 4
