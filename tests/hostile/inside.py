"""This file holds documents that are signed by whom they should be, with the wrong thing inside."""

from __future__ import annotations

import json
import zlib
from typing import Any

from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.generic import pdf_name

from partner_assess.domain.report import to_json
from tests.hostile.changed import facts, other_payload
from tests.sample_report import a_draft
from tests.signed_pdf import NAME, attach, document, sealed_report


def _good() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(to_json(sealed_report()))
    return told


def no_file() -> bytes:
    return document(names=())


def two_files() -> bytes:
    return document(names=(NAME, "other.json"))


def two_files_of_one_name() -> bytes:
    return document(names=(NAME, NAME))


def file_of_another_name() -> bytes:
    return document(names=("assessment.json",))


def file_of_another_kind() -> bytes:
    return document(mime="application/xml")


def file_that_is_no_data() -> bytes:
    return document(relationship="/Supplement")


def file_that_is_not_listed() -> bytes:
    return document(change=lambda into: into.root.pop("/AF"))


def file_that_is_listed_twice() -> bytes:
    def change(into: Any) -> None:
        listed = into.root["/AF"]
        listed.append(listed.raw_get(0))

    return document(change=change)


def another_file_is_listed() -> bytes:
    def change(into: Any) -> None:
        stream = embed.EmbeddedFileObject.from_file_data(
            into, other_payload(), mime_type="application/json"
        )
        spec = embed.FileSpec(NAME, NAME, stream, af_relationship=pdf_name("/Data"))
        into.root[pdf_name("/AF")] = generic.ArrayObject([into.add_object(spec.as_pdf_object())])

    return document(change=change)


def another_file_for_other_readers() -> bytes:
    """Return a document whose `/EF` has one file by its old key and another by the new one."""

    def change(into: Any) -> None:
        spec = into.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
        stream = embed.EmbeddedFileObject.from_file_data(
            into, other_payload(), mime_type="application/json"
        )
        spec["/EF"][pdf_name("/UF")] = into.add_object(stream)

    return document(change=change)


def another_name_for_other_readers() -> bytes:
    def change(into: Any) -> None:
        spec = into.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
        spec[pdf_name("/UF")] = generic.pdf_string("other.json")

    return document(change=change)


def names_in_a_tree() -> bytes:
    def change(into: Any) -> None:
        tree = into.root["/Names"]["/EmbeddedFiles"]
        leaf = into.add_object(generic.DictionaryObject(tree))
        tree.clear()
        tree[pdf_name("/Kids")] = generic.ArrayObject([leaf])

    return document(change=change)


def size_that_is_not_so() -> bytes:
    def change(into: Any) -> None:
        stream = into.root["/Names"]["/EmbeddedFiles"]["/Names"][1]["/EF"]["/F"]
        stream.params = None
        told = {pdf_name("/Size"): generic.NumberObject(7)}
        stream[pdf_name("/Params")] = generic.DictionaryObject(told)

    return document(change=change)


def duplicate_keys() -> bytes:
    return document(
        to_json(sealed_report()).replace(b'{"', b'{"schema":"partner-assess/report/1","', 1)
    )


def pretty_printed() -> bytes:
    return document(json.dumps(_good(), indent=2, sort_keys=True, ensure_ascii=False).encode())


def keys_in_another_order() -> bytes:
    told = _good()
    turned = {key: told[key] for key in sorted(told, reverse=True)}
    return document(json.dumps(turned, separators=(",", ":"), ensure_ascii=False).encode())


def newline_at_the_end() -> bytes:
    return document(to_json(sealed_report()) + b"\n")


def not_a_number() -> bytes:
    return document(to_json(sealed_report()).replace(b'"score":8', b'"score":NaN'))


def a_float() -> bytes:
    return document(to_json(sealed_report()).replace(b'"score":8', b'"score":8.0'))


def not_json() -> bytes:
    return document(b"risk: low")


def not_text() -> bytes:
    return document(b'{"schema":"\xff\xfe"}')


def utf_16() -> bytes:
    return document(to_json(sealed_report()).decode().encode("utf-16"))


def a_list() -> bytes:
    return document(b"[]")


def absurd_depth() -> bytes:
    return document(b'{"a":' * 100_000 + b"1" + b"}" * 100_000)


def absurd_size() -> bytes:
    return document(b'{"a":"' + b"x" * 3_000_000 + b'"}')


def absurd_number() -> bytes:
    return document(to_json(sealed_report()).replace(b'"score":8', b'"score":' + b"9" * 100_000))


def unknown_version() -> bytes:
    return document(facts(lambda told: told.update(schema="partner-assess/report/9")))


def unknown_key() -> bytes:
    return document(facts(lambda told: told["partner"].update(remarks="")))


def missing_key() -> bytes:
    return document(facts(lambda told: told["totals"].pop("risk")))


def wrong_type() -> bytes:
    return document(facts(lambda told: told["totals"].update(score="8")))


def contradiction() -> bytes:
    return document(facts(lambda told: told["results"][0].update(rating="superb")))


def not_final() -> bytes:
    return document(to_json(a_draft()))


def another_agency_in_it() -> bytes:
    return document(facts(lambda told: told["owner"].update(agency_code="UNB")))


def bomb() -> bytes:
    """Return a document whose data unpacks to 200 MB."""
    return document(_packed(200), change=_one_layer)


def bomb_in_two_layers() -> bytes:
    return document(zlib.compress(_packed(200), 9), change=_two_layers)


def _packed(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    parts = [packer.compress(b" " * 1_000_000) for _ in range(megabytes)]
    return b"".join((*parts, packer.flush()))


def _one_layer(into: Any) -> None:
    _filters(into, "/FlateDecode")


def _two_layers(into: Any) -> None:
    _filters(into, "/FlateDecode", "/FlateDecode")


def _filters(into: Any, *names: str) -> None:
    """Say of the stored bytes of the file that they are packed, and how often."""
    spec = into.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
    held = spec["/EF"].raw_get("/F").reference
    old = spec["/EF"]["/F"]
    made = generic.StreamObject(
        dict_data={
            pdf_name("/Type"): pdf_name("/EmbeddedFile"),
            pdf_name("/Subtype"): pdf_name("/application/json"),
            pdf_name("/Filter"): generic.ArrayObject([pdf_name(name) for name in names]),
        },
        encoded_data=old.data,
    )
    into.objects[(held.generation, held.idnum)] = made


def very_long_names() -> bytes:
    return document(names=("r" * 60_000 + ".json",))


def hidden_attachment() -> bytes:
    """Return a document with a file in the tree that is not among its associated files."""

    def change(into: Any) -> None:
        attach(into, other_payload(), name="a.json")
        into.root["/AF"].pop()

    return document(change=change)
