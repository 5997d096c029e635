"""What the history is searched by, written by the database itself with each event: whoever adds one, it can be found.

audit_term(kind, value, event_id, type) has a row for each of an event's

- person: who did it, and everybody whose id is named in its body
- record: the record that it is about
- role, unit, task: those of its task (the task's Swedish and English title, as it was, with a line feed between)
- month: the month of its process time, in UTC, which bounds the numbers of the events of a period

The task's row must be there before its event. A body with a NUL names nobody on PostgreSQL, whose JSON has none.
"""

SQLITE = """
CREATE TRIGGER audit_event_terms AFTER INSERT ON audit_event
BEGIN
INSERT OR IGNORE INTO audit_term (kind, value, event_id, type)
SELECT 'month', substr(NEW.occurred_at, 1, 7), NEW.id, NEW.type
UNION ALL SELECT 'person', NEW.actor, NEW.id, NEW.type WHERE NEW.actor IS NOT NULL
UNION ALL SELECT 'person', p.id, NEW.id, NEW.type
FROM json_tree(NEW.body, '$.body') j CROSS JOIN person p ON p.id = j.atom WHERE j.type = 'text'
UNION ALL SELECT 'record', json_extract(NEW.body, '$.body.record'), NEW.id, NEW.type
WHERE json_type(NEW.body, '$.body.record') = 'integer';
INSERT OR IGNORE INTO audit_term (kind, value, event_id, type)
SELECT k.kind, CASE k.kind WHEN 'role' THEN t.role WHEN 'unit' THEN t.unit_name
ELSE t.title_sv || char(10) || t.title_en END, NEW.id, NEW.type
FROM user_task t CROSS JOIN (SELECT 'role' AS kind UNION ALL SELECT 'unit' UNION ALL SELECT 'task') k
WHERE t.id = NEW.task_id;
END
"""

POSTGRESQL = """
CREATE OR REPLACE FUNCTION audit_event_terms() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
INSERT INTO audit_term (kind, value, event_id, type)
SELECT told.kind, told.value, e.id, e.type
FROM (
SELECT *, CASE WHEN position('\\u0000' IN body) = 0 THEN body::jsonb -> 'body' END AS told FROM added
) e CROSS JOIN LATERAL (
SELECT 'month' AS kind, to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM') AS value
UNION SELECT 'person', e.actor WHERE e.actor IS NOT NULL
UNION SELECT 'person', p.id FROM jsonb_path_query(e.told, 'strict $.** ? (@.type() == "string")') j
JOIN person p ON p.id = j #>> '{}'
UNION SELECT 'record', e.told ->> 'record' WHERE jsonb_typeof(e.told -> 'record') = 'number'
UNION SELECT k.kind, k.value FROM user_task t
CROSS JOIN LATERAL (VALUES ('role', t.role), ('unit', t.unit_name), ('task', t.title_sv || chr(10) || t.title_en))
k (kind, value) WHERE t.id = e.task_id
) told;
RETURN NULL;
END $$;;
CREATE TRIGGER audit_event_terms AFTER INSERT ON audit_event
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_event_terms()
"""
