"""Is everything at work? For operators, load balancers and `make run`."""

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from requests_app.models import Heartbeat


def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 `{"database":"ok","migrations":"ok","worker":"ok"}`, or 503 with what is missing."""
    state = {"database": "ok", "migrations": "ok", "worker": "ok"}
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            state["migrations"] = "pending"
            state["worker"] = "unknown"
        else:
            beat = Heartbeat.objects.filter(name="worker").first()
            # A beat in the future is from before the clock was set back, and says nothing of today.
            if beat is None or abs(timezone.now() - beat.at) > settings.HEARTBEAT_STALE:
                state["worker"] = "silent"
    except DatabaseError:
        state = {"database": "away", "migrations": "unknown", "worker": "unknown"}
    healthy = all(value == "ok" for value in state.values())
    return JsonResponse(state, status=200 if healthy else 503)
