// What stopped a connection, in a sentence with what is particular about it.
import type { Fault } from "../bindings/Fault";
import type { IntegrationStatus } from "../bindings/IntegrationStatus";
import { isolate, t } from "../../shared/i18n.svelte";
import { formatDate } from "../../shared/time";
import { sayReason } from "./troubles";

/** What the connection knows of itself beside the fault. */
type Known = Pick<IntegrationStatus, "organisation" | "plan_ends">;

/** The sentence of `fault`: which organisation instead of which, and since when there is no plan. */
export function describeFault(fault: Pick<Fault, "reason"> & Partial<Fault>, { organisation, plan_ends }: Known = { organisation: null, plan_ends: null }): string {
  if (fault.reason === null) return t("reason.none");
  if (fault.reason === "invalid_organization" && fault.found_organisation) {
    const found = isolate(fault.found_organisation);
    if (organisation === null) return t("reason.invalid_organization.found", { found });
    return t("reason.invalid_organization.expected", { found, expected: isolate(organisation) });
  }
  // A plan that is said to last is not why the CRM refuses.
  if (fault.reason === "trial_expired" && plan_ends !== null && plan_ends <= Date.now()) return t("reason.trial_expired.on", { date: formatDate(plan_ends) });
  return t(sayReason(fault.reason).what);
}
