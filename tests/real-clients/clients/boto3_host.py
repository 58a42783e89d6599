"""Answers calls through boto3. A first argument names the protocol for services that are told in several."""

import sys
import traceback

from boto3.session import Session
from botocore import xform_name
from botocore.exceptions import ClientError

from lines import serve

protocol = sys.argv[1] if len(sys.argv) > 1 else None
session = Session()
clients = {}


def client_of(service):
    if service not in clients:
        if protocol:
            loader = session._session.get_component("data_loader")
            metadata = loader.load_service_model(service, "service-2")["metadata"]
            metadata["protocols"] = [protocol]
        clients[service] = session.client(service)
    return clients[service]


def answer(call):
    client = client_of(call["service"])
    name = xform_name(call["operation"])
    try:
        if call.get("every"):
            output = client.get_paginator(name).paginate(**call["input"]).build_full_result()
        else:
            output = getattr(client, name)(**call["input"])
    except ClientError as error:
        response = dict(error.response)
        told = response.pop("Error")
        status = response.pop("ResponseMetadata")["HTTPStatusCode"]
        return {
            "error": {
                "code": told.get("Code"),
                "exception": type(error).__name__,
                "message": told.get("Message"),
                "status": status,
                "details": response,
            }
        }
    except Exception:
        return {"failed": traceback.format_exc()}
    output.pop("ResponseMetadata", None)
    return {"output": output}


serve(answer)
