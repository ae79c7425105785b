import { escapeHtml } from "@kitajs/html"
import type { InstanceEntry } from "../src/features/administration/contract.ts"
import { instanceActionNames, instanceActions } from "../src/features/instance/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { Select } from "./fields.tsx"
import { Time } from "./times.tsx"
import { Field, FormErrors, type FormState } from "./ui.tsx"

const actionOptions = [
  { value: "", label: "All actions" },
  ...instanceActionNames.map((name) => ({ value: name, label: instanceActions[name] })),
]

/** The log, with what it is restricted to. */
export function LogSection({ filter, ...log }: LogProps & { filter: FormState }) {
  return (
    <>
      <form method="get" action="/admin/log" class="filters">
        <FormErrors state={filter} />
        <Field
          name="actor"
          label="Person"
          hint="A username, or: command line"
          state={filter}
          maxlength={50}
        />
        <Select name="action" label="Action" options={actionOptions} state={filter} />
        <Field name="from" label="From" type="date" hint="A day in UTC" state={filter} />
        <Field name="to" label="To" type="date" hint="A day in UTC" state={filter} />
        <p class="actions">
          <button type="submit">Filter</button>
          <a href="/admin/log">Show all</a>
        </p>
      </form>
      <InstanceLog {...log} />
    </>
  )
}

interface LogProps {
  entries: InstanceEntry[]
  /** The address of older entries. */
  older?: string
  clock: Clock
}

/** What administrators did, newest first. */
export function InstanceLog({ entries, older, clock }: LogProps) {
  if (entries.length === 0) return <p class="empty">Nothing yet.</p>

  return (
    <>
      <ul class="entries">
        {entries.map((entry) => (
          <li>
            <LogEntry entry={entry} clock={clock} />
          </li>
        ))}
      </ul>
      {older !== undefined && (
        <p>
          <a rel="next" href={escapeHtml(older)}>
            Older entries
          </a>
        </p>
      )}
    </>
  )
}

function LogEntry({ entry, clock }: { entry: InstanceEntry; clock: Clock }) {
  const changes = Object.entries(entry.changes).map(([field, { before, after }]) => {
    const from = before === undefined || before === null ? "" : `${plain(before)} → `
    return `${field}: ${from}${plain(after)}`
  })
  return (
    <span class="grow">
      <b>
        <bdi safe>{entry.actorName}</bdi>
      </b>{" "}
      <span safe>{`${instanceActions[entry.action]}${entry.targetName ? `: ${entry.targetName}` : ""}`}</span>
      {changes.length > 0 && (
        <>
          <br />
          <small safe>{changes.join("; ")}</small>
        </>
      )}
      <br />
      <small class="hint">
        <Time at={entry.createdAt} clock={clock} />
        {entry.reason !== null && <span safe>{` · ${entry.reason}`}</span>}
      </small>
    </span>
  )
}

function plain(value: unknown): string {
  if (value === null || value === undefined || value === "") return "nothing"
  return typeof value === "string" ? value : JSON.stringify(value)
}
