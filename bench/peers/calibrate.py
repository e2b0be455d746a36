"""Another program's 2PL calibration of the same answers: `python calibrate.py mirt|girth answers.npz found.npz`.

Runs in the peers' own Python, which knows nothing of the product. A small calibration first loads what is loaded late.
"""

import sys
import time

import numpy as np


def by_mirt(answers):
    import mirt

    found = mirt.fit_mirt(answers, "2PL").model.parameters
    return np.ravel(found["discrimination"]), np.ravel(found["difficulty"])


def by_girth(answers):
    import girth

    data = answers.T.copy()
    data[data < 0] = girth.INVALID_RESPONSE
    found = girth.twopl_mml(data)
    return found["Discrimination"], found["Difficulty"]


if __name__ == "__main__":
    calibrate = {"mirt": by_mirt, "girth": by_girth}[sys.argv[1]]
    answers = np.load(sys.argv[2])["answers"]
    calibrate(answers[:300, :20])
    begin = time.perf_counter()
    a, b = calibrate(answers)
    seconds = time.perf_counter() - begin
    np.savez(sys.argv[3], a=a, b=b, seconds=seconds)
