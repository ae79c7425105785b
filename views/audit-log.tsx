import { escapeHtml } from "@kitajs/html"
import {
  type AuditAction,
  type AuditEntry,
  type AuditPage,
  auditActionNames,
  auditActions,
} from "../src/features/audit-log/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { Select } from "./fields.tsx"
import { settingsAddress } from "./server-settings.tsx"
import type { ServerName } from "./shell.tsx"
import { Time } from "./times.tsx"
import { Field, FormErrors, type FormState } from "./ui.tsx"

interface Props extends AuditPage {
  server: ServerName
  clock: Clock
  /** What the list is restricted to, and what was wrong with that. */
  filter: FormState
}

/** What people with permissions did in a server. */
export function AuditLogSection({ server, clock, filter, entries, older }: Props) {
  const address = settingsAddress(server, "audit-log")
  return (
    <>
      <form method="get" action={escapeHtml(address)} class="filters">
        <FormErrors state={filter} />
        <Field name="actor" label="Username" state={filter} maxlength={32} />
        <Select name="action" label="Action" options={actionOptions} state={filter} />
        <p class="actions">
          <button type="submit">Filter</button>
          <a href={escapeHtml(address)}>Show all</a>
        </p>
      </form>
      {entries.length === 0 && <p class="empty">No entries.</p>}
      <ol class="audit-entries">
        {entries.map((entry) => (
          <li>
            <Entry entry={entry} clock={clock} />
          </li>
        ))}
      </ol>
      <p class="pages">
        {older !== null && (
          <a rel="next" href={escapeHtml(`${address}?${queryOf(filter, older)}`)}>
            Older entries
          </a>
        )}{" "}
        <a href={escapeHtml(`${address}.json?${queryOf(filter)}`)}>As JSON</a>
      </p>
    </>
  )
}

const actionOptions = [
  { value: "", label: "All actions" },
  ...auditActionNames.map((name) => ({ value: name, label: auditActions[name] })),
]

function queryOf({ values = {} }: FormState, before?: string): string {
  const given = Object.entries({ ...values, before: before ?? "" }).filter(([, value]) => value)
  return new URLSearchParams(given).toString()
}

/** The name that members see, with the name in the log. */
function bothNames(name: string, shown?: string): string {
  return shown === undefined || shown === name ? name : `${shown} (${name})`
}

function Entry({ entry, clock }: { entry: AuditEntry; clock: Clock }) {
  const { actorName, actorShown, action, targetName, targetShown, reason, createdAt } = entry
  const changed = Object.entries(entry.changes)
  return (
    <>
      <p>
        <bdi class="actor" safe>
          {bothNames(actorName, actorShown)}
        </bdi>
        : <span>{auditActions[action as AuditAction]}</span>
        {targetName !== null && (
          <>
            {" "}
            (<bdi safe>{bothNames(targetName, targetShown)}</bdi>)
          </>
        )}
      </p>
      <p class="hint">
        <Time at={createdAt} clock={clock} />
        {reason !== null && (
          <>
            {" · Reason: "}
            <bdi safe>{reason}</bdi>
          </>
        )}
      </p>
      {changed.length > 0 && (
        <details>
          <summary>Changes</summary>
          <dl class="audit-changes">
            {changed.map(([field, { before, after }]) => (
              <>
                <dt safe>{field}</dt>
                <dd>
                  {before !== undefined && before !== null && (
                    <>
                      <del dir="auto" safe>
                        {textOf(before)}
                      </del>{" "}
                    </>
                  )}
                  <ins dir="auto" safe>
                    {textOf(after)}
                  </ins>
                </dd>
              </>
            ))}
          </dl>
        </details>
      )}
    </>
  )
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === "") return "none"
  return typeof value === "string" ? value : JSON.stringify(value)
}
