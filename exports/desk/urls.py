"""Pages of this app for staff: tasks in the systems, the register, the decision."""

from django.urls import include, path

from exports.models import CUSTOMERS
from requests_app.desk import reference as reference  # registers how an address names a case

from . import (
    by_hand_views,
    case_registers,
    complaint_views,
    correction_views,
    decision_views,
    erasure_task_views,
    erasure_views,
    lifting_views,
    post_views,
    preview_views,
    register_settling,
    register_setup,
    register_starter,
    register_upload,
    register_versions,
    register_views,
    task_views,
    unverified_panel,
)

app_name = "desk"
# Of every register of the installation.
_register = [
    path("", register_views.register, name="register"),
    path("fields/<str:field>/", register_views.fill, name="register-fill"),
    path("contradictions/<str:part>/", register_settling.settle, name="register-settle"),
    path("file/", register_upload.upload, name="register-file"),
    path("begin/", register_starter.begin, name="register-begin"),
    path("set-up/", register_setup.start, name="register-setup"),
    path("set-up/again/", register_setup.again, name="register-setup-again"),
    path("set-up/<str:question>/", register_setup.question, name="register-question"),
    path("versions/", register_versions.versions, name="register-versions"),
    path("versions/<int:number>/", register_versions.version, name="register-version"),
    path("versions/<int:number>/changes/", register_versions.changes, name="register-changes"),
    path("versions/<int:number>/register.yaml", register_versions.download, name="register-download"),
]
urlpatterns = [
    path("requests/<int:dsr_id>/unverified/", unverified_panel.propose, name="unverified-propose"),
    path("cases/<int:case_id>/register/", case_registers.add, name="case-register"),
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
    path(
        "erasures/<int:dsr_id>/complaints/<int:complaint_id>/",
        complaint_views.scope,
        name="complaint-scope",
    ),
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
    path("liftings/<int:dsr_id>/propose/", lifting_views.propose, name="lifting-propose"),
    path("liftings/<int:lifting_id>/approve/", lifting_views.approve, name="lifting-approve"),
    path("liftings/<int:lifting_id>/back/", lifting_views.take_back, name="lifting-back"),
    path("liftings/<int:lifting_id>/told/", lifting_views.told, name="lifting-told"),
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
    path("answers/<int:dsr_id>/tell/", by_hand_views.tell, name="answer-tell"),
    path("answers/<int:dsr_id>/nothing-new/", by_hand_views.nothing_new, name="answer-nothing-new"),
    path("answers/files/<int:file_id>/", preview_views.preview, name="answer-file"),
    path("cases/<reference:reference>/messages/<int:message_id>/post/", post_views.mail, name="message-post"),
    path("register/of/<slug:key>/", include(_register)),
    path("register/", include(_register), {"key": CUSTOMERS}),  # last, so that the plain address is the one written
]
