"""Học Vụ Số: the digital literacy movement, carried by one system."""

import os

# Before numpy is loaded: requests are served and items calibrated side by side, so one core each is fastest.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
