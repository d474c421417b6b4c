"""A refusal's code is its name; clients know these."""

from engine.errors import AlurError

KNOWN = {
    "address_in_use", "bad_number", "bad_settings", "cannot_receive", "case_ended", "case_suspended",
    "checkpoints_missing", "conflict", "database_damaged", "database_new", "database_old", "database_refuses",
    "database_silent", "delegated_once", "disk_full", "draft_changed", "draft_there", "error", "file_refused",
    "file_too_large", "forbidden", "idempotency_key_reused", "invalid", "invalid_deployment", "invalid_form",
    "link_expired", "malformed", "membership_over", "name_taken", "no_account", "no_incident", "not_found",
    "not_set_up", "number_malformed", "number_missing", "number_taken", "operator_failed", "own_account",
    "pdf_unavailable", "provider_refused", "provider_unavailable", "read_only", "same_name", "separated",
    "sign_in_failed", "sop_draft_changed", "sop_offered", "sop_withdrawn", "state_unreadable", "substitution_over",
    "task_claimed", "task_done", "task_free", "task_not_claimed", "too_many_attempts", "too_many_uploads",
    "unacceptable", "unauthenticated", "unavailable", "wrong_lane", "wrong_position",
}  # fmt: skip


def codes(kind: type[AlurError]) -> list[str]:
    return [kind.code, *(code for below in kind.__subclasses__() for code in codes(below))]


def test_a_class_may_get_another_name_but_no_code_that_clients_know_gets_lost():
    assert set(codes(AlurError)) >= KNOWN
