import type { Children } from "@kitajs/html"
import type { ConfigurationLine, Operations } from "../src/features/administration/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { Radios, registrationOptions, serverCreationOptions } from "./instance.tsx"
import type { PageViewer } from "./layout.tsx"
import { SettingsFrame } from "./settings-frame.tsx"
import { type ServerName, Shell } from "./shell.tsx"
import { Time } from "./times.tsx"
import { Field, FormErrors, type FormState } from "./ui.tsx"

interface Section {
  name: string
  title: string
}

interface PageProps {
  viewer: PageViewer
  servers: ServerName[]
  sections: readonly Section[]
  /** The name of the section that is shown. */
  current: string
  title: string
  children?: Children
}

/** One section of the administration, with the navigation of all of them. */
export function AdminPage({ viewer, servers, sections, current, title, children }: PageProps) {
  return (
    <Shell title={`${title} · Administration`} viewer={viewer} servers={servers} bodyClass="home">
      <SettingsFrame
        label="Administration"
        name="Administration"
        back={{ href: "/", text: "Back to the chat" }}
        sections={sections.map((section) => ({
          title: section.title,
          href: section.name === "" ? "/admin" : `/admin/${section.name}`,
          isCurrent: section.name === current,
        }))}
        title={title}
        class="administration"
      >
        {children}
      </SettingsFrame>
    </Shell>
  )
}

const units = ["bytes", "KB", "MB", "GB", "TB"]

/** A size for people, such as `1.5 MB`. */
export function sizeOf(bytes: number): string {
  const step = bytes < 1024 ? 0 : Math.min(Math.floor(Math.log(bytes) / Math.log(1024)), units.length - 1)
  const count = bytes / 1024 ** step
  return `${step === 0 || count >= 100 ? Math.round(count) : count.toFixed(1)} ${units[step]}`
}

/** Names and their values; texts are escaped. */
function Facts({ facts }: { facts: [name: string, value: string][] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div>
          <dt safe>{name}</dt>
          <dd safe>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

interface OverviewProps {
  operations: Operations
  /** The name of its kind. */
  database: string
  /** Why it cannot serve requests now; `null` when it can. */
  trouble: string | null
  waiting: number
  clock: Clock
}

/** How the chat is. */
export function Overview({ operations, database, trouble, waiting, clock }: OverviewProps) {
  const { failures, unindexedChannels, failingWebhooks, disabledWebhooks } = operations
  return (
    <>
      <p role="status" class={trouble ? "error" : undefined} safe>
        {trouble ?? "Everything works."}
      </p>
      {waiting > 0 && (
        <p>
          <a href="/admin/approvals" safe>
            {waiting === 1 ? "One person is waiting" : `${waiting} people are waiting`}
          </a>{" "}
          for approval.
        </p>
      )}
      <Facts
        facts={[
          ["Version", operations.version],
          ["Database", database],
          ["Running since", clock.dateTime(operations.startedAt)],
          ["People", String(operations.people)],
          ["Servers", String(operations.servers)],
        ]}
      />
      <h2>Background work</h2>
      <Facts
        facts={[
          ["Channels waiting to be indexed", String(unindexedChannels)],
          ["Failing outgoing webhooks", String(failingWebhooks)],
          ["Disabled outgoing webhooks", String(disabledWebhooks)],
          ["Data archives in progress", String(operations.waitingExports)],
          ["Failed data archives", String(operations.failedExports)],
          ["Accounts scheduled for deletion", String(operations.accountDeletions)],
        ]}
      />
      <h2>Recent errors</h2>
      {failures.length === 0 ? (
        <p class="empty">None since the start.</p>
      ) : (
        <ul class="entries">
          {failures.map(({ at, where, message }) => (
            <li>
              <span class="grow">
                <span safe>{`In ${where}: ${message}`}</span>
                <br />
                <small class="hint">
                  <Time at={at} clock={clock} />
                </small>
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** Who may sign up, and who may create servers. */
export function InstanceSettings({ state, isSaved }: { state: FormState; isSaved: boolean }) {
  return (
    <>
      {isSaved && <p role="status">Settings saved.</p>}
      <form method="post" action="/admin/settings">
        <FormErrors state={state} />
        <Radios name="registration" legend="Who may sign up" options={registrationOptions} state={state} />
        <Radios
          name="serverCreation"
          legend="Who may create servers"
          options={serverCreationOptions}
          state={state}
        />
        <Field
          name="signUpQuestion"
          label="Question at sign-up"
          state={state}
          hint="Blocks automated sign-ups. Ask something that the people you expect know. Leave empty for no question; people with an invitation are not asked"
          maxlength={200}
        />
        <Field
          name="signUpAnswer"
          label="Answer"
          state={state}
          hint="Capitals and spaces do not matter"
          maxlength={200}
          autocomplete="off"
        />
        <p class="field">
          <label class="check">
            <input
              type="checkbox"
              name="signUpWork"
              value="yes"
              checked={state.values?.signUpWork === "yes"}
              aria-describedby="signUpWork-hint"
            />{" "}
            Browsers may solve a short computation instead of the question
          </label>
          <small class="hint" id="signUpWork-hint">
            People with JavaScript and a secure connection see no question. Others still answer it
          </small>
        </p>
        <p class="actions">
          <button class="primary" type="submit">
            Save
          </button>
        </p>
      </form>
    </>
  )
}

/** The configuration, and where each value comes from. */
export function Configuration({ lines }: { lines: ConfigurationLine[] }) {
  return (
    <>
      <p>Set when the server starts, by environment variables. Secrets are not shown.</p>
      <div class="wide-table">
        <table>
          <thead>
            <tr>
              <th scope="col">Variable</th>
              <th scope="col">Value</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {lines.map(({ name, value, source }) => (
              <tr>
                <th scope="row">
                  <code safe>{name}</code>
                </th>
                <td safe>{value.replaceAll("`", "")}</td>
                <td>{source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

interface StorageProps {
  kinds: Sum[]
  people: Sum[]
}

export interface Sum {
  name: string
  files: number
  bytes: number
}

/** What uploaded files take. */
export function Storage({ kinds, people }: StorageProps) {
  return (
    <>
      <SumTable caption="By kind" of="Kind" sums={kinds} />
      <SumTable caption="By person" of="Person" sums={people} />
    </>
  )
}

/** Files and their sizes, by what they have in common. */
export function SumTable({ caption, of, sums }: { caption: string; of: string; sums: Sum[] }) {
  if (sums.length === 0)
    return (
      <>
        <h2 safe>{caption}</h2>
        <p class="empty">No files.</p>
      </>
    )
  return (
    <div class="wide-table">
      <table>
        <caption safe>{caption}</caption>
        <thead>
          <tr>
            <th scope="col" safe>
              {of}
            </th>
            <th scope="col">Files</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          {sums.map(({ name, files, bytes }) => (
            <tr>
              <th scope="row">
                <bdi safe>{name}</bdi>
              </th>
              <td>{files}</td>
              <td safe>{sizeOf(bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
