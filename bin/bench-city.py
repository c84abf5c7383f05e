#!/usr/bin/env python3
"""Times the city on the web: cold start, a public page against a bare axum route, durable writes, ten times the data.

Usage: bench-city.py PRIMA BARE WRITES FOLDER. The load generator is wrk, on the same cores. Every ratio is of figures taken in
turns in one run, so that a busy machine slows both sides alike.
"""
import csv
import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time

PRIMA, BARE, WRITES, FOLDER = sys.argv[1:5]
ROUNDS = int(os.environ.get("ROUNDS", "3"))
SECONDS = int(os.environ.get("SECONDS_EACH", "5"))
PAGE = os.environ.get("PAGE", "/kinerja/kota-palembang")
# A ranking whose first page is full with the published results alone, so that ten times the data show as many rows.
LEAGUE = "/kinerja/peringkat/ombudsman/2025"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    return answer.status, body


class Server:
    """A server on a free port, stopped at the end."""

    def __init__(self, command, port):
        self.port, self.began = port, time.perf_counter()
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def wait(self, path):
        """Milliseconds from the start of the process to the first whole page."""
        while True:
            try:
                status, _ = get(self.port, path)
                if status == 200:
                    return (time.perf_counter() - self.began) * 1000
                raise SystemExit(f"{path} answered {status}")
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit("the server ended")
                time.sleep(0.001)

    def resident(self):
        """Megabytes of memory now."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def demo(database):
    port = free_port()
    quiet = ["--requests-a-minute", "0", "--log", "error"]
    return Server([PRIMA, "demo", "--database", database, "--listen", f"127.0.0.1:{port}", *quiet], port)


def wrk(port, path, connections=64, script=None):
    """Requests a second, median and 99th percentile in milliseconds."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency"]
    if script:
        with tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False) as file:
            file.write(script)
        command += ["-s", file.name]
    text = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True).stdout
    if script:
        os.unlink(file.name)
    if "Non-2xx" in text:
        raise SystemExit(text)
    def milliseconds(share):
        value, unit = re.search(rf"{share}%\s+([\d.]+)(us|ms|s)", text).groups()
        return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)), milliseconds(50), milliseconds(99)


def cold_starts(folder):
    fresh, again = [], []
    for number in range(7):
        database = os.path.join(folder, f"cold-{number}.db")
        for times in (fresh, again):
            server = demo(database)
            times.append(server.wait("/"))
            memory = server.resident()
            server.stop()
    print(f"cold start to first page: {statistics.median(again):.0f} ms with the demo city there already, "
          f"{statistics.median(fresh):.0f} ms with the demo city made first (medians of 7); resident {memory:.1f} MB")


def page_against_bare(folder):
    bare_port = free_port()
    bare = Server([BARE, f"127.0.0.1:{bare_port}"], bare_port)
    bare.wait("/")
    city = demo(os.path.join(folder, "page.db"))
    city.wait(PAGE)
    for title, script in (("", None), (", made anew for each request", FRESH)):
        ratios = []
        for _ in range(ROUNDS):
            plain, _, _ = wrk(bare.port, "/")
            page, median, worst = wrk(city.port, PAGE, 64, script)
            ratios.append(page / plain)
            print(f"bare axum text route {plain:.0f}/s · {PAGE}{title} {page:.0f}/s (median {median:.2f} ms, p99 {worst:.2f} ms) · "
                  f"{100 * page / plain:.0f} %")
        print(f"median ratio {100 * statistics.median(ratios):.0f} %; resident after load {city.resident():.1f} MB")
    bare.stop()
    city.stop()


FRESH = """local number = 0
request = function()
  number = number + 1
  return wrk.format("GET", wrk.path .. "?n=" .. number)
end
"""


def ten_times(folder):
    """The same page, with the published results and with ten times as many: nine more of each, of other places."""
    table = os.path.join(os.path.dirname(__file__), "..", "vectors", "ombudsman.csv")
    with open(table, encoding="utf-8", newline="") as source:
        head, *rows = csv.reader(source)
    tables = [os.path.join(os.path.dirname(table), name) for name in ("ipp.csv", "skm.csv", "ombudsman.csv")]
    results = sum(1 for name in tables for _ in open(name, encoding="utf-8")) - len(tables)
    more = os.path.join(folder, "more.csv")
    with open(more, "w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(head)
        for number in range(9 * results):
            name, place, *rest = rows[number % len(rows)]
            writer.writerow([f"{name}-x{number}", f"Kota Contoh {number // 12}", *rest])
    one = os.path.join(folder, "one.db")
    server = demo(one)
    server.wait(PAGE)
    server.stop()
    ten = os.path.join(folder, "ten.db")
    shutil.copy(one, ten)
    subprocess.run([PRIMA, "import", "results", more, "--yes", "--database", ten], check=True, stdout=subprocess.DEVNULL)
    small, large = demo(one), demo(ten)
    for page in (PAGE, LEAGUE):
        small.wait(page)
        large.wait(page)
        ratios = []
        for _ in range(ROUNDS):
            _, before, _ = wrk(small.port, page, 1, FRESH)
            _, after, _ = wrk(large.port, page, 1, FRESH)
            ratios.append(after / before)
            print(f"{page}, made anew, one at a time: {before:.3f} ms, with ten times the data {after:.3f} ms · {after / before:.2f}×")
        print(f"median ratio {statistics.median(ratios):.2f}×")
    small.stop()
    large.stop()


def main():
    folder = tempfile.mkdtemp(prefix="city-", dir=FOLDER)
    try:
        cold_starts(folder)
        page_against_bare(folder)
        subprocess.run([WRITES, folder], check=True)
        ten_times(folder)
    finally:
        shutil.rmtree(folder)


main()
