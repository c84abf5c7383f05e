#!/usr/bin/env python3
"""Times uploads of a large file through the running server against a plain copy of the same file on the same disk.

Usage: bench-files.py PRIMA FOLDER. A round is: cp and fsync of a file, the same file as one form (multipart), the same file in
pieces (as the script of the page sends it, of the size that the server allows). Each round has a file of new random bytes, another
order, and for each way content that the server does not have yet: it differs in its last bytes. Before each way the disk has
nothing left to write; what was stored is removed afterwards. Ratios are of one round; the memory of the server is sampled all the while.
BYTES (1000000000), ROUNDS (5) and PIECE (the most allowed) change the case. The sender runs on the same cores as the server.
"""
import http.client
import json
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

PRIMA, FOLDER = sys.argv[1:3]
BYTES = int(os.environ.get("BYTES", "1000000000"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
PIECE = int(os.environ.get("PIECE", "0"))
UNIT = "/kelola/unit/dinas-kependudukan-dan-pencatatan-sipil/berkas"
CHUNK = 1024 * 1024


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class City:
    """The demonstration city on a free port, with somebody signed in who may send files."""

    def __init__(self, database):
        self.port = free_port()
        command = [PRIMA, "demo", "--database", database, "--listen", f"127.0.0.1:{self.port}"]
        quiet = ["--requests-a-minute", "0", "--log", "error"]
        self.process = subprocess.Popen([*command, *quiet], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.host = f"127.0.0.1:{self.port}"
        self.cookie = None
        while True:
            try:
                self.ask("GET", "/readyz")
                break
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit("the server ended")
                time.sleep(0.01)
        self.sign_in()

    def headers(self, more=()):
        headers = {"Host": self.host, "Origin": f"http://{self.host}", "Accept": "application/json", **dict(more)}
        if self.cookie:
            headers["Cookie"] = self.cookie
        return headers

    def ask(self, method, path, body=None, more=()):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        connection.request(method, path, body, self.headers(more))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def form(self, path, fields):
        kind = [("Content-Type", "application/x-www-form-urlencoded")]
        return self.ask("POST", path, urllib.parse.urlencode(fields), kind)

    def sign_in(self):
        fields = {"email": "unit@contoh.go.id", "password": "peragaan-kota-contoh"}
        status, headers, body = self.form("/masuk", fields)
        cookies = [line.split(";")[0] for line in headers.get_all("Set-Cookie") or []]
        if status != 303 or not cookies:
            raise SystemExit(f"signing in was answered {status}: {body[:300]}")
        self.cookie = "; ".join(cookies)

    def resident(self):
        """Megabytes of memory now, without what the kernel keeps of files."""
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"RssAnon:\s+(\d+)", status.read()).group(1)) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


class Memory(threading.Thread):
    """The most memory the server has from now on."""

    def __init__(self, city):
        super().__init__(daemon=True)
        self.city, self.most, self.over = city, 0, False
        self.start()

    def run(self):
        while not self.over:
            self.most = max(self.most, self.city.resident())
            time.sleep(0.02)

    def end(self):
        self.over = True
        self.join()
        return self.most


def copied(city, source, folder):
    """Seconds of a plain copy that is on the disk at the end."""
    target = os.path.join(folder, "copy")
    began = time.perf_counter()
    subprocess.run(["cp", source, target], check=True)
    subprocess.run(["sync", target], check=True)
    took = time.perf_counter() - began
    os.unlink(target)
    return took


MARK = "prima-bench-boundary"
FORM = f"multipart/form-data; boundary={MARK}"


def part(name, value):
    return f'--{MARK}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'


def as_form(city, source, _):
    """Seconds of the file as one form."""
    head = part("title", "Arsip") + part("category", "document") + (
        f'--{MARK}\r\nContent-Disposition: form-data; name="berkas"; filename="arsip.zip"\r\n'
        "Content-Type: application/zip\r\n\r\n")
    head, tail = head.encode(), f"\r\n--{MARK}--\r\n".encode()
    lines = city.headers([("Content-Type", FORM),
                          ("Content-Length", str(len(head) + BYTES + len(tail))), ("Connection", "close")])
    request = f"POST {UNIT} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items()) + "\r\n"
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", city.port)) as line, open(source, "rb") as file:
        line.sendall(request.encode() + head)
        line.sendfile(file)
        line.sendall(tail)
        answer = b""
        while chunk := line.recv(65536):
            answer += chunk
    took = time.perf_counter() - began
    if b" 303 " not in answer[:20]:
        raise SystemExit(answer[:2000].decode(errors="replace"))
    return took


def in_pieces(city, source, _):
    """Seconds of the file in pieces of the size that the server allows."""
    began = time.perf_counter()
    status, _, body = city.form("/unggah", {"untuk": "unit", "nama": "arsip.zip", "ukuran": BYTES})
    if status != 201:
        raise SystemExit(f"{status}: {body[:500]}")
    told = json.loads(body)
    most = min(told["piece"], PIECE or told["piece"])
    line = http.client.HTTPConnection("127.0.0.1", city.port, timeout=600)
    line.connect()
    with open(source, "rb") as file:
        sent = 0
        while sent < BYTES:
            length = min(most, BYTES - sent)
            line.putrequest("POST", f"/unggah/{told['id']}?dari={sent}", skip_host=True, skip_accept_encoding=True)
            for name, value in city.headers([("Content-Length", str(length))]).items():
                line.putheader(name, value)
            line.endheaders()
            # From the file to the line without a copy, as for the form.
            line.sock.sendfile(file, sent, length)
            answer = line.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise SystemExit(f"{answer.status}: {body[:500]}")
            sent += length
    took = time.perf_counter() - began
    file = json.loads(body)["file"]
    if not file:
        raise SystemExit("the last piece made no file")
    # Only so much of one sender may wait: the form that names it is sent, too.
    form = part("title", "Arsip") + part("category", "document") + part("unggahan", file) + f"--{MARK}--\r\n"
    status, _, body = city.ask("POST", UNIT, form.encode(), [("Content-Type", FORM)])
    if status != 303:
        raise SystemExit(f"{status}: {body[:500]}")
    return took


def renewed(source):
    """Gives the file an end that it never had."""
    with open(source, "r+b") as file:
        file.seek(-CHUNK, os.SEEK_END)
        file.write(os.urandom(CHUNK))


def made(source):
    """A file of random bytes that begins as an archive."""
    with open(source, "wb") as file:
        file.write(b"PK\x03\x04")
        left = BYTES - 4
        while left:
            left -= file.write(os.urandom(min(left, CHUNK)))


def removed(stored):
    """Removes what the server stored of large files, so that the disk does not fill."""
    for folder, _, names in os.walk(stored):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.getsize(path) >= BYTES:
                os.unlink(path)


def one_round(city, folder, number):
    """Seconds of each way, and the most memory the server had meanwhile."""
    source = os.path.join(folder, "arsip.zip")
    made(source)
    ways = list(WAYS.items())
    ways = ways[number % len(ways):] + ways[:number % len(ways)]
    took = {}
    for name, way in ways:
        renewed(source)
        os.sync()
        memory = Memory(city)
        took[name] = way(city, source, folder), memory.end()
        removed(os.path.join(folder, "prima.db.berkas"))
        os.sync()
    return took


WAYS = {"copy": copied, "one form": as_form, "pieces": in_pieces}


def main():
    with tempfile.TemporaryDirectory(prefix="prima-bench-files-", dir=FOLDER) as folder:
        city = City(os.path.join(folder, "prima.db"))
        try:
            before, rates, ratios = city.resident(), {name: [] for name in WAYS}, {name: [] for name in WAYS}
            for number in range(ROUNDS):
                took = one_round(city, folder, number)
                print(f"round {number + 1}, in the order {', '.join(took)}:")
                for name in WAYS:
                    seconds, memory = took[name]
                    rates[name].append(BYTES / seconds / 1e6)
                    ratios[name].append(took["copy"][0] / seconds)
                    note = "" if name == "copy" else (f", {ratios[name][-1]:.0%} of the copy; "
                                                      f"the server had {memory:.0f} MB at most, {before:.0f} MB before")
                    print(f"  {name}: {rates[name][-1]:.0f} MB/s{note}", flush=True)
            for name in WAYS:
                print(f"{name}: median {statistics.median(rates[name]):.0f} MB/s, "
                      f"{statistics.median(ratios[name]):.0%} of a plain copy")
        finally:
            city.stop()


main()
