"""Keeping open tasks counted where instances are many, by the database itself: no verb can forget it.

open_work(key, element_id, role, due_at, opened_at, number) holds what was added (and, below zero, taken away) with each
change; the number open is the sum. Rows are only ever added, so that answers to one step wait for no common row;
`engine.open_work.fold` puts them together from time to time. Processes known by the plan year are not kept: theirs are few,
and a campaign's ten thousand rows are counted by their step.
"""  # noqa: E501

_KEY = "(SELECT key FROM instance WHERE id = {row}.instance_id)"
_OF = "{row}.element_id, {row}.role, {row}.due_at, {row}.opened_at"
_NOTE = f"INSERT INTO open_work (key, element_id, role, due_at, opened_at, number) SELECT {_KEY}, {_OF}, {{number}}"
_ADD, _TAKE = _NOTE.format(row="NEW", number=1), _NOTE.format(row="OLD", number=-1)
_MANY = "(SELECT many FROM instance WHERE id = NEW.instance_id)"

SQLITE = f"""
CREATE TRIGGER user_task_counted_new AFTER INSERT ON user_task WHEN NEW.state = 'open' AND {_MANY}
BEGIN {_ADD}; END;;
CREATE TRIGGER user_task_counted AFTER UPDATE OF state, role, due_at ON user_task
WHEN (OLD.state = 'open' OR NEW.state = 'open') AND {_MANY}
BEGIN {_TAKE} WHERE OLD.state = 'open'; {_ADD} WHERE NEW.state = 'open'; END
"""

POSTGRESQL = f"""
CREATE OR REPLACE FUNCTION user_task_counted() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
IF {_MANY} THEN {_TAKE} WHERE OLD.state = 'open'; {_ADD} WHERE NEW.state = 'open'; END IF;
RETURN NULL;
END $$;;
CREATE OR REPLACE FUNCTION user_task_counted_new() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
INSERT INTO open_work (key, element_id, role, due_at, opened_at, number)
SELECT i.key, t.element_id, t.role, t.due_at, min(t.opened_at), count(*)
FROM added t JOIN instance i ON i.id = t.instance_id WHERE t.state = 'open' AND i.many
GROUP BY i.key, t.element_id, t.role, t.due_at;
RETURN NULL;
END $$;;
CREATE TRIGGER user_task_counted_new AFTER INSERT ON user_task
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION user_task_counted_new();;
CREATE TRIGGER user_task_counted AFTER UPDATE OF state, role, due_at ON user_task FOR EACH ROW
WHEN (OLD.state = 'open' OR NEW.state = 'open') EXECUTE FUNCTION user_task_counted()
"""  # noqa: S608 - names of ours
