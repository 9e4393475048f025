"""Pages of this app for staff: tasks in the systems, the register, the decision."""

from django.urls import path

from . import (
    by_hand_views,
    correction_views,
    decision_views,
    erasure_task_views,
    erasure_views,
    preview_views,
    register_views,
    task_views,
)

app_name = "desk"
urlpatterns = [
    path("tasks/<int:task_id>/", task_views.task, name="task"),
    path("tasks/<int:task_id>/retry/", task_views.retry, name="task-retry"),
    path("tasks/<int:task_id>/reopen/", task_views.reopen, name="task-reopen"),
    path("tasks/<int:task_id>/evidence/", task_views.evidence, name="task-evidence"),
    path("erasures/<int:dsr_id>/", erasure_views.plan, name="erasure"),
    path("erasures/<int:dsr_id>/include/", erasure_views.include, name="erasure-include"),
    path("erasures/<int:dsr_id>/submit/", erasure_views.submit, name="erasure-submit"),
    path("erasures/<int:dsr_id>/approve/", erasure_views.approve, name="erasure-approve"),
    path("erasures/<int:dsr_id>/cancel/", erasure_views.cancel, name="erasure-cancel"),
    path("erasures/<int:dsr_id>/hold/", erasure_views.hold, name="erasure-hold"),
    path("erasures/<int:dsr_id>/lift/", erasure_views.lift, name="erasure-lift"),
    path("erasures/earlier/<int:plan_id>/", erasure_views.earlier, name="erasure-earlier"),
    path("erasures/lines/<int:line_id>/", erasure_views.line, name="erasure-line"),
    path("erasures/tasks/<int:task_id>/", erasure_task_views.task, name="erasure-task"),
    path("erasures/tasks/<int:task_id>/order/", erasure_task_views.order, name="erasure-order"),
    path("corrections/<int:dsr_id>/", correction_views.overview, name="corrections"),
    path(
        "corrections/<int:dsr_id>/rows/<int:task_id>/<int:round_>/<int:number>/",
        correction_views.row,
        name="correction-row",
    ),
    path("corrections/<int:dsr_id>/by-hand/", correction_views.by_hand, name="corrections-by-hand"),
    path("corrections/<int:dsr_id>/remove/<int:correction_id>/", correction_views.remove, name="correction-remove"),
    path("corrections/<int:dsr_id>/carry-out/", correction_views.carry_out, name="corrections-carry-out"),
    path("answers/<int:dsr_id>/draft/", decision_views.draft, name="answer-draft"),
    path("answers/<int:dsr_id>/outcome/", decision_views.choose, name="answer-outcome"),
    path("answers/<int:dsr_id>/submit/", decision_views.submit, name="answer-submit"),
    path("answers/<int:dsr_id>/release/", decision_views.release, name="answer-release"),
    path("answers/<int:dsr_id>/back/", decision_views.send_back, name="answer-back"),
    path("answers/<int:dsr_id>/override/<slug:kind>/", decision_views.override, name="answer-override"),
    path("answers/<int:dsr_id>/build/", decision_views.build_again, name="answer-build"),
    path("answers/<int:dsr_id>/offer/", decision_views.offer_again, name="answer-offer"),
    path("answers/<int:dsr_id>/withdraw/", decision_views.withdraw, name="answer-withdraw"),
    path("answers/<int:dsr_id>/way/", by_hand_views.way, name="answer-way"),
    path("answers/<int:dsr_id>/delivered/", by_hand_views.delivered, name="answer-delivered"),
    path("answers/<int:dsr_id>/told/", by_hand_views.told, name="answer-told"),
    path("answers/files/<int:file_id>/", preview_views.preview, name="answer-file"),
    path("register/", register_views.register, name="register"),
    path("register/fields/<str:field>/", register_views.fill, name="register-fill"),
]
