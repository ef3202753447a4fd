"""Answers JSON lines {"text", "region"} with what Google's library reads there."""

import json
import sys

import phonenumbers


def read(line):
    question = json.loads(line)
    try:
        number = phonenumbers.parse(question["text"], question["region"])
    except phonenumbers.NumberParseException:
        return {"e164": None}
    return {"e164": phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)}


for line in sys.stdin:
    print(json.dumps(read(line)))
