"""One program's 2PL calibration: `python calibrate.py PROGRAM answers.npz found.npz`.

Peers run in their own Python, which knows nothing of the product. A small calibration first loads what is loaded late.
The product starts from triplets and numbers them inside the measured time; peers get the whole table they ask for.
"""

import re
import sys
import time
from pathlib import Path

import numpy as np


def by_hocvuso(answers):
    from hocvuso.assessment.engine.calibration import calibrate
    from hocvuso.assessment.engine.responses import Responses

    person, item = np.nonzero(answers >= 0)
    right = answers[person, item]

    def run():
        found = calibrate(Responses.of(person, item, right), needed=1)
        return found.a, found.b

    return run


def by_mirt(answers, **options):
    import mirt

    def run():
        found = mirt.fit_mirt(answers, "2PL", **options).model.parameters
        return np.ravel(found["discrimination"]), np.ravel(found["difficulty"])

    return run


def by_tuned_mirt(answers):
    """As many points as the product uses, and its acceleration: the same error sooner than by its defaults."""
    return by_mirt(answers, n_quadpts=61, accelerate="squarem")


def by_girth(answers):
    import girth

    data = answers.T.copy()
    data[data < 0] = girth.INVALID_RESPONSE

    def run():
        found = girth.twopl_mml(data)
        return found["Discrimination"], found["Difficulty"]

    return run


def mebibytes(kind):
    return int(re.search(rf"{kind}:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024


if __name__ == "__main__":
    prepare = {"hocvuso": by_hocvuso, "mirt": by_mirt, "tuned mirt": by_tuned_mirt, "girth": by_girth}[
        sys.argv[1]
    ]
    answers = np.load(sys.argv[2])["answers"]
    prepare(answers[:300, :20])()
    run = prepare(answers)
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts anew (Linux)
    before = mebibytes("VmRSS")
    begin, worked = time.perf_counter(), time.process_time()
    a, b = run()
    seconds, processor = time.perf_counter() - begin, time.process_time() - worked
    grown = mebibytes("VmHWM") - before
    np.savez(sys.argv[3], a=a, b=b, seconds=seconds, processor=processor, mebibytes=grown)
