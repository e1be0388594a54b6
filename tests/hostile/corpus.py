"""This file holds every hostile file by name, and what the gate says of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from partner_assess.domain.report.verdict import Refusal
from partner_assess.domain.trust import Trust
from tests import pki
from tests.hostile import bytes_of, changed, in_place, inside, signature_inside, strangers


@dataclass(frozen=True)
class Hostile:
    """One file, what its reader goes by, and what the gate must say."""

    name: str
    make: Callable[[], bytes | tuple[bytes, Trust]]
    problems: tuple[Refusal, ...]

    @cache  # noqa: B019 (as long as the tests run)
    def handed(self) -> tuple[bytes, Trust]:
        """Return the file and the roots that count."""
        made = self.make()
        return made if isinstance(made, tuple) else (made, pki.trust(pki.agency()[0]))


def _all(module: ModuleType, said: dict[str, Refusal | tuple[Refusal, ...]]) -> list[Hostile]:
    return [
        Hostile(
            f"{module.__name__.rpartition('.')[2]}.{name}",
            getattr(module, name),
            problems if isinstance(problems, tuple) else (problems,),
        )
        for name, problems in said.items()
    ]


CORPUS = [
    *_all(
        bytes_of,
        {
            "empty": Refusal.EMPTY,
            "png": Refusal.NOT_PDF,
            "html": Refusal.NOT_PDF,
            "plain_json": Refusal.NOT_PDF,
            "header_only": Refusal.DAMAGED,
            "header_and_noise": Refusal.DAMAGED,
            "zeros": Refusal.DAMAGED,
            "truncated": Refusal.DAMAGED,
            "without_its_last_line": Refusal.DAMAGED,
            "html_before": Refusal.NOT_PDF,
            "one_byte_before": Refusal.NOT_PDF,
            "zip_after": Refusal.MODIFIED_AFTER_SIGNING,
            "zip_after_with_an_end": Refusal.DAMAGED,
            "junk_after": Refusal.MODIFIED_AFTER_SIGNING,
            "spaces_after": Refusal.MODIFIED_AFTER_SIGNING,
            "comment_and_end_after": Refusal.MODIFIED_AFTER_SIGNING,
            "another_product": Refusal.UNSIGNED,
            "another_product_encrypted": Refusal.ENCRYPTED,
            "encrypted_for_users": Refusal.ENCRYPTED,
            "encrypted_for_owners": Refusal.ENCRYPTED,
            "rewritten": Refusal.TAMPERED,
            "a_million_objects": Refusal.TOO_COMPLEX,
            "a_million_names": Refusal.TOO_COMPLEX,
            "deep_nest": Refusal.TOO_COMPLEX,
            "page_tree_in_a_loop": Refusal.UNSIGNED,
            "fields_in_a_loop": Refusal.SIGNATURE_FORM,
            "reference_to_itself": Refusal.TOO_COMPLEX,
            "tables_in_a_loop": Refusal.DAMAGED,
            "huge_table": Refusal.DAMAGED,
            "huge_numbers": Refusal.SIGNATURE_FORM,
            "long_name": Refusal.TOO_COMPLEX,
            "bomb_of_objects": Refusal.TOO_COMPLEX,
            "bomb_of_the_table": Refusal.TOO_COMPLEX,
            "far_too_large": Refusal.TOO_LARGE,
            "as_large_as_may_be": Refusal.TOO_COMPLEX,
        },
    ),
    *_all(
        changed,
        {
            "other_data_added": Refusal.MODIFIED_AFTER_SIGNING,
            "painted_over": Refusal.MODIFIED_AFTER_SIGNING,
            "annotated": Refusal.MODIFIED_AFTER_SIGNING,
            "second_file_added": Refusal.MODIFIED_AFTER_SIGNING,
            "page_hidden": Refusal.MODIFIED_AFTER_SIGNING,
            "font_replaced": Refusal.MODIFIED_AFTER_SIGNING,
            "catalog_replaced": Refusal.MODIFIED_AFTER_SIGNING,
            "certification_dropped": Refusal.MODIFIED_AFTER_SIGNING,
            "form_dropped": Refusal.UNSIGNED,
            "signature_dropped": Refusal.UNSIGNED,
            "lists_replaced": Refusal.MODIFIED_AFTER_SIGNING,
            "metadata_changed": Refusal.MODIFIED_AFTER_SIGNING,
            "nothing_changed": Refusal.MODIFIED_AFTER_SIGNING,
            "back_to_unsigned": Refusal.UNSIGNED,
            "never_signed": Refusal.UNSIGNED,
            "second_signature_of_a_stranger": Refusal.SEVERAL_SIGNATURES,
            "second_signature_of_its_own": Refusal.SEVERAL_SIGNATURES,
            "approved_only": Refusal.NOT_CERTIFIED,
            "form_filling_allowed": Refusal.NOT_CERTIFIED,
            "annotations_allowed": Refusal.NOT_CERTIFIED,
        },
    ),
    *_all(
        in_place,
        {
            "data_swapped": Refusal.TAMPERED,
            "text_swapped": Refusal.TAMPERED,
            "date_swapped": Refusal.TAMPERED,
            "permission_swapped": Refusal.NOT_CERTIFIED,
            "contents_of_zeros": Refusal.SIGNATURE_FORM,
            "contents_of_noise": Refusal.SIGNATURE_FORM,
            "padding_used": Refusal.TAMPERED,
            "first_padding_byte_used": Refusal.TAMPERED,
            "hex_in_small_letters": Refusal.TAMPERED,
            "range_with_a_hole": Refusal.TAMPERED,
            "range_to_the_middle": Refusal.TAMPERED,
            "range_not_from_the_begin": Refusal.TAMPERED,
            "range_beyond_the_end": Refusal.TAMPERED,
            "range_below_zero": Refusal.TAMPERED,
        },
    ),
    *_all(
        signature_inside,
        {
            "attribute_not_signed": Refusal.SIGNATURE_FORM,
            "time_stamp_of_noise": Refusal.TIME_STAMP,
            "revocation_list_not_signed": Refusal.SIGNATURE_FORM,
            "certificate_left_out": Refusal.SIGNATURE_FORM,
            "certificate_twice": Refusal.TAMPERED,
            "certificate_of_the_same_key": Refusal.TAMPERED,
            "two_signers": Refusal.SIGNATURE_FORM,
            "no_signer": Refusal.SIGNATURE_FORM,
            "another_version": Refusal.SIGNATURE_FORM,
            "digest_named_twice": Refusal.SIGNATURE_FORM,
            "digest_with_parameters": Refusal.SIGNATURE_FORM,
            "content_brought_along": Refusal.TAMPERED,
            "length_in_a_longer_form": Refusal.SIGNATURE_FORM,
            "length_not_said": Refusal.SIGNATURE_FORM,
            "length_over_the_padding": Refusal.TAMPERED,
            "one_part_more": Refusal.SIGNATURE_FORM,
            "issuer_in_other_letters": Refusal.TAMPERED,
            "another_kind_of_content": Refusal.SIGNATURE_FORM,
            "signature_of_another_document": Refusal.TAMPERED,
        },
    ),
    *_all(
        inside,
        {
            "no_file": Refusal.NO_DATA,
            "two_files": Refusal.EMBEDDED_FILES,
            "two_files_of_one_name": Refusal.EMBEDDED_FILES,
            "file_of_another_name": Refusal.EMBEDDED_FILES,
            "file_of_another_kind": Refusal.EMBEDDED_FILES,
            "file_that_is_no_data": Refusal.EMBEDDED_FILES,
            "file_that_is_not_listed": Refusal.EMBEDDED_FILES,
            "file_that_is_listed_twice": Refusal.EMBEDDED_FILES,
            "another_file_is_listed": Refusal.EMBEDDED_FILES,
            "another_file_for_other_readers": Refusal.EMBEDDED_FILES,
            "another_name_for_other_readers": Refusal.EMBEDDED_FILES,
            "names_in_a_tree": Refusal.EMBEDDED_FILES,
            "size_that_is_not_so": Refusal.EMBEDDED_FILES,
            "hidden_attachment": Refusal.EMBEDDED_FILES,
            "very_long_names": Refusal.EMBEDDED_FILES,
            "duplicate_keys": Refusal.NOT_CANONICAL,
            "pretty_printed": Refusal.NOT_CANONICAL,
            "keys_in_another_order": Refusal.NOT_CANONICAL,
            "newline_at_the_end": Refusal.NOT_CANONICAL,
            "not_a_number": Refusal.NOT_CANONICAL,
            "a_float": Refusal.NOT_CANONICAL,
            "not_json": Refusal.NOT_CANONICAL,
            "not_text": Refusal.NOT_CANONICAL,
            "utf_16": Refusal.NOT_CANONICAL,
            "a_list": Refusal.SCHEMA,
            "absurd_depth": Refusal.TOO_COMPLEX,
            "absurd_size": Refusal.TOO_COMPLEX,
            "absurd_number": Refusal.NOT_CANONICAL,
            "unknown_version": Refusal.SCHEMA,
            "unknown_key": Refusal.SCHEMA,
            "missing_key": Refusal.SCHEMA,
            "wrong_type": Refusal.SCHEMA,
            "contradiction": Refusal.CONTRADICTION,
            "not_final": Refusal.NOT_FINAL,
            "another_agency_in_it": Refusal.ISSUER_MISMATCH,
            "bomb": Refusal.TOO_COMPLEX,
            "bomb_in_two_layers": Refusal.TOO_COMPLEX,
        },
    ),
    *_all(
        strangers,
        {
            "untrusted_root": Refusal.UNTRUSTED,
            "root_of_the_same_name": Refusal.UNTRUSTED,
            "nobody_is_trusted": Refusal.UNTRUSTED,
            "self_signed": Refusal.UNTRUSTED,
            "signed_by_the_root_itself": Refusal.KEY_USAGE,
            "below_another_seal": Refusal.UNTRUSTED,
            "another_agencys_certificate": Refusal.ISSUER_MISMATCH,
            "expired_when_signed": Refusal.CERTIFICATE_EXPIRED,
            "not_yet_valid_when_signed": Refusal.CERTIFICATE_NOT_YET_VALID,
            "signed_in_the_future": Refusal.SIGNED_IN_FUTURE,
            "signed_before_the_certificate": Refusal.CERTIFICATE_NOT_YET_VALID,
            "revoked_by_the_list_inside": Refusal.REVOKED,
            "revoked_by_the_list_known_here": Refusal.REVOKED,
            "revoked_after_it_says_it_was_signed": Refusal.REVOKED,
            "root_above_revoked": Refusal.REVOKED,
            "no_list": Refusal.REVOCATION_UNKNOWN,
            "list_out_of_date": Refusal.REVOCATION_UNKNOWN,
            "list_of_somebody_else": Refusal.REVOCATION_UNKNOWN,
            "not_for_signing": Refusal.KEY_USAGE,
            "for_web_servers": Refusal.KEY_USAGE,
            "an_authority_that_signs": Refusal.KEY_USAGE,
            "digest_sha1": Refusal.WEAK_ALGORITHM,
            "digest_md5": Refusal.WEAK_ALGORITHM,
            "certificate_by_sha1": Refusal.WEAK_ALGORITHM,
            "short_key": Refusal.WEAK_ALGORITHM,
            "older_kind_of_signature": Refusal.SIGNATURE_FORM,
            "certificate_nothing_needs": Refusal.TAMPERED,
            "stamped_by_a_stranger": Refusal.TIME_STAMP,
        },
    ),
]
