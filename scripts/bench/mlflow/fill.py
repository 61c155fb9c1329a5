"""Adds versions FROM to TO of a model to the database of MLflow's server: rows as its store made them of version 1.

Usage: fill.py DATABASE MODEL FROM TO
"""

import sqlite3
import sys
import time

TEAMS = 10


def main(database: str, model: str, first: int, last: int) -> None:
    connection = sqlite3.connect(database, timeout=60)
    connection.row_factory = sqlite3.Row
    with connection:
        one = connection.execute("SELECT * FROM model_versions WHERE name = ? AND version = 1", (model,)).fetchone()
        tags = connection.execute("SELECT * FROM model_version_tags WHERE name = ? AND version = 1", (model,)).fetchall()
        latest = connection.execute("SELECT max(creation_time) FROM model_versions WHERE name = ?", (model,)).fetchone()[0]
        step = (time.time() * 1_000 - latest) / (last - first + 1)
        for number in range(first, last + 1):
            made = int(latest + step * (number - first + 1))
            source = f"s3://models/{model}/{number}"
            own = {"version": number, "source": source, "storage_location": source, "run_id": f"run-{number}"}
            add(connection, "model_versions", {**dict(one), **own, "creation_time": made, "last_updated_time": made})
            values = {"team": f"team-{number % TEAMS}", "commit": f"commit-{number}"}
            for tag in tags:
                add(connection, "model_version_tags", {**dict(tag), "version": number, "value": values[tag["key"]]})


def add(connection: sqlite3.Connection, table: str, row: dict) -> None:
    names = ", ".join(row)
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
