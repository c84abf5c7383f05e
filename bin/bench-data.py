#!/usr/bin/env python3
"""Makes the files of the speed comparison, and runs each engine over them in a process of its own."""
import csv
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

ROWS = int(os.environ.get("ROWS", 20_000_000))
CSV_ROWS = int(os.environ.get("CSV_ROWS", 10_000_000))
RUNS = int(os.environ.get("RUNS", 5))
WRITER = os.environ.get("WRITER", "duckdb")  # duckdb or pyarrow
UNIT = os.environ.get("UNIT", "int")  # int or text
CODEC = os.environ.get("CODEC", "zstd")  # zstd or snappy
THREADS = 2
ANSWERS = [f"u{number}" for number in range(1, 10)]
TOTAL = "(" + "+".join(f"{name}::BIGINT" for name in ANSWERS) + ")"
SUMS = ", ".join(f"sum({name}) AS {name}" for name in ANSWERS)
SQL = f"SELECT unit, period, count(*) AS n, {SUMS}, sum({TOTAL}*{TOTAL}) AS squares FROM data GROUP BY unit, period"


def table(rows, seed):
    """Random answers of 5,000 units (Zipf 0.6) in four periods."""
    import numpy
    import pyarrow

    random = numpy.random.default_rng(seed)
    weights = numpy.arange(1, 5001) ** -0.6
    unit = numpy.searchsorted(numpy.cumsum(weights) / weights.sum(), random.random(rows)).astype("int32")
    columns = {"unit": pyarrow.array(unit)}
    if UNIT == "text":
        names = pyarrow.array([f"Unit Pelayanan {number:04}" for number in range(5001)])
        columns["unit"] = names.take(columns["unit"])
    periods = pyarrow.array(["2025-S1", "2025-S2", "2026-S1", "2026-S2"])
    columns["period"] = periods.take(pyarrow.array(random.integers(0, 4, rows)))
    for name in ANSWERS:
        columns[name] = pyarrow.array(random.choice(4, rows, p=[0.05, 0.15, 0.5, 0.3]).astype("int32") + 1)
    return pyarrow.table(columns)


def make(folder):
    """The big Parquet file, a middling CSV file and a small one."""
    import duckdb
    import pyarrow.csv
    import pyarrow.parquet

    parquet = folder / f"answers-{ROWS}-{UNIT}-{WRITER}-{CODEC}.parquet"
    if not parquet.exists():
        written = folder / "new.parquet"
        with pyarrow.parquet.ParquetWriter(written, table(1, 0).schema, compression=CODEC) as writer:
            for seed, start in enumerate(range(0, ROWS, 1_000_000)):
                writer.write_table(table(min(1_000_000, ROWS - start), seed))
        if WRITER == "duckdb":
            options = f"(FORMAT parquet, COMPRESSION {CODEC})"
            duckdb.sql(f"COPY (FROM '{written}') TO '{parquet}' {options}")
            written.unlink()
        else:
            written.rename(parquet)
    files = [parquet]
    for rows in (CSV_ROWS, 1000):
        files.append(folder / f"answers-{rows}-{UNIT}.csv")
        if not files[-1].exists():
            pyarrow.csv.write_csv(table(rows, 1), files[-1])
    return files


def query(engine, file, output):
    """One engine's answer as CSV."""
    reader = "read_parquet" if file.endswith(".parquet") else "read_csv"
    if engine == "duckdb":
        import duckdb

        duckdb.sql(f"SET threads = {THREADS}")
        duckdb.sql(SQL.replace("FROM data", f"FROM {reader}('{file}')")).write_csv(output)
    elif engine == "polars":
        os.environ["POLARS_MAX_THREADS"] = str(THREADS)
        import polars

        data = polars.scan_parquet(file) if reader == "read_parquet" else polars.scan_csv(file)
        total = polars.sum_horizontal(polars.col(name).cast(polars.Int64) for name in ANSWERS)
        sums = [polars.len().alias("n"), *(polars.col(name).cast(polars.Int64).sum() for name in ANSWERS)]
        answer = data.group_by("unit", "period").agg(*sums, (total * total).sum().alias("squares"))
        answer.collect(engine="streaming").write_csv(output)
    elif engine == "datafusion":
        import datafusion

        context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(THREADS))
        register = context.register_parquet if reader == "read_parquet" else context.register_csv
        register("data", file)
        import pyarrow.csv

        answer = context.sql(SQL).to_arrow_table()
        # Its texts come as views, which the writer does not know.
        plain = [column.cast("string") if "view" in str(column.type) else column for column in answer.columns]
        pyarrow.csv.write_csv(pyarrow.table(plain, answer.column_names), output)


def timed(command):
    """Wall seconds, CPU seconds and peak memory (MB) of a command."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begun
    if status:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def same(path):
    """The numbers of an answer, in whatever order and with or without a header, as one value to compare."""
    with open(path, newline="") as file:
        return tuple(sorted(tuple(row) for row in csv.reader(file) if row[2].isdigit()))


def compare(title, commands, size=0):
    """Runs the commands in turn and prints best, median, ratio to Prima, CPU, memory."""
    runs = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            runs[name].append(timed(command))
    print(f"\n{title}\n{'':12} {'best s':>8} {'median s':>9} {'prima/it':>9} {'CPU s':>7} {'MB':>6}")
    prima = min(wall for wall, _, _ in runs["prima"])
    for name, times in runs.items():
        best = min(wall for wall, _, _ in times)
        middle = median(wall for wall, _, _ in times)
        cpu, memory = min(cpu for _, cpu, _ in times), max(memory for _, _, memory in times)
        speed = f"  {size / best / 1e6:.0f} MB/s" if size else ""
        print(f"{name:12} {best:8.3f} {middle:9.3f} {prima / best:9.2f} {cpu:7.2f} {memory:6.0f}{speed}", flush=True)


def main(folder, prima):
    """All comparisons. `prima` is the command line; FILE and OUT in it stand for the files."""
    engines = os.environ.get("ENGINES", "duckdb polars datafusion").split()
    # Made in a process of its own: what this process has ever held would count as memory of those it starts.
    made = subprocess.run([sys.executable, __file__, "make", folder], stdout=subprocess.PIPE, text=True, check=True)
    parquet, big, small = map(Path, made.stdout.splitlines()[-3:])
    outputs = {}
    for file in (parquet, big):
        output = outputs[file] = {name: folder / f"sums-{file.suffix[1:]}-{name}.csv" for name in ["prima", *engines]}
        replaced = {"FILE": str(file), "OUT": str(output["prima"])}
        commands = {"prima": [replaced.get(word, word) for word in prima]}
        for engine in engines:
            commands[engine] = [sys.executable, __file__, "query", engine, file, output[engine]]
        size = file.stat().st_size
        compare(f"{file.name}, {size / 1e6:.0f} MB", commands, size if file is big else 0)
    commands = {"prima": [{"FILE": str(small), "OUT": str(folder / "small.csv")}.get(word, word) for word in prima]}
    compare("1,000 rows, the whole process", commands)
    # The program's own table holds indices, not sums; the example's holds sums, as the engines' do.
    names = engines if "score" in prima else ["prima", *engines]
    for file, output in outputs.items():
        print(f"{' '.join(names)} agree on {file.name}:", len({same(output[name]) for name in names}) == 1)


if __name__ == "__main__":
    if sys.argv[1] == "query":
        query(*sys.argv[2:])
    elif sys.argv[1] == "make":
        print(*make(Path(sys.argv[2])), sep="\n")
    else:
        main(Path(sys.argv[1]), sys.argv[2:])
