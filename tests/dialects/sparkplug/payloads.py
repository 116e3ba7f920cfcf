"""The payloads of pysparkplug, in its own environment: the same in and out as `payloads.js`."""

import json
import sys
from typing import Any

import pysparkplug  # type: ignore[import-not-found]
from pysparkplug import DataType, Metric

_CLASSES = {
    "NBIRTH": pysparkplug.NBirth,
    "DBIRTH": pysparkplug.DBirth,
    "DDATA": pysparkplug.DData,
    "DDEATH": pysparkplug.DDeath,
    "NDEATH": pysparkplug.NDeath,
}


def decoded(verb: str, text: str) -> Any:
    """Return what a message of an edge node says."""
    payload = _CLASSES[verb].decode(bytes.fromhex(text))
    of_node = [payload.bd_seq_metric] if verb == "NDEATH" else []
    metrics = [
        {
            "name": metric.name,
            "type": metric.datatype.name.capitalize(),
            "value": metric.value,
            "timestamp": metric.timestamp,
            "isNull": metric.is_null,
            "isHistorical": metric.is_historical,
        }
        for metric in getattr(payload, "metrics", of_node)  # DDeath has none
    ]
    seq = getattr(payload, "seq", None)
    # 0.6.1 drops the time of an NDEATH that has one.
    timestamp = of_node[0].timestamp if of_node else payload.timestamp
    return {"timestamp": timestamp, "metrics": metrics, "seq": seq}


def encoded(payload: Any) -> str:
    """Return a command."""
    metrics = tuple(
        Metric(one["timestamp"], one["name"], DataType[one["type"].upper()], value=one["value"])
        for one in payload["metrics"]
    )
    command = pysparkplug.DCmd(timestamp=payload["timestamp"], metrics=metrics)
    return str(command.encode(include_dtypes=True).hex())


asked = json.load(sys.stdin)
said = [decoded(verb, text) for verb, text in zip(asked["verbs"], asked["decode"], strict=True)]
json.dump({"decoded": said, "encoded": encoded(asked["encode"])}, sys.stdout)
