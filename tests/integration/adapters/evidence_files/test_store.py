from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from partner_assess.adapters.evidence_files import BadStorageUrl, FileStore, make_store

CONTENT = b"Demo: policy"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


def files(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_content_lies_at_its_own_digest(root: Path) -> None:
    store = FileStore(root)
    assert store.put(CONTENT) == SHA256
    assert store.path(SHA256) == root / SHA256[:2] / SHA256[2:]
    assert store.path(SHA256).read_bytes() == CONTENT


def test_putting_twice_keeps_one_file_untouched(root: Path) -> None:
    store = FileStore(root)
    store.put(CONTENT)
    before = store.path(SHA256).stat()
    assert store.put(CONTENT) == SHA256
    assert files(root) == [f"{SHA256[:2]}/{SHA256[2:]}"]
    assert store.path(SHA256).stat().st_ino == before.st_ino


def test_many_may_put_the_same_at_once(root: Path) -> None:
    content = bytes(1_000_000)
    with ThreadPoolExecutor(8) as people:
        names = set(people.map(lambda _: FileStore(root).put(content), range(40)))
    (name,) = names
    assert files(root) == [f"{name[:2]}/{name[2:]}"]
    assert FileStore(root).path(name).read_bytes() == content


def test_what_cannot_be_written_leaves_nothing_behind(root: Path) -> None:
    (root / SHA256[:2] / SHA256[2:]).mkdir(parents=True)  # a folder is in its place
    with pytest.raises(OSError, match=SHA256[2:]):
        FileStore(root).put(CONTENT)
    assert files(root) == []


NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # long before any clock that runs these tests
HOUR = timedelta(hours=1)


def put_at(store: FileStore, moment: datetime) -> Path:
    path = store.path(store.put(CONTENT))
    os.utime(path, (moment.timestamp(), moment.timestamp()))
    return path


@pytest.mark.parametrize(("hours", "found"), [(-1, True), (0, False), (1, False)])
def test_what_was_put_before_a_moment_is_found_and_removed(
    root: Path, hours: int, found: bool
) -> None:
    store = FileStore(root)
    put_at(store, NOW + hours * HOUR)

    assert list(store.put_before(NOW)) == [SHA256] * found
    assert store.remove(SHA256, put_before=NOW) is found
    assert files(root) == [] if found else [f"{SHA256[:2]}/{SHA256[2:]}"]
    assert store.remove(SHA256, put_before=NOW) is False


def test_what_is_put_again_counts_as_new(root: Path) -> None:
    store = FileStore(root)
    put_at(store, LONG_AGO - HOUR)

    store.put(CONTENT)

    assert store.remove(SHA256, put_before=LONG_AGO) is False
    assert store.path(SHA256).read_bytes() == CONTENT


def test_what_a_crash_left_is_cleared_or_put_back(root: Path) -> None:
    store = FileStore(root)
    whole = put_at(store, NOW - HOUR)
    whole.rename(whole.with_name(f"leaving-{whole.name}"))
    half = whole.with_name("part-abc")
    half.write_bytes(b"half")
    os.utime(half, (0, 0))
    young = whole.with_name("part-def")
    young.write_bytes(b"half")

    assert list(store.put_before(NOW)) == []
    assert files(root) == sorted(str(one.relative_to(root)) for one in (whole, young))
    assert list(store.put_before(NOW)) == [SHA256]


def test_sweeps_at_once_do_not_fall_over_each_other(root: Path) -> None:
    store = FileStore(root)

    def sweep(_: int = 0) -> None:
        for name in store.put_before(LONG_AGO):
            store.remove(name, put_before=LONG_AGO)

    with ThreadPoolExecutor(8) as sweeps:
        for _ in range(20):
            put_at(store, LONG_AGO - HOUR)
            list(sweeps.map(sweep, range(4)))
    sweep()
    assert files(root) == []


def test_a_store_that_nobody_used_holds_nothing(root: Path) -> None:
    assert list(FileStore(root).put_before(NOW)) == []


def test_putting_while_others_remove_never_loses_the_file(root: Path) -> None:
    store = FileStore(root)

    def put(_: int) -> None:
        store.put(CONTENT)

    def remove(_: int) -> None:
        store.remove(SHA256, put_before=LONG_AGO)

    put_at(store, LONG_AGO - HOUR)
    with ThreadPoolExecutor(8) as people:
        for deed in (put, remove) * 50:
            people.submit(deed, 0)
    store.put(CONTENT)
    assert store.path(SHA256).read_bytes() == CONTENT


def test_what_is_not_there_is_said_to_be_missing(root: Path) -> None:
    with pytest.raises(FileNotFoundError):
        FileStore(root).path(SHA256)


@pytest.mark.parametrize(
    "name", ["", "..", "../" + SHA256, SHA256.upper(), SHA256[:-1], SHA256 + "\n", "/" + SHA256]
)
def test_only_a_digest_is_looked_for(root: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        FileStore(root).path(name)


def test_a_setting_names_the_folder(tmp_path: Path) -> None:
    store = make_store(f"file://{tmp_path}/some%20evidence")
    assert store.root == tmp_path / "some evidence"


@pytest.mark.parametrize(
    "url",
    ["", "file://", "file:///", "file://evidence/files", "evidence", "s3://bucket", "https://a/b"],
)
def test_a_setting_that_names_no_folder_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(BadStorageUrl, match=r"STORAGE_URL.*file:///"):
        make_store(url)
