// What stopped a connection, in a sentence with what is particular about it.
import type { Fault } from "../bindings/Fault";
import type { IntegrationStatus } from "../bindings/IntegrationStatus";
import { isolate, t } from "../../shared/i18n.svelte";
import { sayReason } from "./troubles";

/** The sentence of `fault`; `status` knows what was expected instead. */
export function describeFault(fault: Pick<Fault, "reason"> & Partial<Fault>, status: Pick<IntegrationStatus, "organisation">): string {
  if (fault.reason === null) return t("reason.none");
  if (fault.reason === "invalid_organization" && fault.found_organisation) {
    const found = isolate(fault.found_organisation);
    if (status.organisation === null) return t("reason.invalid_organization.found", { found });
    return t("reason.invalid_organization.expected", { found, expected: isolate(status.organisation) });
  }
  return t(sayReason(fault.reason).what);
}
