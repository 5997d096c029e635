"""What the history is searched by, written by the database from the events themselves.

audit_term(kind, value, event_id, type) has a row for each of an event's

- person: who did it, and everybody whose id is named in its body
- record: the record that it is about
- role, unit, task: those of its task (the task's Swedish and English title, as it was, with a line feed between)
- type: its kind, unless that is one of EVERYDAY, of which any page of the history has some
- month: the month of its process time, in UTC, which bounds the numbers of the events of a period. On SQLite once for
  every BLOCK numbers that begin at `event_id`, whatever the type (''); on PostgreSQL, where writers that meet at one
  row would wait for each other, for each event

The task's row must be there before its event. A body with a NUL names nobody on PostgreSQL, whose JSON has none.

PostgreSQL does it by a trigger, once for each statement. SQLite's triggers run once for each row, at some six times the
cost of the events themselves, so there they are noted in blocks of NOTED numbers, by whoever begins the next block
(`queries.history.add_events`): a leaf of the index is written once a block, not once an event. The few newest, those
from `unnoted` on, are looked at one by one when the history is searched.
"""

BLOCK = 512
NOTED = 64

EVERYDAY = (
    *("task_created", "task_completed", "activity_opened", "activity_ended"),
    *("element_entered", "element_left"),
)
"""What nearly every step of every process writes."""

_EVERYDAY = ", ".join(f"'{name}'" for name in EVERYDAY)

OF_EVENTS = f"""
select distinct 'month' as kind, substr(occurred_at, 1, 7) as value, id - id % {BLOCK} as event_id, '' as type
from audit_event where id >= :first and id < :end
union all select 'type', type, id, type
from audit_event where id >= :first and id < :end and type not in ({_EVERYDAY})
union all select 'person', actor, id, type
from audit_event where id >= :first and id < :end and actor is not null
union all select 'person', p.id, e.id, e.type
from audit_event e cross join json_tree(e.body, '$.body') j cross join person p on p.id = j.atom
where e.id >= :first and e.id < :end and j.type = 'text'
union all select 'record', json_extract(body, '$.body.record'), id, type
from audit_event where id >= :first and id < :end and json_type(body, '$.body.record') = 'integer'
union all select 'role', t.role, e.id, e.type
from audit_event e cross join user_task t on t.id = e.task_id where e.id >= :first and e.id < :end
union all select 'unit', t.unit_name, e.id, e.type
from audit_event e cross join user_task t on t.id = e.task_id where e.id >= :first and e.id < :end
union all select 'task', t.title_sv || char(10) || t.title_en, e.id, e.type
from audit_event e cross join user_task t on t.id = e.task_id where e.id >= :first and e.id < :end
"""  # noqa: S608 (our own words)
"""SQLite's: what the events from `first` to before `end` are found by."""

SQLITE = f"insert or ignore into audit_term (kind, value, event_id, type) {OF_EVENTS}"


def unnoted(newest: int) -> int:
    """The first event that is not noted on SQLite, when `newest` is the newest."""
    return (newest + 1) // NOTED * NOTED


POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION audit_event_terms() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
INSERT INTO audit_term (kind, value, event_id, type)
SELECT told.kind, told.value, e.id, e.type
FROM (
SELECT *, CASE WHEN position('\\u0000' IN body) = 0 THEN body::jsonb -> 'body' END AS told FROM added
) e CROSS JOIN LATERAL (
SELECT 'month' AS kind, to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM') AS value
UNION SELECT 'type', e.type WHERE e.type NOT IN ({_EVERYDAY})
UNION SELECT 'person', e.actor WHERE e.actor IS NOT NULL
UNION SELECT 'person', p.id FROM jsonb_path_query(e.told, 'strict $.** ? (@.type() == "string")') j
JOIN person p ON p.id = j #>> '{{}}'
UNION SELECT 'record', e.told ->> 'record' WHERE jsonb_typeof(e.told -> 'record') = 'number'
UNION SELECT k.kind, k.value FROM user_task t
CROSS JOIN LATERAL (VALUES ('role', t.role), ('unit', t.unit_name), ('task', t.title_sv || chr(10) || t.title_en))
k (kind, value) WHERE t.id = e.task_id
) told;
RETURN NULL;
END $$;;
CREATE TRIGGER audit_event_terms AFTER INSERT ON audit_event
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_event_terms()
"""  # noqa: S608 (our own words)
