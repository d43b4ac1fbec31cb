"""The setup file: every key applied, every mistake told in its place, repeats change nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.documents import read_document
from runtime.documents.schema import FOLDER, problems
from runtime.problems import Problem
from runtime.settings import Limits, Settings, SettingsStore, settings_from
from runtime.setup import AccountForm, SetupPlan, apply, connected, read_setup
from runtime.vault import SecretUnreadable

REALM = "9341455600000001"
FULL = """
connections:
  leadexploder:
    webhook_secret: whsec_abc
    poll_url: https://crm.example/poll
    poll_token: poll-token
  hand-over:
    connector: webhook
    url: https://example.com/in
companies:
  - name: Sparrow Home Services LLC
    locations: [boise, 83702]
    time_zone: America/Denver
    quickbooks:
      environment: sandbox
      client_id: AB1
      client_secret: client-secret
      refresh_token: RT1-first
      realm_id: 9341455600000001
      api_base: http://127.0.0.1:8090
      authorize_url: http://127.0.0.1:8090/authorize
      token_url: http://127.0.0.1:8090/token
      revoke_url: http://127.0.0.1:8090/revoke
      limits: {in_flight: 4}
    rules:
      net_days: 15
      payouts: off
      walk_in_customer: Walk-in
    accounts: {deposits: Customer Deposits, tips: Tips Payable}
    deposit_to: {card: Undeposited Funds}
    account_mapping:
      - match: {service_type: residential_cleaning, kind: service}
        income_account: Residential Cleaning
        taxable: false
    match_keys: [phone, email]
    matches: [{crm_id: 501, quickbooks_id: 10}, {crm_id: c_2, create: true}]
    go_live: approve_exact
"""


class Secrets(dict[str, str]):
    """Stands for the sealed secrets of the database, with a log of what was put."""

    def __init__(self) -> None:
        super().__init__()
        self.puts: list[str] = []

    def put(self, name: str, secret: str) -> None:
        self.puts.append(name)
        self[name] = secret


def planned(text: str, **given: Any) -> SetupPlan:
    plan, found = read_setup(text, "setup.yaml", **given)
    assert found == []
    assert plan is not None
    return plan


def refused(text: str, **given: Any) -> list[Problem]:
    plan, found = read_setup(text, "setup.yaml", **given)
    assert plan is None
    assert found == sorted(found)
    return found


def settings_with(*companies: dict[str, Any], **more: Any) -> Settings:
    numbered = {str(index + 1): company for index, company in enumerate(companies)}
    return settings_from({"companies": numbered, **more}, 1)


@pytest.mark.parametrize("name", ["setup", "settings"])
def test_the_schema_accepts_its_examples_and_refuses_its_counterexamples(name: str) -> None:
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    for example in schema["examples"]:
        assert told(example, name) == []
    for wrong in schema["antiExamples"]:
        assert told(wrong["example"], name), wrong["reason"]
        assert wrong["reason"].endswith(".")


def told(example: object, name: str) -> list[Problem]:
    document, found = read_document(json.dumps(example), "example.json")
    assert document is not None
    return found + problems(document, name, "example.json")


def test_what_both_schemas_define_is_the_same_but_for_ids() -> None:
    setup, settings = (
        json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))["$defs"]
        for name in ("setup", "settings")
    )
    for name in ("locations", "mapping_row", "account_mapping", "match", "matches"):
        text = json.dumps(setup[name]).replace("settings.schema.json#", "#")
        assert json.loads(text) == settings[name], name


TOLD = """\
notifications:
  office: json://127.0.0.1:8000/notices
  ann@example.com: mailtos://books:open-sesame@mail.example
"""


def test_recipients_are_names_and_their_addresses_secrets() -> None:
    plan = planned(TOLD)
    body = plan.settings_edit({"notifications": ["boss", "office"]})
    assert settings_from(body, 1).notifications == ("boss", "office", "ann@example.com")
    assert plan.secrets == {
        "notification/office": "json://127.0.0.1:8000/notices",
        "notification/ann@example.com": "mailtos://books:open-sesame@mail.example",
    }
    assert "open-sesame" not in json.dumps(body)
    gone = planned("notifications: {office: off}")
    assert settings_from(gone.settings_edit(body), 2).notifications == ("boss", "ann@example.com")
    assert gone.secrets == {}


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("mailto://", "wrong-form"),
        ("pigeon://books:open-sesame@mail.example", "unusable-address"),
        ("books:open-sesame", "wrong-form"),
    ],
)
def test_an_address_that_no_service_knows_is_refused_without_being_told(
    address: str, rule: str
) -> None:
    (problem,) = refused(f'notifications:\n  office: "{address}"\n')
    assert (problem.rule, problem.line, problem.column) == (rule, 2, 11)
    assert "open-sesame" not in str(problem)


def test_every_key_arrives() -> None:
    plan = planned(FULL)
    settings = settings_from(plan.settings_edit({}), 1)
    company = settings.companies[REALM]
    assert (company.name, company.time_zone) == ("Sparrow Home Services LLC", "America/Denver")
    assert company.locations == ("boise", "83702")
    assert company.quickbooks.environment == "sandbox"
    assert company.quickbooks.limits == Limits(in_flight=4)
    assert company.quickbooks.revoke_url == "http://127.0.0.1:8090/revoke"
    assert company.quickbooks.authorize_url == "http://127.0.0.1:8090/authorize"
    assert company.rules["net_days"] == 15
    assert company.rules["payouts"] == "off"
    assert company.rules["walk_in_customer"] == "Walk-in"
    assert company.accounts == {"deposits": "Customer Deposits", "tips": "Tips Payable"}
    assert company.deposit_to == {"card": "Undeposited Funds"}
    assert company.account_mapping[0]["taxable"] is False
    assert company.match_keys == ("phone", "email")
    assert company.matches["501"]["quickbooks_id"] == "10"
    assert company.go_live == "approve_exact"
    assert settings.connections["leadexploder"].options == {"poll_url": "https://crm.example/poll"}
    assert settings.connections["hand-over"].connector == "webhook"
    assert settings.connections["hand-over"].options == {"url": "https://example.com/in"}


def test_secrets_go_to_the_vault_and_nowhere_else(tmp_path: Path) -> None:
    plan = planned(FULL)
    assert plan.secrets == {
        "connection/leadexploder/webhook_secret": "whsec_abc",
        "connection/leadexploder/poll_token": "poll-token",
        f"company/{REALM}/client_secret": "client-secret",
        f"company/{REALM}/refresh_token": "RT1-first",
    }
    secrets = Secrets()
    settings = apply(plan, SettingsStore(tmp_path), secrets.put, lambda *_: None)
    assert secrets == plan.secrets
    assert settings.companies[REALM].quickbooks.has_secret == ("client_secret", "refresh_token")
    written = (tmp_path / "settings.json").read_text(encoding="utf-8")
    for secret in plan.secrets.values():
        assert secret not in written
        assert secret not in repr(plan)


def test_secrets_are_stored_before_the_settings_are_in_force(tmp_path: Path) -> None:
    order: list[str] = []
    apply(
        planned(FULL),
        SettingsStore(tmp_path),
        lambda name, _: order.append(name),
        lambda revision, _: order.append(f"revision {revision}"),
    )
    assert order[-1] == "revision 1"
    assert len(order) == 5


def test_repeating_a_setup_leaves_the_newer_refresh_token(tmp_path: Path) -> None:
    store, secrets, revisions = SettingsStore(tmp_path), Secrets(), list[int]()

    def again(text: str) -> None:
        plan = planned(text, existing=store.current())
        apply(
            plan,
            store,
            secrets.put,
            lambda revision, _: revisions.append(revision),
            get_secret=secrets.get,
        )

    again(FULL)
    secrets[f"company/{REALM}/refresh_token"] = "RT1-rotated"
    secrets.puts.clear()
    again(FULL)
    assert (secrets.puts, revisions) == ([], [1])
    assert secrets[f"company/{REALM}/refresh_token"] == "RT1-rotated"
    again(FULL.replace("RT1-first", "RT1-second"))
    assert secrets[f"company/{REALM}/refresh_token"] == "RT1-second"
    again(FULL.replace("whsec_abc", "whsec_new").replace("RT1-first", "RT1-second"))
    assert secrets["connection/leadexploder/webhook_secret"] == "whsec_new"
    assert revisions == [1]


def test_secrets_under_a_lost_key_are_entered_again(tmp_path: Path) -> None:
    def lost(name: str) -> str | None:
        raise SecretUnreadable(name)

    secrets = Secrets()
    apply(planned(FULL), SettingsStore(tmp_path), secrets.put, lambda *_: None, get_secret=lost)
    assert secrets["connection/leadexploder/webhook_secret"] == "whsec_abc"


def test_what_is_given_is_applied_and_the_rest_stays() -> None:
    body = planned(FULL).settings_edit({})
    settings = settings_from(body, 1)
    text = """
        connections: {leadexploder: {poll_url: https://other.example}, stripe: {api_key: rk_1}}
        company:
          rules: {deposits: unapplied}
          accounts: {tips: Tips}
          account_mapping: [{match: {category: x}, income_account: Sales}]
          quickbooks: {limits: off}
    """
    plan = planned(text, existing=settings)
    after = settings_from(plan.settings_edit(body), 2)
    company = after.companies[REALM]
    assert (company.rules["deposits"], company.rules["net_days"]) == ("unapplied", 15)
    assert company.accounts == {"deposits": "Customer Deposits", "tips": "Tips"}
    assert [row["income_account"] for row in company.account_mapping] == ["Sales"]
    assert company.quickbooks.limits is None
    assert company.quickbooks.client_id == "AB1"
    assert company.matches == settings.companies[REALM].matches
    assert after.connections["leadexploder"].options == {"poll_url": "https://other.example"}
    assert after.connections["leadexploder"].has_secret == ("poll_token", "webhook_secret")
    assert after.connections["stripe"].has_secret == ("api_key",)


RULES = st.fixed_dictionaries(
    {},
    optional={
        "net_days": st.sampled_from([0, 15, 30]),
        "deposits": st.sampled_from(["liability", "unapplied"]),
        "payouts": st.sampled_from(["off", "deposit", "clearing"]),
    },
)
COMPANY = st.fixed_dictionaries(
    {"name": st.sampled_from(["Sparrow", "Wren"])},
    optional={
        "rules": RULES,
        "accounts": st.dictionaries(st.sampled_from(["tips", "fees"]), st.just("Some Account")),
        "match_keys": st.permutations(["email", "phone", "name"]),
        "go_live": st.sampled_from(["yes", "after_review"]),
        "quickbooks": st.fixed_dictionaries(
            {}, optional={"client_secret": st.just("cs"), "limits": st.just("off")}
        ),
    },
)
CONNECTIONS = st.dictionaries(
    st.sampled_from(["leadexploder", "stripe"]),
    st.fixed_dictionaries(
        {},
        optional={"webhook_secret": st.just("whsec"), "poll_url": st.just("https://x.example")},
    ),
)
EXISTING = {
    "companies": {
        "1": {"name": "Sparrow", "locations": ["a"]},
        "2": {"name": "Wren", "locations": ["b"], "rules": {"net_days": 30}},
    }
}


@given(
    companies=st.lists(COMPANY, max_size=2, unique_by=lambda one: one["name"]),
    connections=CONNECTIONS,
)
def test_repeating_any_setup_changes_nothing(
    companies: list[dict[str, Any]], connections: dict[str, Any]
) -> None:
    text = json.dumps({"companies": companies, "connections": connections})
    plan = planned(text, existing=settings_from(EXISTING, 1))
    once = plan.settings_edit(EXISTING)
    assert plan.settings_edit(once) == once
    again = planned(text, existing=settings_from(once, 2))
    assert again.settings_edit(once) == once
    assert again.secrets == plan.secrets
    for realm in ("1", "2"):
        assert once["companies"][realm]["locations"] == EXISTING["companies"][realm]["locations"]


SANDBOX = {"environment": "sandbox"}
WHICH = [
    ("by realm_id", "company: {quickbooks: {realm_id: '2'}, go_live: yes}", "2"),
    ("by realm_id before name", "company: {name: A, quickbooks: {realm_id: '2'}}", "2"),
    ("by name", "companies: [{name: B, go_live: yes}]", "2"),
    ("as one of many", "companies: [{name: A}, {name: B}]", "1 2"),
]


@pytest.mark.parametrize(("how", "text", "realms"), WHICH)
def test_a_company_is_found(how: str, text: str, realms: str) -> None:
    existing = settings_with({"name": "A", "locations": ["a"]}, {"name": "B", "locations": ["b"]})
    plan = planned(text, existing=existing)
    assert " ".join(company.realm_id for company in plan.companies) == realms, how


def test_the_only_company_is_meant_where_none_is_named() -> None:
    existing = settings_with({"name": "A"})
    plan = planned("company: {name: A2, quickbooks: {refresh_token: RT1}}", existing=existing)
    assert plan.companies[0].realm_id == "1"
    assert list(plan.secrets) == ["company/1/refresh_token"]
    (found,) = refused(
        "companies: [{name: Other, quickbooks: {refresh_token: RT1}}]", existing=existing
    )[:1]
    assert found.rule == "locations-missing"


def test_a_real_company_may_wait_for_its_connection(tmp_path: Path) -> None:
    text = """
        company:
          name: Wren
          time_zone: America/Boise
          quickbooks: {environment: production, client_id: AB, client_secret: cs-secret}
    """
    store, secrets = SettingsStore(tmp_path), Secrets()
    settings = apply(planned(text), store, secrets.put, lambda *_: None)
    assert settings.unconnected is not None
    assert settings.unconnected.quickbooks.client_id == "AB"
    assert secrets == {"company/unconnected/client_secret": "cs-secret"}
    again = planned(text, existing=settings)
    assert apply(again, store, secrets.put, lambda *_: None).revision == 1
    after = store.change(connected("77"), lambda *_: None)
    assert after.unconnected is None
    assert after.companies["77"].name == "Wren"
    assert after.companies["77"].quickbooks.has_secret == ("client_secret",)


def test_a_realm_id_connects_the_company_that_waits() -> None:
    waiting = {"name": "Wren", "time_zone": "America/Boise", "quickbooks": SANDBOX}
    body = {"unconnected": waiting}
    text = "company: {name: Wren, quickbooks: {realm_id: '7', refresh_token: RT1-x}}"
    after = planned(text, existing=settings_from(body, 1)).settings_edit(body)
    assert "unconnected" not in after
    assert after["companies"]["7"]["time_zone"] == "America/Boise"
    assert after["companies"]["7"]["quickbooks"]["has_secret"] == ["refresh_token"]


def test_fields_of_a_partners_connector() -> None:
    forms = {"acme": AccountForm(options=frozenset({"site"}), secrets=frozenset({"app_key"}))}
    text = "connections: {acme: {site: 12, app_key: 998877}}"
    plan = planned(text, connectors={"acme"}, forms=forms)
    assert plan.secrets == {"connection/acme/app_key": "998877"}
    assert plan.settings_edit({})["connections"]["acme"]["options"] == {"site": "12"}
    (found,) = refused("connections: {acme: {poll_url: https://x}}", forms=forms)
    assert found.sentence == 'unknown setting "poll_url"'
    for wrong in ("app_key: true", "site: [a]", "site: ''", "app_key: null"):
        (found,) = refused(f"connections: {{acme: {{{wrong}}}}}", forms=forms)
        assert found.rule == "wrong-type"


def test_days_with_a_decimal_point_are_days() -> None:
    plan = planned("company: {quickbooks: {realm_id: '1'}, rules: {net_days: 15.0}}")
    assert json.dumps(plan.settings_edit({})["companies"]["1"]["rules"]) == '{"net_days": 15}'


MISTAKES = [
    ("conections: {}", 1, 1, "unknown-key", 'did you mean "connections"?'),
    ("company:\n  rulez: {}", 2, 3, "unknown-key", 'did you mean "rules"?'),
    ("company:\n  rules:\n    net_days: 10", 3, 15, "not-one-of", "0, 15, 30"),
    ("connections:\n  Lead: {}", 2, 3, "wrong-form", "small letters"),
    ("connections:\n  stripe:\n    api_kee: x", 3, 5, "unknown-key", 'did you mean "api_key"?'),
    ("connections:\n  stripe: {connector: strip}", 2, 23, "unknown-connector", '"stripe"?'),
    ("connections:\n  leadexplod: {}", 2, 3, "unknown-connector", '"leadexploder"?'),
    (
        "company:\n  quickbooks: {environment: practice}",
        2,
        3,
        "realm-missing",
        "`bookrelay practice` prints that",
    ),
    ("company: {quickbooks: {refresh_token: RT1}}", 1, 11, "realm-missing", "Company ID"),
    ("company: {rules: {net_days: 15}}", 1, 1, "realm-missing", "add `realm_id:`"),
    (
        "company: {quickbooks: {environment: sandbox}, time_zone: UTC}",
        1,
        1,
        "company-unclear",
        "`name:`",
    ),
    (
        "company: {quickbooks: {environment: sandbox, realm_id: '1'}}",
        1,
        1,
        "time-zone-missing",
        "America/Boise",
    ),
    (
        "company:\n  quickbooks: {realm_id: '1'}\n  time_zone: boise",
        3,
        14,
        "unknown-time-zone",
        "did you mean America/Boise?",
    ),
    (
        "company:\n  quickbooks: {realm_id: '1'}\n  account_mapping:\n"
        "    - {match: {category: a}, income_account: A}\n"
        "    - {match: {category: a}, income_account: B}",
        5,
        15,
        "duplicate-row",
        "remove one",
    ),
    (
        "company:\n  quickbooks: {realm_id: '1'}\n  matches:\n"
        "    - {crm_id: 5, skip: true}\n    - {crm_id: '5', create: true}",
        5,
        16,
        "duplicate-row",
        "keep one answer",
    ),
    (
        "companies:\n  - quickbooks: {realm_id: '1'}\n    locations: [a]\n"
        "  - quickbooks: {realm_id: '2'}\n    locations: [b, a]",
        5,
        20,
        "locations-overlap",
        "one company",
    ),
    (
        "companies:\n  - {quickbooks: {realm_id: '1'}, locations: [a]}\n"
        "  - {quickbooks: {realm_id: 1}, locations: [b]}",
        3,
        29,
        "duplicate-company",
        "once",
    ),
    ("connections:\n  stripe: {api_key: true}", 2, 21, "wrong-type", "quotes"),
    (
        "companies:\n  - {name: A, time_zone: UTC, quickbooks: {environment: sandbox}}\n"
        "  - {name: B, time_zone: UTC, quickbooks: {environment: sandbox}}",
        2,
        5,
        "locations-missing",
        "does not use",
    ),
    ("company: {quickbooks: {realm_id: '1', limits: {in_flight: 2.5}}}", 1, 59, "wrong-type", ""),
    ("company: {}\ncompanies: []", 1, 1, "two-forms", "into the list"),
    ("company: {quickbooks: {realm_id: Sparrow}}", 1, 34, "wrong-form", "digits only"),
    ("company:\n  account_mapping:\n    - income_account: A", 3, 7, "missing-field", "add match"),
    ("company: [", 1, 10, "syntax", "closing bracket"),
]


@pytest.mark.parametrize(("text", "line", "column", "rule", "fix"), MISTAKES)
def test_mistakes(text: str, line: int, column: int, rule: str, fix: str) -> None:
    found = refused(text, connectors={"leadexploder", "stripe"})[0]
    assert (found.file, found.line, found.column) == ("setup.yaml", line, column)
    assert found.rule == rule
    assert fix in found.fix


def test_mistakes_against_what_is_set_up() -> None:
    existing = settings_from(
        {
            "connections": {"shop": {"connector": "stripe"}},
            "companies": {"1": {"name": "A"}},
            "unconnected": {"name": "W", "time_zone": "UTC", "quickbooks": SANDBOX},
        },
        1,
    )
    (changed,) = refused("connections: {shop: {connector: square}}", existing=existing)
    assert changed.rule == "connector-changed"
    second = "companies: [{name: Other, time_zone: UTC, quickbooks: {environment: sandbox}}]"
    rules = {found.rule for found in refused(second, existing=existing)}
    assert rules == {"company-unclear", "locations-missing"}
    real = "company: {quickbooks: {realm_id: '1', environment: production}}"
    rules = {found.rule for found in refused(real, existing=existing)}
    assert "time-zone-missing" in rules


@pytest.mark.parametrize(
    "text",
    [
        "connections: {stripe: {api_key: 99887766}}",
        "connections: {stripe: {webhook_secret: [s3cr3t-99887766]}}",
        "company: {quickbooks: {refresh_token: 99887766.5, realm_id: x}}",
        "connections: {stripe: {secret_thing: 99887766}}",
    ],
)
def test_no_message_shows_a_secret(text: str) -> None:
    for found in refused(text):
        assert "99887766" not in str(found)


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "{}", "connections: {}", "companies: []"])
def test_an_empty_file_changes_nothing(text: str) -> None:
    body = {"companies": {"1": {"name": "A"}}, "connections": {}}
    assert planned(text).settings_edit(body) == body
