// The card never claims more than is known.
import { expect, test } from "vitest";
import { card, match } from "../fixtures";
import { language } from "../../shared/i18n.svelte";
import { readPerson, sayModule } from "./person";

test("a certain match is the title and says why", () => {
  const person = readPerson(card());
  expect(person.title).toBe("Erika Mustermann");
  expect(person.why).toBe("Exact number (mobile)");
  expect(person.record?.record.id).toBe("498000000000104217");
});

test("several matches choose nobody", () => {
  const person = readPerson(card({ who: { kind: "several", found: [match({ chosen_before: true }), match({ name: "Jürgen Krüger" })] } }));
  expect(person.title, "an earlier choice is first in the list, not the caller").toBe("+49 231 1234567");
  expect(person.record).toBeNull();
  expect(person.list).toHaveLength(2);
});

test("a switchboard names the company and no person", () => {
  const person = readPerson(card({ who: { kind: "company", company: "Nordlicht Logistik AG", account: null, people: [match({ basis: "stem" })] } }));
  expect(person.title).toBe("Nordlicht Logistik AG");
  expect(person.why).toBe("Begins like the company’s switchboard");
});

test("what a caller says of himself is marked as his claim", () => {
  const party = { ...card().party, name: "Your Bank" };
  const person = readPerson(card({ who: { kind: "unknown", among: 5 }, party }));
  expect(person.title).toBe("+49 231 1234567");
  expect(person.claim).toContain("calls itself");
});

test("a withheld number shows no number, even where one is known", () => {
  const party = { ...card().party, presentation: "withheld" as const };
  for (const kind of ["withheld", "looking_up", "no_crm"] as const) {
    const person = readPerson(card({ who: { kind }, party }));
    expect(JSON.stringify(person), kind).not.toContain("231");
  }
});

test("a number whose presentation is still asked is not shown", () => {
  const party = { ...card().party, presentation: "pending" as const };
  expect(JSON.stringify(readPerson(card({ who: { kind: "looking_up" }, party })))).not.toContain("231");
});

test("an unknown caller may be created, a withheld one may not", () => {
  expect(readPerson(card({ who: { kind: "unknown", among: 5 } })).mayCreate).toBe(true);
  expect(readPerson(card({ who: { kind: "withheld" } })).mayCreate).toBe(false);
});

test("the kind of a record is said in the window's language, a module of the company's own by its name", () => {
  language.choose("de");
  expect(sayModule(match({ record: { integration: "zoho", module: "Accounts", id: "1" } }))).toBe("Firma");
  expect(sayModule(match({ record: { integration: "zoho", module: "Patients", id: "1" }, module_label: "Patient" }))).toBe("Patient");
  language.choose("en");
});
