"""Answers calls through the aws command line (version 1): its own entry, its own parser, without a start a call."""

import contextlib
import io
import json

from awscli.clidriver import create_clidriver
from botocore import xform_name

from lines import serve


def answer(call):
    words = [call["service"], xform_name(call["operation"], "-"), "--cli-input-json", json.dumps(call["input"])]
    words += ["--endpoint-url", call["endpoint"], "--output", "json"]
    if not call.get("every"):
        words.append("--no-paginate")
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        code = create_clidriver().main(words)
    return {"code": code, "output": output.getvalue(), "errors": errors.getvalue()}


serve(answer)
