"""The application: the rows of the table become routes, and whatever is raised a problem."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from quart import Response, request
from quart_trio import QuartTrio
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from iotmock.actors.definitions.draft import InvalidFleetError
from iotmock.actors.errors import ActorError
from iotmock.actors.system import System
from iotmock.metrics.metrics import Metrics
from iotmock.model.family import UnknownDeviceTypeError, UnknownProfileError
from iotmock.model.spec import InvalidFieldError
from iotmock.rest import problems
from iotmock.rest.devices import DeviceRoutes
from iotmock.rest.document.files import DOCS_FOLDER, send_file
from iotmock.rest.document.manual import MANUAL, MANUAL_FOLDER, lead_to_manual, send_part
from iotmock.rest.document.openapi import build_document
from iotmock.rest.document.routes import DocsRoutes
from iotmock.rest.document.token import say_who_may
from iotmock.rest.faults import FaultRoutes
from iotmock.rest.fleets.locations import LocationRoutes
from iotmock.rest.fleets.routes import FleetRoutes
from iotmock.rest.fleets.sites import SiteRoutes
from iotmock.rest.gate.application import GatedApplication, OpenPaths
from iotmock.rest.gate.gate import Gate
from iotmock.rest.handle.handling import Handling
from iotmock.rest.handle.happenings import Happenings
from iotmock.rest.handle.idempotency import Idempotency
from iotmock.rest.http.responses import answer_http, respond, respond_problem
from iotmock.rest.intake.bodies import JSON
from iotmock.rest.listing.routes import DeviceListRoutes
from iotmock.rest.many.routes import ManyRoutes
from iotmock.rest.operation import Answer, Operation
from iotmock.rest.page.routes import PageRoutes
from iotmock.rest.previews import PreviewRoutes
from iotmock.rest.problems import InvalidRequestError, Problem
from iotmock.rest.reports.routes import ReportRoutes
from iotmock.rest.state.health import LIVEZ, HealthRoutes
from iotmock.rest.state.metrics import MetricsRoutes
from iotmock.rest.state.simulation import SimulationRoutes
from iotmock.rest.state.stepping import SteppingRoutes
from iotmock.rest.stream.messages import MessageRoutes
from iotmock.rest.stream.routes import StreamRoutes
from iotmock.web.site import FOLDER as PAGE_FOLDER

BODY_LIMIT = 64 * 1024

View = Callable[..., Awaitable[Response]]


class Routes(Protocol):
    """Rows of the table that belong together."""

    def operations(self) -> Iterable[Operation]:
        """Yield them."""
        ...


def make_app(
    system: System,
    *,
    version: str,
    ready: Callable[[], bool] = lambda: True,
    metrics: Metrics | None = None,
    asyncapi: Callable[[], dict[str, Any]] = dict,
    prefix: str = "",
    gate: Gate | None = None,
    reports: Path | None = None,
) -> QuartTrio:
    """Return the application for a system; until `ready`, it answers 503.

    `asyncapi` makes the document of what goes over MQTT. `prefix` is the path that a proxy serves
    it under; `gate` says who may, `reports` where those of soaks are.
    """
    app = GatedApplication(__name__, static_folder=None)
    app.prefix = prefix
    app.gate = gate or Gate()
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT
    # Werkzeug would redirect //api to /api, with a body of HTML.
    app.url_map.merge_slashes = False
    page, docs = PageRoutes(), DocsRoutes(asyncapi)
    of_metrics = MetricsRoutes(metrics or Metrics(system, version))
    operations = _operations(system, version, docs, (of_metrics, ReportRoutes(reports), page))
    docs.document = build_document(operations, system.supervisor.catalogue.names, version)
    if app.gate.token is not None:
        say_who_may(docs.document, operations)
    app.open_paths = OpenPaths(
        frozenset({MANUAL, *(operation.path for operation in operations if operation.is_open)}),
        (DOCS_FOLDER, MANUAL_FOLDER, PAGE_FOLDER),
    )
    happenings = Happenings(system.journal, wants_token=app.gate.token is not None)
    _add_routes(app, operations, Handling(Idempotency(system.supervisor.requests), happenings))
    _add_files(app, page)
    _add_problems(app)
    _refuse_until(app, ready)
    return app


def _operations(
    system: System, version: str, docs: DocsRoutes, beside: Sequence[Routes]
) -> Sequence[Operation]:
    return (
        *DeviceListRoutes(system).operations(),
        *DeviceRoutes(system).operations(),
        *PreviewRoutes(system).operations(),
        *ManyRoutes(system).operations(),
        *FaultRoutes(system).operations(),
        *FleetRoutes(system).operations(),
        *SiteRoutes(system).operations(),
        *LocationRoutes(system).operations(),
        *SimulationRoutes(system).operations(),
        *SteppingRoutes(system).operations(),
        *StreamRoutes(system).operations(),
        *MessageRoutes(system).operations(),
        *HealthRoutes(system, version).operations(),
        *docs.operations(),
        *(operation for routes in beside for operation in routes.operations()),
    )


def _add_routes(app: QuartTrio, operations: Sequence[Operation], handling: Handling) -> None:
    for operation in operations:
        view = _view(operation, handling)
        app.add_url_rule(operation.path, operation.name, view, methods=[operation.method])


def _add_files(app: QuartTrio, page: PageRoutes) -> None:
    _add_folder(app, f"{DOCS_FOLDER}<name>", send_file)
    _add_folder(app, f"{PAGE_FOLDER}<path:name>", page.get_file)
    _add_folder(app, MANUAL, lead_to_manual)
    _add_folder(app, MANUAL_FOLDER, send_part)
    _add_folder(app, f"{MANUAL_FOLDER}<path:name>", send_part)


def _add_folder(app: QuartTrio, rule: str, file: Callable[..., Awaitable[Answer]]) -> None:
    async def view(**name: str) -> Response:
        answer = await file(**name)
        return await respond(answer, answer.media_type or JSON)

    app.add_url_rule(rule, rule, view)


def _view(operation: Operation, handling: Handling) -> View:
    async def view(**arguments: Any) -> Response:
        answer = await handling.answer(operation, arguments)
        return await respond(answer, answer.media_type or operation.media_type)

    return view


def _add_problems(app: QuartTrio) -> None:
    _add_problem(app, ActorError, problems.of_actor)
    _add_problem(app, InvalidRequestError, problems.of_faults)
    _add_problem(app, InvalidFieldError, problems.of_field)
    _add_problem(app, UnknownDeviceTypeError, problems.of_type)
    _add_problem(app, UnknownProfileError, problems.of_profile)
    _add_problem(app, InvalidFleetError, problems.of_fleet)
    app.register_error_handler(HTTPException, answer_http)


def _add_problem(
    app: QuartTrio, kind: type[Exception], problem_of: Callable[[Any], Problem]
) -> None:
    async def answer(error: Exception) -> Response:
        return respond_problem(problem_of(error))

    app.register_error_handler(kind, answer)


def _refuse_until(app: QuartTrio, ready: Callable[[], bool]) -> None:
    @app.before_request
    async def refuse_until_ready() -> None:
        if not ready() and request.path != LIVEZ:
            raise ServiceUnavailable("the service is starting or stopping")
