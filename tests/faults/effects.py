"""An effect that can be counted."""

from django.db import connection


def leave_a_line(number: int) -> None:
    """Write the number into a table without any key, so that twice would be seen."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effects (number) VALUES (%s)", [number])
