#!/usr/bin/env python3
"""Times answers to a survey over HTTP, each durable and confirmed, against a bare loop that inserts as many rows on the same disk.

Usage: bench-survey.py PRIMA CODES FOLDER. The load generator is wrk with 256 connections, on the same cores. Each answer uses a
code of its own: the server shows nothing twice. Both sides are measured in turns. CPU is that of the server's process.
"""
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
import http.client

PRIMA, CODES, FOLDER = sys.argv[1:4]
ROUNDS = int(os.environ.get("ROUNDS", "3"))
ROWS = int(os.environ.get("ROWS", "100000"))
SECONDS = int(os.environ.get("SECONDS_EACH", "5"))
CONNECTIONS = int(os.environ.get("CONNECTIONS", "256"))
KEYS = ["persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "sarana", "pengaduan"]

POST = """local codes = {}
for line in io.lines("%s") do codes[#codes + 1] = line end
local number = 0
local body = "%s"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.headers["Sec-Fetch-Site"] = "same-origin"
request = function()
  number = number + 1
  local code = codes[number]
  if not code then wrk.thread:stop() return wrk.format("GET", "/s") end
  return wrk.format("POST", "/s/" .. code, nil, body .. "&kiriman=bench-" .. code)
end
local kept = 0
response = function(status) if status == 303 then kept = kept + 1 end end
done = function(summary) io.write("took ", summary.duration, "\\n") end
"""

SHOW = """local codes = {}
for line in io.lines("%s") do codes[#codes + 1] = line end
local number = 0
request = function()
  number = number %% #codes + 1
  return wrk.format("GET", "/s/" .. codes[number])
end
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The city on a free port."""

    def __init__(self, database):
        self.port = free_port()
        quiet = ["--requests-a-minute", "0", "--log", "error"]
        command = [PRIMA, "serve", "--database", f"sqlite:{database}", "--listen", f"127.0.0.1:{self.port}", *quiet]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/s")
                if connection.getresponse().read():
                    return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("the server did not start")

    def cpu(self):
        """Seconds of processor time of the server so far."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def wrk(port, script, folder):
    path = os.path.join(folder, "load.lua")
    with open(path, "w") as file:
        file.write(script)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", "30s", "--latency", "-s", path, f"http://127.0.0.1:{port}"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seconds = re.search(r"requests in ([\d.]+)(s|m)", text)
    requests = int(re.search(r"(\d+) requests in", text).group(1))
    took = float(seconds.group(1)) * (60 if seconds.group(2) == "m" else 1)
    worst = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
    milliseconds = float(worst.group(1)) * {"us": 0.001, "ms": 1, "s": 1000}[worst.group(2)]
    return requests, took, milliseconds, text


def counted(database):
    import sqlite3
    with sqlite3.connect(database) as db:
        # What came within the last minute is not counted yet.
        came = db.execute("SELECT COUNT(*) FROM survey_incoming").fetchone()[0]
        answers = db.execute("SELECT COUNT(*) FROM survey_answer").fetchone()[0]
        counts = db.execute("SELECT SUM(answers) FROM survey_count WHERE part = 'total'").fetchone()[0] or 0
    return answers + came, counts + came


def main():
    folder = tempfile.mkdtemp(prefix="survey-", dir=FOLDER)
    body = "&".join(f"{key}=3" for key in KEYS)
    ratios, flows = [], []
    try:
        for turn in range(ROUNDS):
            bare = float(subprocess.run([CODES, "bare", os.path.join(folder, f"bare-{turn}.db"), str(ROWS)],
                                        capture_output=True, text=True, check=True).stdout)
            database, codes = os.path.join(folder, f"city-{turn}.db"), os.path.join(folder, "codes.txt")
            subprocess.run([CODES, "city", database, str(ROWS), codes], check=True)
            server = Server(database)
            shown, show_took, _, _ = wrk(server.port, SHOW % codes, folder)
            show_cpu_before = server.cpu()
            shown, show_took, _, _ = wrk(server.port, SHOW % codes, folder)
            show_cpu = (server.cpu() - show_cpu_before) / shown
            before, began = server.cpu(), time.perf_counter()
            sent, took, worst, text = wrk(server.port, POST % (codes, body), folder)
            send_cpu = server.cpu() - before
            server.stop()
            answers, counts = counted(database)
            if answers != counts or answers > sent + CONNECTIONS:
                raise SystemExit(f"{sent} sent, {answers} kept, {counts} counted\n{text}")
            if answers >= ROWS:
                raise SystemExit("the codes ran out: raise ROWS")
            rate = answers / took
            ratios.append(rate / bare)
            flows.append(1000 * (show_cpu + send_cpu / answers))
            print(f"bare loop of 200: {bare:.0f}/s · answers over HTTP, {CONNECTIONS} connections: {rate:.0f}/s (p99 {worst:.0f} ms) · "
                  f"{100 * rate / bare:.0f} % · page {shown / show_took:.0f}/s · CPU of page and answer {flows[-1]:.2f} ms")
            for name in os.listdir(folder):
                os.unlink(os.path.join(folder, name))
        print(f"medians: {100 * statistics.median(ratios):.0f} % of the bare loop, {statistics.median(flows):.2f} ms of CPU for page and answer")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
