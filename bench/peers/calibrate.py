"""One program's 2PL calibration: `python calibrate.py hocvuso|mirt|girth answers.npz found.npz`.

Peers run in their own Python, which knows nothing of the product. A small calibration first loads what is loaded late.
The product starts from triplets and numbers them inside the measured time; peers get the whole table they ask for.
"""

import resource
import sys
import time

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


def by_mirt(answers):
    import mirt

    def run():
        found = mirt.fit_mirt(answers, "2PL").model.parameters
        return np.ravel(found["discrimination"]), np.ravel(found["difficulty"])

    return run


def by_girth(answers):
    import girth

    data = answers.T.copy()
    data[data < 0] = girth.INVALID_RESPONSE

    def run():
        found = girth.twopl_mml(data)
        return found["Discrimination"], found["Difficulty"]

    return run


if __name__ == "__main__":
    prepare = {"hocvuso": by_hocvuso, "mirt": by_mirt, "girth": by_girth}[sys.argv[1]]
    answers = np.load(sys.argv[2])["answers"]
    prepare(answers[:300, :20])()
    run = prepare(answers)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begin = time.perf_counter()
    a, b = run()
    seconds = time.perf_counter() - begin
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    np.savez(sys.argv[3], a=a, b=b, seconds=seconds, mebibytes=grown)
