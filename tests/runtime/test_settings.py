"""Settings: defaults, revisions, edits by hand, crashes between the steps of a change."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.atomic import Busy, locked, write_whole
from runtime.settings import (
    RULES,
    BadSettings,
    Environment,
    Limits,
    Revisions,
    SettingsStore,
    settings_from,
)
from runtime.settings.storage import FileStorage

REALM = "9341455600000001"
BODY: dict[str, Any] = {
    "connections": {
        "leadexploder": {
            "connector": "leadexploder",
            "options": {"poll_url": "https://crm.example"},
            "has_secret": ["webhook_secret"],
        }
    },
    "companies": {
        REALM: {
            "name": "Sparrow",
            "time_zone": "America/Denver",
            "quickbooks": {"environment": "sandbox", "client_id": "AB1"},
            "rules": {"net_days": 15},
            "account_mapping": [{"match": {"category": "x"}, "income_account": "Sales"}],
            "matches": [{"crm_id": "c_1", "quickbooks_id": "10"}],
        }
    },
}


class Recorded(list[tuple[int, dict[str, Any]]]):
    """Stands for the database: every revision that was recorded."""

    def __call__(self, revision: int, body: dict[str, Any]) -> None:
        self.append((revision, body))


@pytest.fixture
def store(tmp_path: Path) -> SettingsStore:
    return SettingsStore(tmp_path)


def rename(name: str) -> Any:
    def edit(body: dict[str, Any]) -> dict[str, Any]:
        body.setdefault("companies", {}).setdefault(REALM, {})["name"] = name
        return body

    return edit


def test_before_anything_is_set_up(store: SettingsStore, tmp_path: Path) -> None:
    settings = store.current()
    assert (settings.revision, dict(settings.companies), dict(settings.connections)) == (0, {}, {})
    assert list(tmp_path.iterdir()) == []


def test_a_full_company() -> None:
    company = settings_from(BODY, 7).companies[REALM]
    assert company.rules == {**RULES, "net_days": 15}
    assert company.zone.key == "America/Denver"
    assert company.quickbooks.environment is Environment.SANDBOX
    assert company.quickbooks.limits == Limits(
        in_flight=10, per_second=10, per_minute=500, batches_per_minute=40
    )
    assert company.match_keys == ("email", "phone", "name")
    assert company.matches["c_1"]["quickbooks_id"] == "10"
    assert company.account_mapping[0]["match"]["category"] == "x"
    assert company.go_live == "after_review"


def test_the_defaults_of_the_rules_are_those_of_the_contract() -> None:
    assert dict(RULES) == {
        "contacts": "on_payment",
        "estimates": "estimate",
        "invoice_trigger": "payment",
        "invoice_date": "collected",
        "net_days": 0,
        "deposits": "liability",
        "closed_period": "hold",
        "email_invoices": "never",
        "customer_name": "company_first",
        "name_taken": "suffix",
        "inactive_customer": "hold",
        "service_address": "on_invoice",
        "payouts": "off",
        "line_text": "full",
    }


def test_the_practice_company_needs_nothing() -> None:
    company = settings_from({"companies": {REALM: {}}}, 1).companies[REALM]
    assert (company.name, company.time_zone, company.go_live) == (REALM, "America/Boise", "yes")
    assert company.quickbooks.environment is Environment.PRACTICE


@pytest.mark.parametrize(
    ("given", "limits"),
    [("intuit", Limits()), ("off", None), ({"per_minute": 60}, Limits(per_minute=60))],
)
def test_limits(given: object, limits: Limits | None) -> None:
    body = {"companies": {"1": {"quickbooks": {"limits": given}}}}
    assert settings_from(body, 1).companies["1"].quickbooks.limits == limits


def test_a_snapshot_cannot_be_changed() -> None:
    settings = settings_from(BODY, 1)
    with pytest.raises(TypeError):
        settings.companies[REALM].rules["net_days"] = 30  # type: ignore[index]
    with pytest.raises(TypeError):
        settings.companies[REALM].account_mapping[0]["match"]["category"] = "y"
    with pytest.raises(AttributeError):
        settings.revision = 2  # type: ignore[misc]


def test_a_change_is_recorded_first_and_then_in_force_everywhere(
    store: SettingsStore, tmp_path: Path
) -> None:
    other = SettingsStore(tmp_path)
    assert other.current().revision == 0
    seen_while_recording: list[int] = []

    def record(revision: int, body: dict[str, Any]) -> None:
        seen_while_recording.append(other.current().revision)
        assert body == BODY

    assert store.change(lambda _: BODY, record).revision == 1
    assert seen_while_recording == [0]
    assert other.current() == store.current() == settings_from(BODY, 1)


def test_an_edit_that_changes_nothing_makes_no_revision(store: SettingsStore) -> None:
    recorded = Recorded()
    store.change(lambda _: BODY, recorded)
    assert store.change(lambda body: body, recorded).revision == 1
    assert store.change(lambda body: dict(reversed(body.items())), recorded).revision == 1
    assert [revision for revision, _ in recorded] == [1]


def test_true_is_not_1(store: SettingsStore) -> None:
    def taxable(value: object) -> Any:
        row = {"match": {"category": "x"}, "income_account": "Sales", "taxable": value}
        return lambda _: {"companies": {"1": {"account_mapping": [row]}}}

    store.change(taxable(True), Recorded())
    with pytest.raises(BadSettings):
        store.change(taxable(1), Recorded())


def test_a_failing_record_changes_nothing(store: SettingsStore, tmp_path: Path) -> None:
    store.change(rename("old"), Recorded())
    before = (tmp_path / "settings.json").read_bytes()

    def no_database(revision: int, body: dict[str, Any]) -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        store.change(rename("new"), no_database)
    assert (tmp_path / "settings.json").read_bytes() == before
    assert store.change(rename("new"), Recorded()).revision == 2


@pytest.mark.parametrize("broken", ["os.fsync", "pathlib.Path.replace"])
def test_a_crash_after_recording_leaves_the_old_file_whole(
    store: SettingsStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    recorded = Recorded()
    store.change(rename("old"), recorded)

    def dies(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(broken, dies)
        with pytest.raises(OSError, match="no space"):
            store.change(rename("lost"), recorded)
    assert store.current().companies[REALM].name == "old"
    assert not (tmp_path / "settings.json.new").exists()
    assert [revision for revision, _ in recorded] == [1, 2]
    assert store.change(rename("new"), recorded, at_least=2).revision == 3
    assert store.change(rename("newer"), recorded, at_least=lambda: 8).revision == 9


def test_what_a_killed_writer_left_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.new").write_bytes(b"half a fi")
    write_whole(tmp_path / "a", b"whole")
    assert (tmp_path / "a").read_bytes() == b"whole"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_mode_and_link_of_a_replaced_file_stay(tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.write_bytes(b"1")
    real.chmod(0o640)
    (tmp_path / "link").symlink_to(real)
    write_whole(tmp_path / "link", b"2")
    assert real.read_bytes() == b"2"
    assert real.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "link").is_symlink()


def test_the_first_write_is_one_write(
    store: SettingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[Any] = []
    write = FileStorage.write

    def counted(self: FileStorage, data: Any) -> None:
        written.append(data)
        write(self, data)

    monkeypatch.setattr(FileStorage, "write", counted)
    store.change(rename("a"), Recorded())
    store.change(rename("b"), Recorded())
    assert [data["settings"]["1"]["revision"] for data in written] == [1, 2]


def test_an_unchanged_file_is_not_opened_again(
    store: SettingsStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.change(rename("a"), Recorded())
    path = tmp_path / "settings.json"
    os.utime(path, ns=(1, 1))
    first = store.current()
    monkeypatch.setattr(FileStorage, "read", None)
    assert store.current() is first


def test_a_young_file_is_read_again_even_when_its_mark_is_the_same(
    store: SettingsStore, tmp_path: Path
) -> None:
    path = tmp_path / "settings.json"
    store.change(rename("aaa"), Recorded())
    assert store.current().companies[REALM].name == "aaa"
    found = path.stat()
    SettingsStore(tmp_path).change(rename("bbb"), Recorded())
    content = path.read_bytes()
    path.write_bytes(content)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert store.current().companies[REALM].name == "bbb"


def edit_file(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_an_edit_by_hand_gets_its_number_before_it_is_in_force(
    store: SettingsStore, tmp_path: Path
) -> None:
    recorded = Recorded()
    store.change(rename("old"), recorded)
    store.current()
    edit_file(tmp_path / "settings.json", '"old"', '"by hand"')
    assert store.current().companies[REALM].name == "old"
    assert "edited by hand" in store.trouble
    assert store.adopt(recorded, at_least=1).companies[REALM].name == "by hand"
    assert store.current().revision == 2
    assert store.trouble == ""
    assert recorded[1] == (2, {"companies": {REALM: {"name": "by hand"}}})
    assert store.adopt(recorded).revision == 2


def test_a_change_carries_an_edit_by_hand_along(store: SettingsStore, tmp_path: Path) -> None:
    store.change(lambda _: BODY, Recorded())
    edit_file(tmp_path / "settings.json", '"Sparrow"', '"By hand"')

    def terms(body: dict[str, Any]) -> dict[str, Any]:
        body["companies"][REALM]["rules"]["net_days"] = 30
        return body

    company = store.change(terms, Recorded()).companies[REALM]
    assert (company.name, company.rules["net_days"]) == ("By hand", 30)


@pytest.mark.parametrize(
    ("old", "new", "trouble"),
    [
        ("{", "", "it is not JSON"),
        ('"settings":', '"sittings":', "has no row"),
        ('"revision": 1', '"revision": "one"', "no readable revision"),
        ('"net_days": 15', '"net_days": 16', "cannot be 16"),
        ("America/Denver", "America/Denvre", 'no time zone "America/Denvre"'),
    ],
)
def test_a_bad_edit_by_hand_never_stops_good_work(
    store: SettingsStore, tmp_path: Path, old: str, new: str, trouble: str
) -> None:
    recorded = Recorded()
    store.change(lambda _: BODY, recorded)
    good = store.current()
    edit_file(tmp_path / "settings.json", old, new)
    assert store.current() == good
    assert trouble in store.trouble
    assert store.adopt(recorded) == good
    assert len(recorded) == 1
    assert store.put_back(recorded[0][1], 1) == good
    assert store.trouble == ""


def test_a_broken_file_at_the_start_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadSettings, match=r"^The settings in settings\.json cannot be read: it is"):
        SettingsStore(tmp_path).current()


def test_a_removed_file_is_not_taken_for_a_fresh_start(
    store: SettingsStore, tmp_path: Path
) -> None:
    store.change(rename("kept"), Recorded())
    store.current()
    (tmp_path / "settings.json").unlink()
    assert store.current().companies[REALM].name == "kept"
    assert "is gone" in store.trouble
    with pytest.raises(BadSettings, match="is gone"):
        store.change(rename("fresh"), Recorded())


BAD_BODIES: list[tuple[dict[str, Any], str]] = [
    ({"companies": {"1": {"rules": {"net_days": 7}}}}, '"companies.1.rules.net_days" cannot be 7'),
    ({"companies": {"1": {"quickbooks": {"refresh_token": "RT1"}}}}, "unknown setting"),
    ({"companies": {"1": {"quickbooks": {"environment": "sandbox"}}}}, '"1" has no time zone'),
    ({"companies": {"1": {"time_zone": "Boise"}}}, 'no time zone "Boise"'),
    ({"companies": {"1": {}, "2": {"locations": ["a"]}}}, '"1" has no locations'),
    (
        {"companies": {"1": {"locations": ["a"]}, "2": {"locations": ["b", "a"]}}},
        'the location "a" belongs to "1" and "2"',
    ),
    (
        {
            "companies": {
                "1": {
                    "account_mapping": [
                        {"match": {"category": "x"}, "income_account": "A"},
                        {"match": {"category": "x"}, "income_account": "B"},
                    ]
                }
            }
        },
        "row 2 matches the same lines as row 1",
    ),
    ({"companies": {"1": {"name": float("nan")}}}, "cannot be stored"),
    ({"companies": {"1": {"name": "\ud800"}}}, "cannot be stored"),
]


@pytest.mark.parametrize(("body", "sentence"), BAD_BODIES)
def test_what_cannot_be_used_is_not_stored(
    store: SettingsStore, body: dict[str, Any], sentence: str
) -> None:
    recorded = Recorded()
    with pytest.raises(BadSettings) as caught:
        store.change(lambda _: body, recorded)
    assert sentence in caught.value.sentence
    assert recorded == []
    assert store.current().revision == 0


def test_old_revisions_are_built_once() -> None:
    asked: list[int] = []

    def load(revision: int) -> dict[str, Any]:
        asked.append(revision)
        return {"companies": {REALM: {"name": f"name {revision}"}}}

    revisions = Revisions(load, keep=2)
    assert revisions.get(3) is revisions.get(3)
    assert revisions.get(3).companies[REALM].name == "name 3"
    assert revisions.get(0) == settings_from({}, 0)
    revisions.get(4)
    revisions.get(3)
    assert asked == [3, 4, 3]


@given(
    st.lists(st.tuples(st.sampled_from(["1", "2", "3"]), st.sampled_from([0, 15, 30])), max_size=6)
)
def test_any_sequence_of_edits_reads_back(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, int]]
) -> None:
    store = SettingsStore(tmp_path_factory.mktemp("any"))
    recorded = Recorded()
    body: dict[str, Any] = {}
    for realm, days in edits:
        given = {"locations": [realm], "rules": {"net_days": days}}
        body = {"companies": {**body.get("companies", {}), realm: given}}
        now = store.change(lambda _, body=body: body, recorded)  # type: ignore[misc]
        assert now == store.current() == settings_from(body, len(recorded))
    assert [revision for revision, _ in recorded] == list(range(1, len(recorded) + 1))
    if recorded:
        kept = json.loads((store._path).read_text(encoding="utf-8"))
        assert kept["settings"]["1"]["body"] == body


def test_an_edit_must_give_the_whole_body(store: SettingsStore) -> None:
    with pytest.raises(BadSettings, match="whole body"):
        store.change(lambda _: None, Recorded())  # type: ignore[arg-type, return-value]


def test_a_file_that_cannot_be_opened_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(BadSettings, match="Is a directory"):
        SettingsStore(tmp_path).current()


def test_a_lock_that_never_comes_free_is_a_sentence(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "lock"),
        pytest.raises(Busy, match="for 0 seconds"),
        locked(tmp_path / "lock", seconds=0),
    ):
        pass
