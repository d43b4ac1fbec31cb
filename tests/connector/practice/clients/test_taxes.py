"""The tax service, which is no list: a code is made together with its rates."""

from __future__ import annotations

from typing import Any

import pytest
from quickbooks.exceptions import QuickbooksException, ValidationException
from quickbooks.objects import TaxAgency, TaxCode, TaxRate

from tests.connector.practice.clients.other import tax_agency, tax_service


def test_a_code_with_two_rates(qb: Any) -> None:
    agency = tax_agency(qb).save(qb=qb)
    sent = tax_service(agency.Id)
    made = sent.save(qb=qb)
    code = TaxCode.get(made.TaxCodeId, qb=qb)
    assert (code.Name, code.TaxGroup, code.Active) == (sent.TaxCode, True, True)
    assert code.to_ref().name == sent.TaxCode
    for told, listed in zip(made.TaxRateDetails, code.SalesTaxRateList.TaxRateDetail, strict=True):
        rate = TaxRate.get(told.TaxRateId, qb=qb)
        assert (rate.Name, rate.AgencyRef.value) == (told.TaxRateName, agency.Id)
        assert listed.TaxRateRef.value == rate.Id
    assert [TaxRate.get(one.TaxRateId, qb=qb).RateValue for one in made.TaxRateDetails] == [4.5, 2]
    assert TaxAgency.filter(DisplayName=agency.DisplayName, qb=qb)[0].Id == agency.Id


def test_a_code_of_a_rate_that_is_there(qb: Any) -> None:
    first = tax_service("1").save(qb=qb)
    again = tax_service("1")
    again.TaxRateDetails = first.TaxRateDetails[:1]
    made = again.save(qb=qb)
    assert made.TaxCodeId != first.TaxCodeId
    assert made.TaxRateDetails[0].TaxRateId == first.TaxRateDetails[0].TaxRateId


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        ({"TaxCode": "Idaho"}, QuickbooksException, 6240),
        ({"TaxCode": None}, ValidationException, 2020),
        ({"TaxRateDetails": []}, ValidationException, 2020),
    ],
)
def test_a_wrong_code(change: dict[str, Any], error: type, code: int, qb: Any) -> None:
    wrong = tax_service("1")
    for field, value in change.items():
        setattr(wrong, field, value)
    with pytest.raises(QuickbooksException) as refused:
        wrong.save(qb=qb)
    assert (type(refused.value), refused.value.error_code) == (error, code)
    assert not TaxCode.filter(Name="Resort tax", qb=qb)


def test_an_agency_is_not_updated(qb: Any) -> None:
    agency = tax_agency(qb).save(qb=qb)
    agency.DisplayName = "Another Board"
    with pytest.raises(QuickbooksException) as refused:
        agency.save(qb=qb)
    assert refused.value.error_code == 500
