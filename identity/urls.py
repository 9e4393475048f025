"""Pages of this app, for data subjects and for staff. Its API authenticates only and has no address."""

from django.urls import URLPattern, URLResolver, path

from requests_app.desk import reference as reference  # registers how an address names a case

from .desk import (
    absence,
    account,
    emergency_approver,
    invitation,
    leaving,
    login,
    proofs,
    question,
    recovery_codes,
    sessions,
    sso,
    staff,
    ways_in,
)
from .portal import eid, second_step, sms
from .portal import views as portal

app_name = "identity"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/login/", login.login, name="login"),
    path("desk/login/sso/", sso.leave, name="sso"),
    path("desk/login/sso/return", sso.come_back, name="sso-return"),
    path("desk/second-factor/", login.second_factor, name="second-factor"),
    path("desk/second-factor/passkey/", login.first_passkey, name="first-passkey"),
    path("desk/second-factor/recovery/", login.recovery, name="recovery"),
    path("desk/logout/", login.logout, name="logout"),
    path("desk/invite/<str:token>", invitation.invite, name="invite"),
    path("desk/account/", account.account, name="account"),
    path("desk/account/absence/", absence.own, name="account-absence"),
    path("desk/account/mails/", absence.mails, name="account-mails"),
    path("desk/account/sessions/<int:pk>/end/", sessions.end, name="session-end"),
    path("desk/account/sessions/end-others/", sessions.end_others, name="sessions-end-others"),
    path("desk/staff/<int:pk>/sessions/end/", sessions.end_of_another, name="staff-sessions-end"),
    path("desk/account/passkeys/", ways_in.new_passkey, name="passkey-new"),
    path("desk/account/passkeys/<int:pk>/remove/", ways_in.remove_passkey, name="passkey-remove"),
    path("desk/account/app/", ways_in.set_up_app, name="app"),
    path("desk/account/app/remove/", ways_in.remove_app, name="app-remove"),
    path("desk/account/recovery-codes/", recovery_codes.page, name="recovery-codes"),
    path("desk/account/sso/", sso.connect, name="sso-connect"),
    path("desk/account/sso/remove/", sso.disconnect, name="sso-disconnect"),
    path("desk/staff/", staff.people, name="staff"),
    path("desk/staff/<int:pk>/", staff.person, name="staff-person"),
    path("desk/staff/<int:pk>/roles/", staff.roles, name="staff-roles"),
    path("desk/staff/<int:pk>/absence/", absence.of_another, name="staff-absence"),
    path("desk/staff/<int:pk>/deactivate/", leaving.deactivate, name="staff-deactivate"),
    path("desk/staff/<int:pk>/reactivate/", staff.reactivate, name="staff-reactivate"),
    path("desk/staff/<int:pk>/renew/", staff.renew, name="staff-renew"),
    path("desk/staff/invitations/<int:pk>/withdraw/", staff.withdraw, name="staff-withdraw"),
    path("desk/emergency-approver/", emergency_approver.name, name="emergency-approver"),
    path("desk/emergency-approver/back/", emergency_approver.take_back, name="emergency-approver-back"),
    path("desk/cases/<reference:reference>/identity/ask/", question.ask, name="ask"),
    path("desk/cases/<reference:reference>/identity/withdraw/", question.withdraw, name="withdraw"),
    path("desk/cases/<reference:reference>/identity/address/", question.address, name="address"),
    path("desk/cases/<reference:reference>/identity/call/", proofs.call_back, name="call-back"),
    path("desk/cases/<reference:reference>/identity/shown/", proofs.shown, name="shown"),
    path(
        "desk/cases/<reference:reference>/identity/<int:pk>/lost/", question.old_address_lost, name="old-address-lost"
    ),
    path("identity/eid/return", eid.come_back, name="eid-return"),
    path("identity/eid/result", eid.result, name="eid-result"),
    path("identity/eid/start", eid.from_status, name="eid-from-status"),
    path("identity/<str:token>/eid", eid.from_link, name="eid-from-link"),
    path("identity/<str:token>", portal.confirm, name="confirm"),
    path("identity/<str:token>/sms", sms.code, name="sms"),
    path("identity/<str:token>/sms/send", sms.send, name="sms-send"),
    path("identity/<str:token>/questions", second_step.questions, name="questions"),
    path("identity/<str:token>/new", portal.new_link, name="new-link"),
]
