"""Occurrences of recurrence rules by python-dateutil.

Reads one JSON object a line from standard input (rule, start, count) and writes
one JSON list of local times a line, or null where dateutil refuses the rule or
looks for longer than a fifth of a second.
"""

import json
import signal
import sys
from datetime import datetime
from itertools import islice

from dateutil.rrule import rrulestr


class TooLong(Exception):
    pass


def stop(_signal, _frame):
    raise TooLong


def occurrences(case):
    start = datetime.fromisoformat(case["start"])
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        times = islice(rrulestr(case["rule"], dtstart=start), case["count"])
        return [time.isoformat() for time in times]
    except (TooLong, ValueError):
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


signal.signal(signal.SIGALRM, stop)
for line in sys.stdin:
    print(json.dumps(occurrences(json.loads(line))))
