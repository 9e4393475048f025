"""Pages of the desk: queue, inbox, case."""

from django.urls import path

from . import (
    advice,
    basis,
    case,
    entry,
    extension_views,
    fee_views,
    inbox,
    inquiry,
    late,
    mandate,
    marketing,
    queue,
    working,
    writing,
)
from . import basis, case, clarification, entry, inbox, inquiry, marketing, queue, receipt, working, writing
from . import reference as reference  # registers how an address names a case

app_name = "desk"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("search/", queue.search, name="search"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/new/", entry.enter, name="entry"),
    path("inbox/<int:pk>/", inquiry.inquiry, name="inquiry"),
    path("inbox/<int:pk>/sort/", inquiry.sort, name="sort"),
    path("inbox/<int:pk>/attach/", inquiry.attach, name="attach"),
    path("inbox/<int:pk>/take-off/", inquiry.take_off, name="take-off"),
    path("inbox/<int:pk>/raw/", inquiry.raw, name="raw"),
    path("inbox/<int:pk>/evidence/", inquiry.evidence, name="evidence"),
    path("cases/<reference:reference>/", case.case, name="case"),
    path("cases/<reference:reference>/message/", writing.message, name="message"),
    path("cases/<reference:reference>/note/", writing.note, name="note"),
    path("cases/<reference:reference>/acknowledge/", writing.acknowledge, name="acknowledge"),
    path("cases/<reference:reference>/read/", writing.read, name="read"),
    path("cases/<reference:reference>/messages/<int:pk>/again/", writing.again, name="again"),
    path("cases/<reference:reference>/assign/", working.assign, name="assign"),
    path("cases/<reference:reference>/marketing/lift/", marketing.lift, name="marketing-lift"),
    path("cases/<reference:reference>/marketing/block/", marketing.block, name="marketing-block"),
    path("cases/<reference:reference>/marketing/nobody/", marketing.nobody, name="marketing-nobody"),
    path("cases/<reference:reference>/mandate/", mandate.ask, name="mandate"),
    path("cases/<reference:reference>/requests/<int:pk>/late/", late.letter, name="late"),
    path("cases/<reference:reference>/requests/<int:pk>/basis/", basis.answer, name="basis"),
    path("cases/<reference:reference>/requests/<int:pk>/advice/<slug:subject>/", advice.record, name="advice"),
    path("cases/<reference:reference>/requests/<int:pk>/extension/propose/", extension_views.propose, name="extend"),
    path("cases/<reference:reference>/extensions/<int:pk>/approve/", extension_views.approve, name="extension-approve"),
    path("cases/<reference:reference>/extensions/<int:pk>/back/", extension_views.take_back, name="extension-back"),
    path("cases/<reference:reference>/extensions/<int:pk>/told/", extension_views.told, name="extension-told"),
    path("cases/<reference:reference>/requests/<int:pk>/fee/propose/", fee_views.propose, name="fee"),
    path("cases/<reference:reference>/fees/<int:pk>/approve/", fee_views.approve, name="fee-approve"),
    path("cases/<reference:reference>/fees/<int:pk>/back/", fee_views.take_back, name="fee-back"),
    path("cases/<reference:reference>/fees/<int:pk>/told/", fee_views.told, name="fee-told"),
    path("cases/<reference:reference>/requests/", working.add_right, name="add-right"),
    path("cases/<reference:reference>/requests/<int:pk>/right/", working.set_right, name="set-right"),
    path("cases/<reference:reference>/requests/<int:pk>/receipt/", receipt.correct, name="receipt"),
    path("cases/<reference:reference>/requests/<int:pk>/clarification/", clarification.ask, name="clarification"),
    path("cases/<reference:reference>/requests/<int:pk>/answered/", clarification.answered, name="answered"),
    path("cases/<reference:reference>/requests/<int:pk>/<slug:action>/", working.act, name="act"),
]
