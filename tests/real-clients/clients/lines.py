"""Lets a Python client of AWS answer one call a line: JSON in on standard input, JSON out on standard output."""

import base64
import datetime
import json
import sys


def plain(value):
    """Writes times as JavaScript does, and bytes as base64."""
    if isinstance(value, datetime.datetime):
        utc = value.astimezone(datetime.timezone.utc)
        return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value)} cannot be written")


def serve(answer):
    output = sys.stdout
    for line in sys.stdin:
        output.write(json.dumps(answer(json.loads(line)), default=plain) + "\n")
        output.flush()
