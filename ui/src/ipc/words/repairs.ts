// How each reason is repaired, step by step, and what support is told. A missing reason is a type error.
import type { Fault } from "../bindings/Fault";
import type { IntegrationStatus } from "../bindings/IntegrationStatus";
import type { StatusReason } from "../bindings/StatusReason";
import type { Key } from "../../shared/i18n.svelte";

const steps: Record<StatusReason, readonly Key[]> = {
  inactive_token: ["reason.inactive_token.step1", "reason.inactive_token.step2", "reason.inactive_token.step3"],
  invalid_token: ["reason.invalid_token.step1", "reason.invalid_token.step2", "reason.invalid_token.step3"],
  trial_expired: ["reason.trial_expired.step1", "reason.trial_expired.step2", "reason.trial_expired.step3"],
  token_refresh: ["reason.token_refresh.step1", "reason.token_refresh.step2", "reason.token_refresh.step3"],
  no_account: ["reason.no_account.step1", "reason.no_account.step2", "reason.no_account.step3"],
  invalid_organization: ["reason.invalid_organization.step1", "reason.invalid_organization.step2", "reason.invalid_organization.step3"],
  insufficient_permissions: ["reason.insufficient_permissions.step1", "reason.insufficient_permissions.step2", "reason.insufficient_permissions.step3"],
  forbidden: ["reason.forbidden.step1", "reason.forbidden.step2"],
  api_limit_exceeded: ["reason.api_limit_exceeded.step1", "reason.api_limit_exceeded.step2", "reason.api_limit_exceeded.step3"],
  offline: ["reason.offline.step1", "reason.offline.step2"],
  crm_unreachable: ["reason.crm_unreachable.step1", "reason.crm_unreachable.step2", "reason.crm_unreachable.step3"],
  crm_refused: ["reason.crm_refused.step1", "reason.crm_refused.step2", "reason.crm_refused.step3"],
  clock_skew: ["reason.clock_skew.step1", "reason.clock_skew.step2"],
  sync_stale: ["reason.sync_stale.step1", "reason.sync_stale.step2", "reason.sync_stale.step3"],
};

/** What a person does about `reason`, in order. */
export function repairSteps(reason: StatusReason): readonly Key[] {
  return steps[reason];
}

/** The HTTP status and the CRM's own code, as they came. */
export function codeOf(fault: Pick<Fault, "http_status" | "code">): string {
  return [fault.http_status === null ? null : `HTTP ${fault.http_status}`, fault.code].filter((part) => part !== null).join(" · ");
}

/** What support asks for, in the words of the log: no name, no number, no token. */
export function detailsForSupport(status: IntegrationStatus): string {
  const time = (at: number | null): string => (at === null ? "never" : new Date(at).toISOString());
  const fault = (one: Pick<Fault, "reason" | "http_status" | "code" | "module"> | null): string =>
    one === null ? "ok" : [one.reason ?? "internal", codeOf(one), one.module ?? ""].filter((part) => part !== "").join(" · ");
  return [
    `${status.crm} ${status.state}: ${fault(status)}`,
    `since ${time(status.since)}, last success ${time(status.last_success)}, next ${time(status.next_run)}, failed in a row ${status.failed_in_a_row}`,
    ...status.tries.map((one) => `${time(one.at)} ${one.what}: ${fault(one.fault)}`),
  ].join("\n");
}
