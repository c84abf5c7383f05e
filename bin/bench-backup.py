#!/usr/bin/env python3
"""Times backups: how much one slows pages, and how a restore compares with a plain copy.

Usage: bench-backup.py PRIMA FOLDER. The load generator is wrk, on the same cores. GIGABYTES (1), ROUNDS (3) and SECONDS_EACH (8)
change the case. Every ratio is of figures taken in turns in one run, so that a busy machine slows both sides alike.

The city is the demonstration with finished jobs of random words added until the file is large enough: the page is a real one, and
the bytes pack about as well as text does.
"""
import http.client
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

PRIMA, FOLDER = sys.argv[1:3]
GIGABYTES = float(os.environ.get("GIGABYTES", "1"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
SECONDS = int(os.environ.get("SECONDS_EACH", "8"))
PAGE = os.environ.get("PAGE", "/kinerja/kota-palembang")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server on a free port, stopped at the end."""

    def __init__(self, command, port):
        self.port = port
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", PAGE)
                if connection.getresponse().status == 200:
                    return
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit("the server ended")
            time.sleep(0.05)
        raise SystemExit(f"{PAGE} is not shown")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def fill(path):
    """Adds finished jobs until the file is as large as wanted."""
    words = [f"kata{number}" for number in range(4000)]
    chance = random.Random(7)
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=OFF")
    wanted = int(GIGABYTES * 1_000_000_000)
    while os.path.getsize(path) < wanted:
        rows = []
        for _ in range(5000):
            text = " ".join(chance.choices(words, k=110))
            payload = '{"note":"%s","id":"%s"}' % (text, uuid.UUID(int=chance.getrandbits(128)))
            rows.append((chance.randbytes(16), payload))
        database.executemany(
            "INSERT INTO job (id, institution_id, kind, key, payload, state, attempt, fence, due_at, ended_at, error) "
            "VALUES (?, zeroblob(16), 'bench.row', NULL, ?, 'done', 1, 1, NULL, strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now'), NULL)",
            rows,
        )
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return os.path.getsize(path)


def p99(port):
    """The 99th percentile of the page in milliseconds, for eight visitors."""
    command = ["wrk", "-t1", "-c8", f"-d{SECONDS}s", "--latency", f"http://127.0.0.1:{port}{PAGE}"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in text:
        raise SystemExit(text)
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
    return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def under_backup(port, environment):
    """The same while a backup is made; it must run all the time that is measured."""
    backup = subprocess.Popen([PRIMA, "backup", "--lang", "en"], env=environment, stdout=subprocess.DEVNULL)
    time.sleep(0.3)
    seen = p99(port)
    running = backup.poll() is None
    began = time.perf_counter()
    if backup.wait() != 0:
        raise SystemExit("no backup was made")
    return seen, running, time.perf_counter() - began


def sync_copy(source, target):
    """Seconds to copy a file until it is on the disk."""
    began = time.perf_counter()
    subprocess.run(["cp", "--reflink=never", source, target], check=True)
    with open(target, "rb") as file:
        os.fsync(file.fileno())
    return time.perf_counter() - began


def main():
    folder = tempfile.mkdtemp(prefix="prima-bench-backup-", dir=FOLDER)
    try:
        measure(folder)
    finally:
        shutil.rmtree(folder)


def measure(folder):
    database, place, key = (os.path.join(folder, name) for name in ("prima.db", "cadangan", "identity"))
    environment = {**os.environ, "PRIMA_DATABASE": database, "PRIMA_BACKUP": place, "PRIMA_REQUESTS_A_MINUTE": "0"}
    told = subprocess.run([PRIMA, "backup", "key", "--output", key], capture_output=True, text=True, check=True).stdout
    environment["PRIMA_BACKUP_RECIPIENT"] = told.splitlines()[0].split("=", 1)[1]
    port = free_port()
    command = [PRIMA, "demo", "--database", database, "--listen", f"127.0.0.1:{port}", "--requests-a-minute", "0", "--log", "error"]
    server = Server(command, port)
    server.stop()
    size = fill(database)
    print(f"a city of {size / 1e9:.2f} GB")
    server = Server(command, port)
    quiet, busy, whole = [], [], True
    for _ in range(ROUNDS):
        quiet.append(p99(port))
        seen, running, _ = under_backup(port, environment)
        busy.append(seen)
        whole = whole and running
    server.stop()
    ratio = statistics.median(busy) / statistics.median(quiet)
    print(f"page p99: {statistics.median(quiet):.2f} ms alone, {statistics.median(busy):.2f} ms while a backup is made: "
          f"{ratio:.2f} times (wanted: 1.5 at most)")
    if not whole:
        print("  ! a backup ended before its measurement did: take fewer SECONDS_EACH or more GIGABYTES")
    began = time.perf_counter()
    subprocess.run([PRIMA, "backup"], env=environment, check=True, stdout=subprocess.DEVNULL)
    print(f"a backup with nobody else: {time.perf_counter() - began:.1f} s")
    copies, writes, wholes = [], [], []
    for number in range(ROUNDS):
        target = os.path.join(folder, f"copy-{number}")
        copies.append(sync_copy(database, target))
        os.unlink(target)
        target = os.path.join(folder, f"restored-{number}.db")
        began = time.perf_counter()
        told = subprocess.run([PRIMA, "restore", place, "--identity", key, "--to", target, "--lang", "en"],
                              capture_output=True, text=True, check=True).stdout
        wholes.append(time.perf_counter() - began)
        writes.append(int(re.search(r"Written in (\d+) ms", told).group(1)) / 1000)
        for name in os.listdir(folder):
            if name.startswith(f"restored-{number}."):
                os.unlink(os.path.join(folder, name))
    copy, write, every = (statistics.median(times) for times in (copies, writes, wholes))
    print(f"a plain copy: {copy:.2f} s ({size / copy / 1e6:.0f} MB/s)")
    print(f"a restore until it is on the disk: {write:.2f} s, {copy / write * 100:.0f} % of the copy's speed (wanted: 50 % at least)")
    print(f"the whole command, with every page and the audit log checked: {every:.2f} s, {copy / every * 100:.0f} %")


main()
