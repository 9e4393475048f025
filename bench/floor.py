"""The least that any program must do with mail: fetch it, parse it with the standard library, commit it, flag it.

Started by `bench/mail.py`. Prints one line of JSON. The batches are as large as ours, one commit and one flag each.
"""

import argparse
import json
import os
import sqlite3
import ssl
from collections.abc import Callable
from email import message_from_bytes, policy
from itertools import islice

import psycopg
from imapclient import IMAPClient

from bench.usage import measured

BATCH = 50
MARK = "$Floor"
TABLE = "CREATE TABLE floor (uid INTEGER, subject TEXT, text TEXT, raw {bytes})"
Rows = list[tuple[int, str, str, bytes]]


def main() -> None:
    """Go through both folders; only the second counts."""
    options = _options()
    keep = _postgres(options.database) if "://" in options.database else _sqlite(options.database)
    with IMAPClient("127.0.0.1", options.port, ssl_context=ssl.create_default_context(cafile=options.ca)) as client:
        client.login(options.user, os.environ["BENCH_PASSWORD"])
        take(client, options.warm_up, keep)
        with measured() as usage:
            count = take(client, options.folder, keep)
    print(json.dumps({"mails": count, "wall": usage.wall, "cpu": usage.cpu}))


def take(client: IMAPClient, folder: str, keep: Callable[[Rows], None]) -> int:
    """Take every mail of a folder; return how many."""
    client.select_folder(folder)
    uids = client.search()
    waiting = iter(uids)
    while batch := list(islice(waiting, BATCH)):
        found = client.fetch(batch, ["BODY.PEEK[]"])
        keep([(uid, *parsed(found[uid][b"BODY[]"]), found[uid][b"BODY[]"]) for uid in batch])
        client.add_flags(batch, MARK, silent=True)
    return len(uids)


def parsed(raw: bytes) -> tuple[str, str]:
    """Return subject and text, every part decoded, as a program that wants to know a mail has to."""
    mail = message_from_bytes(raw, policy=policy.default)
    texts = []
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            texts.append(part.get_content())
        elif not part.is_multipart():
            part.get_payload(decode=True)
    for name in ("From", "To", "Date", "Message-ID"):
        str(mail[name])
    return str(mail["Subject"]), texts[0]


def _sqlite(path: str) -> Callable[[Rows], None]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(TABLE.format(bytes="BLOB"))

    def keep(rows: Rows) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO floor VALUES (?, ?, ?, ?)", rows)
        connection.execute("COMMIT")

    return keep


def _postgres(url: str) -> Callable[[Rows], None]:
    connection = psycopg.connect(url, autocommit=True)
    connection.execute(TABLE.format(bytes="BYTEA"))

    def keep(rows: Rows) -> None:
        with connection.transaction(), connection.cursor() as cursor:
            cursor.executemany("INSERT INTO floor VALUES (%s, %s, %s, %b)", rows)

    return keep


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    for name in ("database", "user", "ca", "warm-up", "folder"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--port", type=int, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
