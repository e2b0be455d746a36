"""What is written to the log: enough to mend a fault, no key to anybody's door."""

import logging
import re

CARD_CODE = re.compile(r"(/the/)[^/?\s\"']+")


class HideCodes(logging.Filter):
    """The address of a card holds its code; Django names the address of whatever was refused."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(hide(part) if isinstance(part, str) else part for part in record.args)
        if isinstance(record.msg, str):
            record.msg = hide(record.msg)
        return True


def hide(text: str) -> str:
    return CARD_CODE.sub(r"\1…", text)
