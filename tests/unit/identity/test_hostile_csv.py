"""Files of an organisation made with ill will."""

import time

from engine.identity.csv_files import rows_of


def test_a_file_of_many_columns_is_refused_at_once() -> None:
    """Counting each heading among all the others took minutes."""
    headings = ";".join(f"c{number}" for number in range(50_000))
    begun = time.process_time()
    assert not rows_of("people.csv", headings.encode(), errors := [])
    assert {error.reason for error in errors} == {"missing_column", "unknown_column"}
    assert time.process_time() - begun < 4
