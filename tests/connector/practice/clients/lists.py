"""Builders of people, items, accounts and the small lists, with python-quickbooks' own classes."""

from __future__ import annotations

from typing import Any

from quickbooks.objects import (
    Account,
    Address,
    Class,
    Customer,
    Department,
    EmailAddress,
    Employee,
    Item,
    PaymentMethod,
    PhoneNumber,
    Ref,
    Term,
    Vendor,
    WebAddress,
)

from tests.connector.practice.clients.row import Row, unique


def ref(identity: str) -> Ref:
    """A reference by id alone, as most programs send it."""
    made = Ref()
    made.value = identity
    return made


def address() -> Address:
    made = Address()
    made.Line1, made.City = "12 Main St", "Boise"
    made.CountrySubDivisionCode, made.PostalCode = "ID", "83702"
    return made


def _phone(number: str) -> PhoneNumber:
    made = PhoneNumber()
    made.FreeFormNumber = number
    return made


def email(address: str) -> EmailAddress:
    made = EmailAddress()
    made.Address = address
    return made


def customer(qb: Any) -> Customer:
    made = Customer()
    made.DisplayName = unique("Cora O'Neil")
    made.GivenName, made.FamilyName, made.CompanyName = "Cora", "O'Neil", "Neil & Sons"
    made.BillAddr, made.ShipAddr = address(), address()
    made.PrimaryPhone, made.Mobile = _phone("(208) 555-0101"), _phone("(208) 555-0102")
    made.PrimaryEmailAddr = email("cora@neil.example")
    made.WebAddr = WebAddress()
    made.WebAddr.URI = "https://neil.example"
    made.SalesTermRef, made.PaymentMethodRef = ref("2"), ref("1")
    made.PreferredDeliveryMethod = "Email"
    return made


def vendor(qb: Any) -> Vendor:
    made = Vendor()
    made.DisplayName = unique("Valley Supply")
    made.CompanyName, made.AcctNum = "Valley Supply", "4711"
    made.BillAddr, made.PrimaryPhone = address(), _phone("(208) 555-0103")
    made.PrimaryEmailAddr, made.TermRef = email("orders@valley.example"), ref("3")
    return made


def employee(qb: Any) -> Employee:
    made = Employee()
    made.GivenName, made.FamilyName = "Emil", unique("Baer")
    made.DisplayName = f"Emil {made.FamilyName}"
    made.EmployeeNumber, made.HiredDate, made.BillRate = "17", "2026-02-01", 45.5
    made.PrimaryAddr, made.PrimaryPhone = address(), _phone("(208) 555-0104")
    made.BillableTime = True
    return made


def account(qb: Any) -> Account:
    made = Account()
    made.Name = unique("Window Revenue")
    made.AccountType, made.AccountSubType = "Income", "ServiceFeeIncome"
    made.Description = "Windows, inside and out"
    return made


def item(qb: Any) -> Item:
    made = Item()
    made.Name, made.Sku = unique("Window cleaning"), unique("WIN")
    made.Type, made.UnitPrice, made.Description = "Service", 85.5, "Windows, both sides"
    made.IncomeAccountRef = ref("79")
    return made


def term(qb: Any) -> Term:
    made = Term()
    made.Name, made.DueDays = unique("Net 45"), 45
    made.DiscountDays, made.DiscountPercent = 10, 2.5
    return made


def payment_method(qb: Any) -> PaymentMethod:
    made = PaymentMethod()
    made.Name, made.Type = unique("Cheque"), "NON_CREDIT_CARD"
    return made


def tracking_class(qb: Any) -> Class:
    made = Class()
    made.Name = unique("Commercial")
    return made


def department(qb: Any) -> Department:
    made = Department()
    made.Name = unique("Meridian")
    return made


LISTS = (
    Row(kind=Customer, build=customer, change=("Notes", "Ring twice"), found_by="DisplayName"),
    Row(kind=Vendor, build=vendor, change=("AcctNum", "4712"), found_by="DisplayName"),
    Row(kind=Employee, build=employee, change=("EmployeeNumber", "18"), found_by="DisplayName"),
    Row(kind=Account, build=account, change=("Description", "Glass"), found_by="Name"),
    Row(kind=Item, build=item, change=("UnitPrice", 90), found_by="Sku"),
    Row(kind=Term, build=term, change=("DueDays", 60), found_by="Name"),
    Row(kind=PaymentMethod, build=payment_method, change=("Type", "CREDIT_CARD"), found_by="Name"),
    Row(kind=Class, build=tracking_class, change=("Name", "Wholesale"), found_by="Name"),
    Row(kind=Department, build=department, change=("Name", "Nampa"), found_by="Name"),
)
