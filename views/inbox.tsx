import { type Children, escapeHtml } from "@kitajs/html"
import type { InboxState } from "../src/features/inbox/contract.ts"
import { asset } from "../src/web/assets.ts"
import { Icon } from "./icons.tsx"
import { type InboxFilter, inboxQuery, reasons } from "./inbox-filter.ts"
import { type FoundProps, InboxFound } from "./inbox-items.tsx"
import type { PageViewer } from "./layout.tsx"
import { type Places, type ServerName, Shell } from "./shell.tsx"

interface PageProps extends Omit<FoundProps, "clock">, Places {
  viewer: PageViewer
}

/** The viewer's inbox of all servers. */
export function InboxPage({ viewer, servers, direct, inbox, ...found }: PageProps) {
  return (
    <InboxShell title="Inbox" tab="inbox" isLive {...{ viewer, servers, direct, inbox }}>
      <FilterForm filter={found.filter} servers={servers} />
      <MarkAll filter={found.filter} servers={servers} />
      <InboxFound {...found} clock={viewer.clock} />
    </InboxShell>
  )
}

/** The lists beside the inbox, in the order of their tabs. */
const tabs = {
  inbox: { href: "/inbox", name: "Messages" },
  threads: { href: "/inbox/threads", name: "Followed threads" },
  reminders: { href: "/reminders", name: "Reminders" },
  scheduled: { href: "/scheduled", name: "Scheduled" },
  saved: { href: "/saved", name: "Saved" },
}
export type InboxTab = keyof typeof tabs

interface ShellProps extends Places {
  title: string
  viewer: PageViewer
  tab: InboxTab
  /** `static/inbox.js` keeps the list up to date. */
  isLive?: boolean
  children?: Children
}

/** A page of the inbox or of a list beside it. */
export function InboxShell({ children, tab, isLive = false, ...shell }: ShellProps) {
  const head = isLive ? <script type="module" src={asset("inbox.js")} /> : undefined
  return (
    <Shell {...shell} currentServerId="inbox" bodyClass="home" head={head}>
      {/* Forms outside a dialog are plain: htmx would answer into a dialog above them. */}
      <main id="main" class="page inbox-page" hx-ignore={isLive ? undefined : ""}>
        <header class="page-header">
          <h1 safe>{shell.title}</h1>
          <InboxTabs current={tab} />
        </header>
        {children as "safe"}
      </main>
    </Shell>
  )
}

/** The way from one list to the others. */
function InboxTabs({ current }: { current: InboxTab }) {
  return (
    <nav class="inbox-tabs" aria-label="Lists">
      {Object.entries(tabs).map(([tab, { href, name }]) => (
        <a href={href} aria-current={tab === current ? "page" : undefined} safe>
          {name}
        </a>
      ))}
    </nav>
  )
}

const states: Record<InboxState, string> = { open: "To do", unread: "Unread", done: "Done" }

function FilterForm({ filter, servers }: { filter: InboxFilter; servers: ServerName[] }) {
  return (
    <form id="inbox-filter" class="inbox-filter" method="get" action="/inbox">
      <Choice name="state" label="Show" value={filter.state} options={Object.entries(states)} />
      <Choice
        name="reason"
        label="Reason"
        value={filter.reason ?? ""}
        options={[["", "All reasons"], ...Object.entries(reasons)]}
      />
      <Choice
        name="server"
        label="Server"
        value={filter.serverId ?? ""}
        options={[
          ["", "All servers"],
          ["direct", "Direct messages"],
          ...servers.map(({ id, name }): [string, string] => [id, name]),
        ]}
      />
      <button type="submit">Filter</button>
    </form>
  )
}

interface ChoiceProps {
  name: string
  label: string
  value: string
  options: [value: string, label: string][]
}

function Choice({ name, label, value, options }: ChoiceProps) {
  return (
    <p class="field">
      <label for={`inbox-${name}`} safe>
        {label}
      </label>
      <select id={`inbox-${name}`} name={name}>
        {options.map(([option, text]) => (
          <option value={escapeHtml(option)} selected={option === value} safe>
            {text}
          </option>
        ))}
      </select>
    </p>
  )
}

/** Everything is read, or all of the server that is shown. */
function MarkAll({ filter, servers }: { filter: InboxFilter; servers: ServerName[] }) {
  const server = servers.find(({ id }) => id === filter.serverId)
  const label: string = server ? `Mark ${server.name} as read` : "Mark everything as read"
  return (
    <form class="inbox-all" method="post" action={escapeHtml(`/inbox/read${inboxQuery(filter)}`)}>
      {server !== undefined && <input type="hidden" name="serverId" value={server.id} />}
      <button type="submit" class="quiet">
        <Icon name="check" /> <bdi safe>{label}</bdi>
      </button>
    </form>
  )
}
