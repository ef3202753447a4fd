"""Works with the sandbox Zoho through Zoho's own SDK, as an integration of the real one would.

Takes one JSON object on standard input: url, client_id, client_secret, refresh_token, folder,
contact (id and phone of a known contact), gone (id of a deleted one).
Prints a line for each check and ends with 1 at the first that fails.
"""

import json
import os
import sys
from datetime import datetime, timezone

from zohocrmsdk.src.com.zoho.api.authenticator import OAuthToken
from zohocrmsdk.src.com.zoho.api.authenticator.store import FileStore
from zohocrmsdk.src.com.zoho.crm.api import HeaderMap, Initializer, ParameterMap
from zohocrmsdk.src.com.zoho.crm.api.dc import DataCenter
from zohocrmsdk.src.com.zoho.crm.api.modules import ModulesOperations
from zohocrmsdk.src.com.zoho.crm.api.org import OrgOperations
from zohocrmsdk.src.com.zoho.crm.api.record import (
    APIException,
    BodyWrapper,
    DeletedRecordsWrapper,
    GetDeletedRecordsParam,
    GetRecordsHeader,
    GetRecordsParam,
    Record,
    RecordOperations,
    ResponseWrapper,
    SearchRecordsParam,
    SuccessResponse,
)
from zohocrmsdk.src.com.zoho.crm.api.users import GetUsersParam, UsersOperations
from zohocrmsdk.src.com.zoho.crm.api.util import Choice


def connect(given):
    """Points the SDK at the sandbox; it keeps its files in the folder of the test."""
    url = given["url"]
    Initializer.initialize(
        environment=DataCenter.Environment(url, f"{url}/oauth/v2/token", url),
        token=OAuthToken(
            client_id=given["client_id"],
            client_secret=given["client_secret"],
            refresh_token=given["refresh_token"],
            find_user=False,
        ),
        store=FileStore(os.path.join(given["folder"], "tokens.txt")),
        resource_path=given["folder"],
    )


def expect(truth, reason, *seen):
    """Fails the run with a reason."""
    if not truth:
        raise AssertionError(f"{reason}: {seen!r}")


def parameters(*pairs):
    """The SDK's parameter map of these pairs."""
    params = ParameterMap()
    for name, value in pairs:
        params.add(name, value)
    return params


def organisation(_given):
    """The organisation, with its number as text."""
    org = OrgOperations().get_organization().get_object().get_org()[0]
    expect(isinstance(org.get_zgid(), str), "zgid is text", org.get_zgid())
    expect(org.get_license_details().get_paid() is True, "the licence is read")


def current_user(_given):
    """The user who signed in."""
    params = parameters((GetUsersParam.type, "CurrentUser"))
    users = UsersOperations().get_users(params, HeaderMap()).get_object().get_users()
    expect(len(users) == 1, "one user", users)
    expect(users[0].get_email().endswith("@example.com"), "with an address")


def modules(_given):
    """The modules, the custom one among them."""
    found = ModulesOperations().get_modules(ParameterMap(), HeaderMap()).get_object().get_modules()
    names = [module.get_api_name() for module in found]
    expect("Contacts" in names and "Properties" in names, "the modules are there", names)


def record_list(given):
    """A page of a list: ids as numbers of the SDK, times as times, links as records."""
    params = parameters(
        (GetRecordsParam.fields, "Last_Name,Phone,Account_Name,Owner,Modified_Time"),
        (GetRecordsParam.per_page, 200),
    )
    answer = RecordOperations("Contacts").get_records(params, HeaderMap())
    wrapper = answer.get_object()
    expect(isinstance(wrapper, ResponseWrapper), "a list", wrapper)
    rows = wrapper.get_data()
    known = next((row for row in rows if str(row.get_id()) == given["contact"]["id"]), None)
    expect(known is not None, "the known contact is in it", len(rows))
    expect(known.get_key_value("Phone") == given["contact"]["phone"], "with its number")
    expect(isinstance(known.get_modified_time(), datetime), "its time is a time")
    expect(wrapper.get_info().get_more_records() is False, "the last page says so")


def unchanged_list(_given):
    """Nothing newer than a day to come: 304 without a body."""
    params = parameters((GetRecordsParam.fields, "Last_Name"))
    headers = HeaderMap()
    later = datetime(2099, 1, 1, tzinfo=timezone.utc)
    headers.add(GetRecordsHeader.if_modified_since, later)
    answer = RecordOperations("Contacts").get_records(params, headers)
    expect(answer.get_status_code() == 304, "not modified", answer.get_status_code())


def refused_list(_given):
    """A list without fields is refused in the way the SDK expects."""
    answer = RecordOperations("Contacts").get_records(ParameterMap(), HeaderMap())
    error = answer.get_object()
    expect(isinstance(error, APIException), "an error", error)
    expect(error.get_code().get_value() == "REQUIRED_PARAM_MISSING", "its code")


def deleted_list(given):
    """The deleted records."""
    params = parameters((GetDeletedRecordsParam.type, "all"))
    answer = RecordOperations("Contacts").get_deleted_records(params, HeaderMap())
    wrapper = answer.get_object()
    expect(isinstance(wrapper, DeletedRecordsWrapper), "a list", wrapper)
    ids = [str(row.get_id()) for row in wrapper.get_data()]
    expect(ids == [given["gone"]], "the deleted one", ids)


def search(given):
    """A search by telephone number."""
    params = parameters((SearchRecordsParam.phone, given["contact"]["phone"]))
    answer = RecordOperations("Contacts").search_records(params, HeaderMap())
    wrapper = answer.get_object()
    expect(isinstance(wrapper, ResponseWrapper), "a list", wrapper)
    ids = [str(row.get_id()) for row in wrapper.get_data()]
    expect(given["contact"]["id"] in ids, "the known contact", ids)


def created_call(given):
    """A call written to the known contact."""
    who = Record()
    who.set_id(int(given["contact"]["id"]))
    call = Record()
    call.add_key_value("Subject", "Eingehender Anruf")
    call.add_key_value("Call_Type", Choice("Inbound"))
    call.add_key_value("Call_Start_Time", datetime(2026, 1, 20, 10, 0, tzinfo=timezone.utc))
    call.add_key_value("Call_Duration", "00:20")
    call.add_key_value("Who_Id", who)
    body = BodyWrapper()
    body.set_data([call])
    answer = RecordOperations("Calls").create_records(body, HeaderMap())
    refusal = getattr(answer.get_object().get_data()[0], "get_details", dict)()
    expect(answer.get_status_code() == 201, "created", answer.get_status_code(), refusal)
    result = answer.get_object().get_data()[0]
    expect(isinstance(result, SuccessResponse), "a success", result)
    print(f"call {result.get_details()['id']}")


CHECKS = [
    organisation,
    current_user,
    modules,
    record_list,
    unchanged_list,
    refused_list,
    deleted_list,
    search,
    created_call,
]


def main():
    """Runs all checks in order."""
    given = json.load(sys.stdin)
    connect(given)
    for check in CHECKS:
        try:
            check(given)
        except BaseException as error:
            details = [getattr(error, name, None) for name in ("code", "message", "details")]
            print(f"failed {check.__name__}: {error!r} {details}")
            raise
        print(f"ok {check.__name__}")


main()
