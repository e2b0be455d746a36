"""`make bench [AREAS="weight pages"]`: measure, print, write bench/results/<area>.json."""

import sys

from bench import calibration, cat, integrity, multistage, pages, start, weight
from bench.result import save

AREAS = {
    "weight": weight.measure,
    "start": start.measure,
    "pages": pages.measure,
    "calibration": calibration.measure,
    "cat": cat.measure,
    "integrity": integrity.measure,
    "multistage": multistage.measure,
}

if __name__ == "__main__":
    for area in sys.argv[1:] or AREAS:
        save(area, AREAS[area]())
