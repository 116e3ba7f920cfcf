"""`junit.xml`: a case per threshold, for pipelines that show test results."""

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from iotmock.soak.report.criteria import Judgement
from iotmock.soak.report.measures import RunResult
from iotmock.soak.report.verdict import Status, Verdict, finding, in_unit

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 can not say, section 2.2."""


def junit_xml(result: RunResult, verdict: Verdict) -> bytes:
    """Return the document: a failed threshold is a failure, a run that proves nothing an error."""
    suite = Element("testsuite", {"name": f"iotmock soak {_clean(result.scenario.name)}"})
    suite.set("timestamp", _clean(result.started))
    suite.set("time", f"{result.duration_s:.3f}")
    properties = SubElement(suite, "properties")
    for name, value in (("version", result.version), ("seed", str(result.seed))):
        SubElement(properties, "property", {"name": name, "value": _clean(value)})
    _add_validity(suite, result, verdict)
    for judgement in verdict.judgements:
        _add_judgement(suite, result, judgement)
    for attribute, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        suite.set(attribute, str(sum(1 for _ in suite.iter(tag))))
    root = Element("testsuites")
    root.append(suite)
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _add_validity(suite: Element, result: RunResult, verdict: Verdict) -> None:
    case = _case(suite, result, "the run is whole")
    reasons = list(verdict.defects)
    if verdict.status is Status.INTERRUPTED:
        reasons.insert(0, "interrupted")
    if reasons:
        SubElement(case, "error", {"message": _clean("; ".join(reasons))})


def _add_judgement(suite: Element, result: RunResult, one: Judgement) -> None:
    case = _case(suite, result, one.title)
    text = f"{finding(one)}, at most {in_unit(one.limit, one.unit)} is allowed"
    if not one.passed:
        SubElement(case, "error" if one.validates else "failure", {"message": text})
    SubElement(case, "system-out").text = text


def _case(suite: Element, result: RunResult, name: str) -> Element:
    group = f"soak.{_clean(result.scenario.name)}"
    return SubElement(suite, "testcase", {"classname": group, "name": name, "time": "0"})


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
