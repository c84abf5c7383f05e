"""The cheapest path of a city against HiGHS on the same model: `bench-path.py EXAMPLE FOLDER`."""

import subprocess
import sys
import time
from decimal import ROUND_HALF_UP, Decimal

import highspy

LIMIT = 300


def solve(path):
    """The optimum of a model, whether it is proved, and the seconds of the solver itself, without reading the file."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.setOptionValue("mip_abs_gap", 0.0)
    solver.setOptionValue("threads", 2)
    solver.setOptionValue("time_limit", float(LIMIT))
    solver.readModel(path)
    begun = time.monotonic()
    solver.run()
    took = time.monotonic() - begun
    proved = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return solver.getInfo().objective_function_value, proved, took


def main():
    example, folder = sys.argv[1:3]
    subprocess.run([example, folder], check=True)
    count, days, target_took, value, budget_took = open(f"{folder}/found.txt", encoding="utf-8").read().split()
    agree = True
    print(f"HiGHS {highspy.Highs().version()}, two threads, no gap, {LIMIT} s at most")
    best, proved, took = solve(f"{folder}/target.lp")
    same = round(best) == int(days)
    agree &= same or not proved
    print(f"target A-: {best:.0f} days, proved: {proved}, {took:.3f} s; Prima {days} days, {float(target_took):.3f} s", end="; ")
    print(f"Prima / HiGHS {float(target_took) / took:.3f}", "" if same else "DIFFERS")
    best, proved, took = solve(f"{folder}/budget.lp")
    mean = (Decimal(round(best)) / 100 / int(count)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    same = mean == Decimal(value)
    agree &= same or not proved
    print(f"budget: {mean}, proved: {proved}, {took:.3f} s; Prima {value}, {float(budget_took):.3f} s", end="; ")
    print(f"Prima / HiGHS {float(budget_took) / took:.3f}", "" if same else "DIFFERS")
    sys.exit(0 if agree else 1)


main()
