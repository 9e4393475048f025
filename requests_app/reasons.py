"""The words for why something cannot be done: one sentence per code, in the reader's language.

Every app's codes stand here, since guards and services of all of them end as tooltips and messages of the same
pages. A new code is one line; a test finds the one that is missing.
"""

from collections.abc import Callable
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from requests_app import labels
from requests_app.domain.snapshot import Reason
from requests_app.templatetags import ui

SENTENCES: dict[str, Promise] = {
    # the lifecycle
    "not_from_here": _("The request is at the stage “%(stage)s”, and this cannot be done from there."),
    "staff_only": _("Only a person can do this."),
    "role_missing": _("Your role does not allow this. It takes one of: %(roles)s."),
    "note_missing": _("Write why."),
    "right_unknown": _("First say which right the request is about."),
    "right_takes_effect_at_once": _("This takes effect at once and is confirmed to the person; nothing is decided on."),
    "right_needs_a_decision": _("A request of this kind is decided on, by two persons."),
    "ground_missing": _("Choose the ground in the law on which the request is not met in full."),
    "outcome_missing": _("Choose the outcome first."),
    "outcome_unfit": _("This outcome does not fit the right that is asked for."),
    "reasoning_missing": _("Say why the request is not met in full. The person has a right to know."),
    "requirement_open": _("%(kind)s: %(reason)s"),
    "nobody_prepared": _("Nobody has prepared the answer yet."),
    "second_person": _("You prepared this answer. Somebody else must release it."),
    "stands_aside": _("You are a party to this case. Somebody else has to work on it."),
    "assignee_party": _("This colleague is a party to the case, so somebody else must have it."),
    "assignee_no_reader": _("The case is shielded, and this colleague is not one of its readers."),
    "own_request": _("This is your own request. Somebody else has to sort it."),
    "shield_reader_unfit": _("A reader is somebody who works with cases and is no party to this one."),
    "shield_nobody_handles": _("Name at least one reader who can prepare the answer."),
    "shield_holder": _(
        "Whoever has the case must be one of its readers. Name them too, or give the case to somebody else first."
    ),
    "shield_nobody": _("The case is not shielded."),
    "party_unfit": _("Choose people of the staff."),
    "party_all": _(
        "Then nobody could work on the case any more. Leave at least one person who can prepare the answer."
    ),
    "shield_readers_only": _("Only a named reader can change who may see the case."),
    "glass_reason_short": _("Say why it cannot wait, in at least %(least)s characters."),
    "glass_too_often": _("You have asked for emergency access five times within an hour. Speak to the decision-maker."),
    "answer_not_sent": _("The answer has not been sent."),
    "part_promised": _("A part of the answer was promised for later and is still owed."),
    # answered outside
    "outside_decided": _("It is decided what this mail counts as."),
    "outside_not_proposed": _("Nobody has said that this mail is the answer."),
    "outside_second_person": _("You said that this is the answer. Somebody else must confirm it."),
    # decision
    "not_a_draft": _("There is no draft to change at this stage."),
    "decision_maker_only": _("Only the decision-maker can do this."),
    "override_never": _("This can never be left open: it protects the person."),
    "override_too_early": _("This can be done from %(date)s at the earliest."),
    "override_incomplete": _("Give the reason, what is missing, and a day in the future on which it will follow."),
    "promise_over": _(
        "The letter promises a missing part by %(date)s, and that day has come. Send it back and give a new day."
    ),
    "answer_not_built": _("The answer package is being put together."),
    "answer_outdated": _("Something changed. The answer package is being put together anew."),
    "answer_redated": _(
        "The letter carries the date of an earlier day. It is drawn anew with today’s date, which takes a few seconds;"
        " then look at it and release it."
    ),
    "answer_waits_outcome": _("It is put together once the outcome is chosen."),
    "answer_waits_register": _("It waits until the register says everything that the letter prints."),
    "answer_waits_authority": _("It waits until the organisation names its supervisory authority, with address."),
    "answer_waits_systems": _("It waits until every system has answered."),
    "answer_data_gone": _("What was found has been deleted since. Search again: %(ids)s"),
    "answer_data_unreadable": _("What was found cannot be read any more. Search again: %(ids)s"),
    "answer_pdf_too_slow": _("Drawing the PDF took too long. It is tried again."),
    "answer_pdf_too_large": _("Drawing the PDF needs more memory than it may use. It is tried again."),
    "answer_pdf_forbidden": _("The PDF names something outside itself, which is never fetched."),
    "answer_pdf_no_fonts": _("The fonts of the letter are not installed on the server."),
    "answer_pdf_failed": _("The PDF could not be drawn. It is tried again."),
    "answer_changed": _("The answer package is not the one you looked at. Look at it again."),
    "outcome_data_found": _("Something was found, so “no data” cannot be the outcome."),
    "outcome_ours_found": _(
        "We hold data about the person ourselves, so they get an answer about it. Say in its words who else decides."
    ),
    "outcome_search_open": _("Not every system has been searched, so nobody can say that there is no data."),
    "outcome_not_whole": _("Something is still missing, so the request is met in part only."),
    "outcome_something_stays": _("Something stays as it is, so the request is met in part only."),
    "outcome_duplicate_first": _(
        "The same was asked for here before it was asked for in the other case, and the earliest receipt counts. End "
        "the other one as the duplicate, or correct its receipt first."
    ),
    "outcome_nothing_corrected": _("Nothing has been corrected yet, so the request cannot be met in full."),
    "outcome_nothing_done": _("Nothing of what the person asked for has been done, so it is not met in part either."),
    "outcome_something_done": _("Something was corrected or deleted already, so the request cannot be refused whole."),
    "outcome_ended_after_change": _("Something was changed already, so the person gets an answer that says what."),
    "outcome_nothing_found": _("No system holds anything about the person, so the outcome is “no data”."),
    "reasoning_too_long": _("The reasons are longer than %(most)s characters, or hold a sign that cannot be kept."),
    "reasoning_no_proof": _(
        "Prove in a few sentences that the request is manifestly unfounded or excessive: how often, what for, with"
        " which effect. The burden of proof is ours."
    ),
    "letter_complaint_missing": _("The letter lacks the words about the right to complain, so it may not be sent."),
    "text_changed": _(
        "Somebody else has saved another version of this text. What you wrote is still here: compare, then save again."
    ),
    "text_fixed": _("This mail is put together from lists. It cannot be written in other words."),
    "text_same": _("Nothing is different from the text in force."),
    "letter_part_missing": _("A letter or mail lacks something that it must say (%(ids)s), so it is not sent."),
    "words_unresolved": _("A letter or mail cannot be filled in: its template asks for something unknown (%(ids)s)."),
    "portability_empty": _(
        "Nothing that was found may be taken along: the person did not give it, or it is not used by consent or for a"
        " contract."
    ),
    "override_pointless": _("This is in place already."),
    # whose word is not enough to delete or correct anything
    "asker_address": _(
        "The address that asks is not one that the systems hold of the person. Ask them at one of those whether it is"
        " them, or record why this one counts as theirs."
    ),
    "asker_unproven": _(
        "Our mail server says that the mail does not come from the domain of its sender. Ask the person, at the address"
        " on file, whether it is them."
    ),
    "asker_inside": _(
        "The mail of the person came inside a mail from somebody else, and that proves nothing. Ask the person, at the"
        " address on file, whether it is them."
    ),
    "asker_other": _(
        "The message came from another address than that of the person on the case. Ask the person, at the address on"
        " file, whether they want this."
    ),
    "asker_unchecked": _(
        "Nothing proves that the mail comes from the domain of its sender: our mail server has not confirmed it. Ask"
        " the person, at the address on file, whether it is them."
    ),
    "asker_unseen": _(
        "This came by phone or letter, and anybody can name an address that we know. Ask the person, at the address on"
        " file, whether it is them."
    ),
    "asker_no_address": _(
        "Nothing shows who asks, and there is no e-mail address to ask at. Look at an identity document, in"
        " person or by video, or name an e-mail address that a system holds and ask there. Nothing is deleted or"
        " corrected before."
    ),
    "asker_asked": _("We have asked the person to confirm their identity and wait for the answer."),
    # deletion
    "erasure_no_plan": _("There is no plan of the deletion yet. It is made once every system has answered."),
    "erasure_waits_search": _("Every system has to say first what it holds."),
    "erasure_not_submitted": _("The plan of the deletion has not been submitted for approval yet."),
    "erasure_submitted_already": _("The plan is submitted. Somebody else looks at it and approves it."),
    "erasure_not_approved": _("Nobody has approved the plan of the deletion yet."),
    "erasure_approved_already": _("The plan is approved already."),
    "erasure_not_begun": _("The deletion is approved and has not begun yet."),
    "erasure_begun": _("The deletion has begun, so the plan cannot be changed or taken back any more."),
    "erasure_earlier": _("This belongs to an earlier plan of the deletion, which stays as it was carried out."),
    "erasure_running": _("Not every system has done its part of the deletion yet."),
    "erasure_incomplete": _("Something is missing in the plan: look at the lines that say so."),
    "erasure_second_person": _("You prepared this plan. Somebody else must approve it."),
    "erasure_last_line": _("This is the last line. A plan without lines deletes nothing: choose the outcome instead."),
    "erasure_ground_missing": _("Choose the ground in the law on which the data is kept."),
    "erasure_end_missing": _("Say until when the data is kept."),
    "erasure_duty_missing": _("The end of a legal obligation is computed. Choose the duty that the data is kept for."),
    "erasure_newest_missing": _(
        "Give the day of the newest document that is kept for this duty, today or earlier: the end is computed from it."
    ),
    "erasure_duty_over": _("The duty to keep this ended on %(date)s. The data has to go."),
    "erasure_end_past": _("The day until which the data is kept lies in the past."),
    "erasure_end_unjustified": _("Say why the data is kept until that day and no longer."),
    "erasure_method_missing": _("Say how the data is made anonymous: nobody may be able to tell who it was about."),
    "erasure_reason_missing": _("Say why the data is only stored, instead of deleted."),
    "erasure_reason_too_long": _(
        "The text is longer than %(most)s characters, or holds a character that cannot be stored."
    ),
    "erasure_waits_hold": _("A legal hold is on the case, to be looked at again by %(date)s. Nothing is deleted."),
    "erasure_waits_access": _(
        "The person has also asked for a copy of the data. It has to reach them before anything is deleted."
    ),
    "erasure_waits_download": _(
        "The person has not fetched the copy of their data yet. The deletion waits until they have, or until the link"
        " has run out."
    ),
    "erasure_waits_outcome": _("The outcome chosen in the answer says that nothing is deleted. Choose another first."),
    "erasure_waits_restriction": _(
        "The person has also asked us to restrict the use of the data. That request has to be answered first."
    ),
    "erasure_waits_complaint": _("The person has complained about this deletion. That has to be answered first."),
    "erasure_waits_later_complaint": _(
        "The person has complained since. Answer the complaint first, or say that it is not about this deletion."
    ),
    "erasure_waits_scope": _("The person has complained. Say first whether the complaint is about this deletion."),
    "complaint_own_matter": _("You handled the matter that the complaint is about. Somebody else has to answer it."),
    "complaint_nobody_else": _(
        "You handled the matter that the complaint is about, and nobody else can answer it. Say why you do."
    ),
    "complaint_why_too_long": _(
        "The text is longer than %(most)s characters, or holds a character that cannot be stored."
    ),
    "complaint_not_open": _("There is no such complaint any more, or it has been answered."),
    "erasure_not_looked": _("Search the system once more, and confirm that nothing is left."),
    "order_settled": _("A colleague has written down what became of this order meanwhile."),
    "order_unchecked": _("Say how you checked it: what you searched for, or what the vendor answered."),
    "erasure_finish_missing": _("Say by when the vendor has done it: a day that has not passed."),
    "lifting_nothing": _("No restriction of this request is in force."),
    "lifting_not_answered": _("The request has to be answered first, and must not be worked on again."),
    "lifting_orders_open": _("A system has not restricted the data yet. Answer that first."),
    "lifting_upheld": _("We agreed with the objection, so the data is not used for this again."),
    "lifting_proposed_already": _("It is proposed already that the restriction is lifted."),
    "lifting_reason_missing": _("Say why the restriction is lifted. The person has a right to know."),
    "lifting_reason_too_long": _("The reason is too long: at most %(most)s characters."),
    "lifting_too_soon": _("The person has to be told first. Choose %(date)s or a later day."),
    "lifting_too_late": _("Choose a day within the next year."),
    "lifting_approved_already": _("The lifting is approved already."),
    "lifting_second_person": _("You proposed this. Somebody else must approve it."),
    "lifting_not_approved": _("A second person has to approve the lifting first."),
    "lifting_told": _("The person has been told already."),
    "lifting_not_told": _("The letter has not gone out. Before that, nothing is lifted."),
    "lifting_told_late": _(
        "The letter went out on %(date)s, which is too late for the day it names. Take it back and propose a new day."
    ),
    "lifting_not_yet": _("The restriction stands until %(date)s."),
    "lifting_begun": _("The restriction has been lifted already."),
    "lifting_taken_back": _("The lifting was taken back."),
    "hold_reason_missing": _("Say what claim or dispute the data is needed for."),
    "hold_review_past": _("Choose a day in the future on which you look at it again."),
    "hold_stands": _("There is a legal hold on the case already."),
    "hold_none": _("There is no legal hold on the case."),
    # delivery
    "delivery_over": _("The time to fetch the answer is over."),
    "delivery_purged": _("The files of the answer have been deleted."),
    "delivery_unreadable": _("The files of the answer cannot be read any more. Make a new answer."),
    "delivery_used_up": _("The file has been fetched as often as one link allows."),
    "delivery_reopened": _("The request is being worked on again. Release the new answer instead."),
    "delivery_by_hand": _("This answer goes by post or is handed over, so there is nothing to fetch."),
    "delivery_not_by_hand": _("This answer is fetched on the status page."),
    "delivery_day": _("The day must lie between the release and today."),
    "delivery_told": _("This is recorded already."),
    "delivery_address_unfit": _("Write the postal address in at most %(most)s lines."),
    "delivery_no_postal_address": _("There is no postal address to send the answer to."),
    "delivery_nothing_released": _("No answer has been released yet."),
    # while we wait for the person
    "unverified_not_asked": _("We do not wait for the person to confirm who they are."),
    "unverified_too_soon": _("The person has 30 days to confirm who they are, and these are not over yet."),
    "unverified_unread": _("The person has written since. Read that first: it may be the answer."),
    "late_not_overdue": _("The answer is not overdue."),
    "late_cause_missing": _("Say why the answer is late. The person reads it in the letter."),
    "late_cause_too_long": _("The cause is longer than %(most)s characters, or holds a sign that cannot be kept."),
    "late_date": _("Choose a day after today, within the next year, on which the person has the answer."),
    "late_told": _("The person has been told of this day already."),
    "mandate_not_needed": _("Nobody writes for another person here."),
    "mandate_missing": _("No mandate has been recorded. Without one nothing is given out, changed or deleted."),
    "mandate_unchecked": _("Not everything that is needed has been looked at. Tick it, or ask the person themselves."),
    "mandate_other_kind": _("This does not fit in whose name the request was made."),
    "mandate_other_right": _("The mandate does not cover this request."),
    "mandate_not_yet": _("The mandate does not hold yet."),
    "mandate_expired": _("The mandate has run out. Ask for a new one."),
    "mandate_ends_first": _("The mandate ends before it begins."),
    "delivery_to_the_person": _(
        "The answer goes to the person, not to whoever writes for them, and no address of the person is known. Ask the"
        " person at an address on file, or record that the mandate lets the answer go to whoever writes."
    ),
    "mandate_asked": _("The mandate has been asked for already. Write a message if something else is needed."),
    # triage
    "inquiry_unread": _("This inquiry has not been read yet. Load the page again in a moment."),
    "inquiry_forgotten": _("The content of this inquiry was deleted when its time was over."),
    "nothing_to_cut": _("There is nothing in this inquiry that could be removed."),
    "cannot_be_cut": _(
        "This mail is built in such a way that no single piece can be removed for certain. Keep only its text instead."
    ),
    "not_held": _("This file is not hidden, or it is deleted already."),
    "inquiry_changed": _("Somebody changed this inquiry meanwhile. Look at it again."),
    "attach_case_closed": _("The case is closed. Reopen a request there first, or make a new case of this inquiry."),
    "already_a_case": _("This inquiry already belongs to a case."),
    "sender_differs": _("It was sent from another address than the person’s. Confirm that it belongs to the case."),
    "on_no_case": _("This inquiry is on no case."),
    "inquiry_opened_case": _("The case began with this inquiry."),
    "inquiry_counts": _("The deadline of a request on this case counts from this inquiry."),
    "already_sorted": _("This request has been sorted already."),
    "colleague_asks": _("Whoever passed the message on is not the one who asks. Write the person who does."),
    "receipt_after_arrival": _("The colleague cannot have got it after it arrived here."),
    "receipt_too_old": _("That is more than a year ago. Check the year."),
    "receipt_in_future": _("That lies in the future."),
    "nobody_to_reach": _("Give at least one way to reach the person, or say why there is none."),
    "receipt_unchanged": _("That is the receipt as it stands."),
    "receipt_after_our_word": _("By then we had written to the person or asked them, so it was received before."),
    "receipt_later_decision_maker": _("Only the decision-maker can say that it was received later."),
    "receipt_why_missing": _("Say why it was received at another time."),
    "right_already_open": _("The case already has an open request of this kind."),
    "case_closed": _("The case is closed."),
    "idempotency_key_reused": _("The key was used before with other content."),
    # clock
    "never_suspended": _("This takes effect at once, so its time never stands still."),
    "asked_before_receipt": _("Nobody can have asked before the request was received."),
    "asked_in_future": _("The time of asking lies in the future."),
    "answered_before_asked": _("The answer cannot have come before we asked."),
    "answered_in_future": _("The answer cannot have come yet: that day lies ahead."),
    "already_waiting": _("We are already waiting for the same answer."),
    "extension_at_once": _("This takes effect at once and has no month, so there is nothing to extend."),
    "extension_exists": _("An extension is proposed or approved already. The time can be extended once."),
    "extension_answered": _("The request is answered, so there is nothing to extend."),
    "extension_month_over": _(
        "The notice had to go out by %(date)s, within one month of the receipt. The time cannot be extended any more."
    ),
    "extension_reason_missing": _("Choose at least one reason that the law counts."),
    "extension_reason_effort": _(
        "That it is a lot of work does not count by itself. Say what makes this request complex: how much data, where"
        " it lies, what has to be redacted or explained."
    ),
    "extension_reason_company_size": _(
        "The size of the organisation does not count: whoever holds much data has to be able to find it."
    ),
    "extension_reason_holidays": _(
        "Holidays of colleagues do not count: they are known beforehand, and the month runs through them."
    ),
    "extension_reason_short_handed": _(
        "Being short-handed does not count: the organisation has to have enough people for this. Only an exceptional"
        " number of requests that will pass does."
    ),
    "extension_words_missing": _("Say why, and what comes when. The person has a right to know."),
    "extension_words_too_long": _(
        "The text is longer than %(most)s characters, or holds a character that cannot be stored."
    ),
    "extension_day_late": _(
        "The letter names %(date)s, which is later than the law allows by now. Take it back and propose it anew."
    ),
    "extension_approved_already": _("The extension is approved already."),
    "extension_second_person": _("You proposed this. The decision-maker who approves it must be somebody else."),
    "extension_not_approved": _("The decision-maker has to approve the extension first."),
    "extension_told": _("The notice has gone out, so the extension stands. You can answer earlier all the same."),
    "extension_mail_out": _(
        "The notice is on its way or may have gone out, so the extension cannot be taken back. You can answer earlier"
        " all the same."
    ),
    "extension_mail_under_way": _("The notice goes by e-mail and is on its way."),
    "extension_told_day": _("The day must lie between the approval and today."),
    "extension_told_way": _("The notice is given in writing: post it or hand it over."),
    "extension_taken_back": _("The extension was taken back."),
    "fee_never": _("This request is free whatever it is like."),
    "fee_answered": _("The request is answered, so nothing can be charged for it."),
    "fee_exists": _("A fee is proposed or approved already."),
    "fee_kind_unfit": _("Only a further copy of an access answer, or an excessive request, can cost something."),
    "fee_amount": _("Write an amount above 0 and up to %(most)s, with two decimals at most."),
    "fee_words_missing": _("Say what the amount is made of, and why. The burden of proof is ours."),
    "fee_words_too_long": _("The text is longer than %(most)s characters, or holds a character that cannot be stored."),
    "fee_too_soon": _("The person needs time to take the request back: give %(date)s or a later day."),
    "fee_approved_already": _("The fee is approved already."),
    "fee_second_person": _("You proposed this. The decision-maker who approves it must be somebody else."),
    "fee_not_approved": _("The decision-maker has to approve the fee first."),
    "fee_told": _("The person has been told of the fee."),
    "fee_mail_under_way": _("The letter goes by e-mail and is on its way."),
    "fee_told_day": _("The day must lie between the approval and today."),
    "fee_told_way": _("The letter is given in writing: post it or hand it over."),
    "fee_taken_back": _("The fee was taken back."),
    "advice_no_officer": _("The organisation has no data protection officer."),
    "advice_request_closed": _("The request is closed, so there is nothing to advise on."),
    "advice_missing": _("Write down what the data protection officer advises."),
    "advice_too_long": _("The text is longer than %(most)s characters, or holds a character that cannot be stored."),
    # working on a case
    "case_changed": _("Somebody changed the case in the meantime. Nothing was saved or sent."),
    "assignee_unfit": _("This person has no access to cases, or no account any more."),
    "clarification_access_only": _("Only a request for access can be narrowed down by a question."),
    "clarification_not_large": _("Ask only where we hold a large amount of data, and confirm that this is so."),
    "clarification_incomplete": _("Say what we hold in outline, and what you want to know."),
    "clarification_not_waiting": _("We are not waiting for an answer to such a question."),
    "clarification_not_a_reply": _("This is not something the person wrote after we asked."),
    "no_address": _("The case has no e-mail address to write to."),
    "message_not_failed": _("This message did not fail, so it is not sent again."),
    "message_over": _("What this message says is no longer true, so it is not sent again."),
    "message_stays_refused": _("This message would be refused again. Write another one."),
    "message_never_again": _("A one-time code is never sent again. The person asks for a new one on the status page."),
    # identity and delivery
    "identity_not_confirmed": _("The person has not confirmed their identity yet."),
    "identity_link_expired": _("The link to confirm identity expired unused."),
    "identity_new_address_open": _("The person has not confirmed the new address yet."),
    "identity_old_address_open": _("The person has not confirmed the address that is to be replaced."),
    "identity_old_address_level": _(
        "The old address is lost, so the person has to show in another way who they are: level L2 or higher."
    ),
    "identity_needs_mailbox": _("Something gives reason to doubt who is asking. Ask the person: level L1 or higher."),
    "identity_needs_other_proof": _(
        "Nothing shows who asks, and there is no e-mail address to ask at. Look at an identity document, in"
        " person or by video, or name an e-mail address that a system holds and ask there."
    ),
    "identity_needs_second_proof": _(
        "A mailbox alone is not enough here: the person has to show who they are by a second proof (L2 or higher)."
    ),
    "identity_needs_electronic_id": _(
        "Two proofs are not enough here: the person has to show who they are by electronic ID (L3 or higher)."
    ),
    "old_address_reason": _("Give the reason, in at most %(most)s characters."),
    "identity_not_for_it": _(
        "Nobody is asked who they are for a complaint or a decision made by a machine. Where no system holds the"
        " address in the request, write down why it counts as the person's, or send the answer by post."
    ),
    "identity_never_asked": _("Identity is never asked about for this right."),
    "identity_asked_elsewhere": _("The person was asked at another address since. Only the newest link counts."),
    "identity_asked_too_often": _("The person was asked too often today. Try again tomorrow."),
    "eid_off": _("No provider of electronic IDs is set up."),
    "eid_link_only": _(
        "Somebody writes for the person: only the link that went to the person leads to an electronic ID."
    ),
    "eid_no_name": _("The case has no name to compare an electronic ID with."),
    "eid_worn_out": _("The electronic ID was tried too often today. Somebody has to look at it."),
    "sso_off": _("Single sign-on is not set up."),
    "sso_away": _("The login of your organisation does not answer. Use your password."),
    "sso_failed": _("Single sign-on came to nothing. Begin again here, or use your password."),
    "sso_unknown": _(
        "No account here is connected with the one you used. Log in with your password and connect it under My account."
    ),
    "sso_taken": _("The account you used is connected with another account here."),
    "identity_nothing_asked": _("Nothing is being asked about identity."),
    "contact_point_missing": _("No system has given us an e-mail address of this person to ask at."),
    "delivery_identity_open": _("We wait for the person to confirm their identity."),
    "delivery_unknown_address": _("The address in the request is not the one our systems hold. Ask about identity."),
    "delivery_not_asked": _(
        "The address in the request is not the one our systems hold, and for this right nobody is asked who they are."
        " Write down why the address counts as the person's, or send the answer by post."
    ),
    "delivery_two_people": _(
        "The person confirmed at an address that only the phone number in the request led to, and a system holds the "
        "address in the request as well: these may be two people. Ask at the address in the request."
    ),
    "delivery_found_by_hand": _(
        "Something was found by hand, and nobody has said under which e-mail address. Name the address"
        " that the system holds, or say why the address in the request belongs to the person."
    ),
    "delivery_changed_lately": _(
        "The address of the answer came on file within 30 days before the request, or after it. Have the person show"
        " who they are by a second proof (L2)."
    ),
    "delivery_posted": _(
        "Nothing shows yet that it is the person who asks, and whoever gets a letter types in no code. Ask about"
        " identity, or let the answer be fetched on the status page."
    ),
    "delivery_posted_lately": _(
        "The e-mail address that asks came on file within 30 days before the request, or after it. Have the person show"
        " who they are by a second proof (L2) before anything is posted."
    ),
    "delivery_third_party": _(
        "The answer goes to somebody else. Have the person say so expressly, and show who they are by a second proof"
        " (L2)."
    ),
    "delivery_much_at_stake": _(
        "There is much at stake if the answer reaches the wrong person. Have them show who they are by a second proof"
        " (L2)."
    ),
    "second_person_address": _("You alone named the address the answer goes to. Somebody else must release it."),
    "delivery_no_address": _("There is no e-mail address to which the answer could go."),
    "sms_off": _("No gateway for SMS is set up on the server."),
    "knowledge_off": _("Answers about own data are switched off in the settings of the organisation."),
    "knowledge_no_questions": _("The systems hold too little to ask three questions that others cannot guess."),
    "knowledge_pause": _("Too many answers were wrong. They can be tried again from %(until)s."),
    "identity_no_phone": _(
        "No system has given us a phone number that it has held for 30 days under the address in question."
    ),
    "identity_link_first": _("Only after the person has confirmed by the link, where one more proof is needed."),
    "code_no_address": _("There is no address to which a code may go."),
    "code_pause": _("Too many codes were asked for. A new one can be sent from %(until)s."),
    # marketing
    "confirmation_no_address": _(
        "It has taken effect, but there is no e-mail address to confirm it to. Tell the person by phone or by letter."
    ),
    "confirmation_for_another": _(
        "Somebody writes for another person. Find out that person’s address, block it here, and tell whoever wrote."
    ),
    "confirmation_taken_back": _(
        "Marketing to the person was allowed again since, so there is nothing to confirm. Talk to the person if that is"
        " not clear."
    ),
    "basis_not_looked_at": _("nobody has looked yet whether the data has another basis than the consent"),
    "basis_words_missing": _("Say which basis remains, or why there is nothing to delete."),
    "basis_answered": _("This is answered already."),
    "nobody_blocked": _("nobody is blocked for the person it is about, and nobody has written down why not"),
    "nobody_to_find": _("Nobody asks for another person here, or it is answered already."),
    "confirmation_not_told": _("The person has not been told of what took effect. Tell them first."),
    "confirmation_told": _("The person was told of this already, and nothing new has taken effect since."),
    "task_blocked_again": _(
        "The person has said no to marketing once more. Leave it stopped, and choose “Nothing to change”."
    ),
    "not_reachable": _("This is neither an e-mail address nor a phone number."),
    # staff
    "role_needed": _("Choose at least one role."),
    "last_administrator": _("There must always be one active administrator."),
    "old_address_second_person": _("Whoever entered the new address cannot also say that the old one is lost."),
    "emergency_not_needed": _("Two approvers of the team are there, so the emergency approver may not act."),
    "emergency_one": _("There is an emergency approver already. Close that account or withdraw the invitation first."),
    "emergency_not_yourself": _("Nobody names themselves. Name somebody outside the team."),
    "emergency_only_approver": _("The emergency approver has the role of an approver, and no other."),
    "shared_mailbox": _("Many read this mailbox of ours. Write an address that one person alone reads."),
    "owner_is_one": _("Choose an account or write an address, not both."),
    "owner_unfit": _("This account does not have the role of a system owner."),
    "owner_has_account": _("Somebody with this address has an account. Choose the account instead."),
    "owner_is_party": _("The case is about the owner of this system, or comes from them. Somebody else has to do it."),
    "owner_without_address": _("No address is named for the owner of this system."),
    "task_link_over": _("This link no longer works. Ask for a new one."),
    "account_exists": _("There is already an account with this address."),
    "account_inactive": _("The account is not active."),
    "systems_moving": _("They own another system since this page was made. Say who takes it over, and press again."),
    "cases_moving": _("Cases are being given to this person right now. Press once more."),
    "factor_first": _("Show the second factor that you have before you add another one."),
    "last_factor": _("This is your only second factor. Add another one first."),
    "passkey_unfit": _("The passkey could not be added: the page is too old, or it is known already. Try again."),
    "passkeys_too_many": _("An account has at most %(number)s passkeys. Remove one first."),
    "not_yourself": _("You cannot do this to your own account."),
    "invitation_dead": _("The invitation has been used, withdrawn or has expired."),
    "bad_address": _("This is not an e-mail address."),
    "name_taken": _("The name is in use."),
    "token_unknown": _("There is no such token."),
    "absence_first_missing": _("Give the first day as well."),
    "absence_ends_too_early": _("The last day lies before the first."),
    "deputy_oneself": _("Nobody stands in for themselves. Choose somebody else."),
    "deputy_unfit": _("This person has no account any more. Choose somebody else."),
    "deputy_sees_no_cases": _("This person sees no cases. Choose somebody who does."),
    "mail_cannot_wait": _("This mail cannot wait for the morning mail."),
    "digest_needed": _("Without the morning mail, these mails would not reach you. Keep one of the two."),
    # systems and register
    "right_not_planned": _("No system has been asked yet."),
    "systems_silent": _("these systems have not answered: %(ids)s"),
    "recipients_untold": _("these recipients have not been told: %(ids)s"),
    "systems_incomplete": _("there is more in these systems than one search may fetch: %(ids)s"),
    "register_unknown": _("the register does not say: %(ids)s"),
    "register_reason_missing": _("Say why the register is changed."),
    "registers_unknown": _("There is no such register."),
    "registers_closed": _("The case is closed. What it is about does not change any more."),
    "registers_decided": _("An answer is being decided on already, from the registers as they were chosen."),
    "register_ids_taken": _("Another register has these already: %(ids)s."),
    "register_same": _("The file says what the register says already. There is nothing to take over."),
    "register_changed": _("Somebody changed the register in the meantime. Look at it again."),
    "organisation_reason_missing": _("Say why the settings are changed."),
    "organisation_changed": _("Somebody changed the settings in the meantime. Look at them again."),
    "organisation_same": _("Nothing is different from what is in force."),
    "task_answered": _("The task has its answer already."),
    "task_of_deletion": _("This task is part of a deletion. Answer it on its own page."),
    "task_not_answered": _("The task has no answer yet."),
    "task_not_failed": _("Only an automatic task that failed can be tried again."),
    "task_not_now": _("The request is at the stage “%(stage)s”. Tasks are worked on while it is in progress."),
    "task_outcome": _("This cannot be said of this task. Choose another outcome."),
    "task_unverified": _("Write how you made sure that it is done."),
    "task_finishes_on": _("Give the day by which it is done: from today, at most a year ahead."),
    "task_ground": _("Choose the ground in the law on which it is left as it is."),
    "task_told_how": _("Write how the recipient was told."),
    "task_told_on": _("Give the day on which the recipient was told: from %(date)s to today."),
    "task_not_told": _("Choose why the recipient is not told: it is impossible, or takes disproportionate effort."),
    "task_not_told_why": _("Write the reason in this case. The person may ask for it."),
    "task_note_too_long": _("The text is longer than %(most)s characters, or holds a character that cannot be stored."),
    "task_nothing_shown": _("Show what was found: write it or add a file."),
    "task_contact": _("This is not an e-mail address."),
    "task_evidence_with_nothing": _(
        "A file with a finding was chosen. Save it as something found, or press the button again without the file."
    ),
    "corrections_missing": _("Nobody has written down yet what is wrong and what is right."),
    "corrections_open": _("Not every correction has been made."),
    "corrections_other_right": _("Corrections belong to a request for rectification."),
    "corrections_too_many": _("This corrects more than %(most)s fields at once. Do it in several steps."),
    "corrections_nothing_open": _("There is no correction left to make."),
    "correction_incomplete": _("Name the field and write the right value, which must differ from the wrong one."),
    "correction_read_only": _("This field cannot be corrected: %(ids)s"),
    "correction_wrong_type": _("The value does not fit the field: %(ids)s"),
    "correction_row_gone": _("The system no longer holds what this is about: %(ids)s"),
    "correction_done": _("This was corrected already. Search the system again before you correct it anew: %(ids)s"),
    "corrections_not_ordered": _("The system was asked for none of the corrections as they stand. Carry them out."),
    "correction_under_way": _("The system is being corrected now. Wait for its answer."),
    "correction_outdated": _(
        "The system holds another value than the one you looked at. Look at it again and save it anew: %(ids)s"
    ),
    "systems_unusable": _("The settings of a system have an error. It has to be mended first."),
    "evidence_too_large": _("The file is larger than 10 MB."),
    "evidence_type": _(
        "Files of this kind are not accepted. Use a PDF, a picture (PNG or JPEG), a spreadsheet or plain text."
    ),
    "attachments_too_many": _("A message can go with at most %(most)s files."),
    "attachment_empty": _("The file is empty. Choose it again, or another one."),
    "attachments_too_large": _(
        "All files of a message together can have at most 15 MB. Send the rest in another message."
    ),
    "message_sent_before": _(
        "A message was sent from this form before. What stands here now is not sent: look through it and send it as a "
        "message of its own, with its files chosen again."
    ),
    "attachments_changed": _(
        "The files are not the ones you looked at. Look through the message once more, and choose again what is gone."
    ),
}


def sentence(reason: Reason) -> str:
    """Return the reason in the active language; a code without words comes back as it is."""
    if reason.code not in SENTENCES:
        return _in_short(reason.code)
    return str(SENTENCES[reason.code]) % {name: _shown(name, value) for name, value in reason.params.items()}


def _in_short(text: str) -> str:
    """Put the reason of a requirement into words: a code, `code:id,id`, or already a sentence."""
    code, colon, ids = text.partition(":")
    if code not in SENTENCES:
        return text
    return str(SENTENCES[code]) % {"ids": ", ".join(ids.split(","))} if colon else str(SENTENCES[code])


def _roles(value: str) -> str:
    return ", ".join(str(labels.ROLES.get(role, role)) for role in value.split(","))


def _stage(value: str) -> str:
    return str(labels.STAGES.get(value, value))


def _kind(value: str) -> str:
    return str(labels.REQUIREMENTS.get(value, value))


def _open_reason(value: str) -> str:
    return _in_short(value) if value else gettext("not in place yet")


def _day(value: str) -> str:
    return ui.long_day(date.fromisoformat(value)) if value else gettext("the day that is not known yet")


def _moment(value: str) -> str:
    return ui.moment(timezone.localtime(datetime.fromisoformat(value)))


def _number(value: str) -> str:
    return ui.number(int(value))


_SPOKEN: dict[str, Callable[[str], str]] = {
    "roles": _roles,
    "stage": _stage,
    "kind": _kind,
    "reason": _open_reason,
    "date": _day,
    "until": _moment,
    "least": _number,
    "most": _number,
}


def _shown(name: str, value: str) -> str:
    return _SPOKEN[name](value) if name in _SPOKEN else value
