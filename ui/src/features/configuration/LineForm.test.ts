// A line's form: the kind of telephone system decides what is asked.
import { render, screen } from "@testing-library/svelte";
import { tick } from "svelte";
import { expect, test } from "vitest";
import { FakeShell, settings } from "../../ipc/fixtures";
import { ConfigController } from "./configController.svelte";
import { atProvider, newLine } from "./defaults";
import Telephony from "./Telephony.svelte";
import { findProblems } from "./validate";

function desk(): ConfigController {
  const controller = new ConfigController(new FakeShell());
  controller.draft = settings({ lines: [newLine(settings(), "Desk")] });
  return controller;
}

test("another kind of telephone system asks for other things and keeps what all have", async () => {
  const controller = desk();
  const draft = controller.draft;
  if (draft?.lines[0] === undefined) throw new Error("a line stands in the form");
  draft.lines[0].extension = "101";
  render(Telephony, { controller, draft });
  expect(screen.queryByLabelText("Port"), "an Asterisk has a port").not.toBeNull();
  // As the choice of a kind does; the test's browser does not know which option is chosen.
  draft.lines[0] = atProvider(draft.lines[0], "broadworks");
  await tick();
  expect(draft.lines[0]).toMatchObject({ provider: "broadworks", id: "desk", name: "Desk", extension: "101", actions_root: "com.broadsoft.xsi-actions" });
  expect(draft.lines[0], "a word of the other kind would be refused").not.toHaveProperty("port");
  expect(screen.queryByLabelText("Port")).toBeNull();
  expect(screen.queryByLabelText("Event channel")).not.toBeNull();
});

test("a BroadWorks is a name or a secured address, and its paths stay there", () => {
  const wrongFor = (host: string, root: string): string[] => {
    const line = atProvider({ ...newLine(settings(), "Desk"), host, user: "agent@house.example", extension: "101" }, "broadworks");
    return Object.keys(findProblems(settings({ lines: [{ ...line, events_root: root } as typeof line], integrations: [] })));
  };
  for (const host of ["xsi.example", "xsi.example:8443", "https://xsi.example/", "http://127.0.0.1:8080"]) {
    expect(wrongFor(host, "com.broadsoft.xsi-events"), host).toEqual([]);
  }
  for (const host of ["http://xsi.example", "https://xsi.example/path", "a:b@xsi.example"]) {
    expect(wrongFor(host, "com.broadsoft.xsi-events"), host).toEqual(["lines.0.host"]);
  }
  expect(wrongFor("xsi.example", "a/../b")).toEqual(["lines.0.events_root"]);
});
