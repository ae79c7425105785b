import { escapeHtml } from "@kitajs/html"
import { type DataExport, fetchHours, maxExportsPerDay } from "../src/features/data-exports/contract.ts"
import { formatBytes } from "../src/features/files/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { AccountPlace } from "./account-place.tsx"
import type { PageViewer } from "./layout.tsx"
import { type ServerName, Shell } from "./shell.tsx"
import { Time } from "./times.tsx"
import { FormErrors, type FormState } from "./ui.tsx"

interface ListProps {
  exports: DataExport[]
  clock: Clock
}

interface PageProps extends ListProps {
  viewer: PageViewer
  servers: ServerName[]
  state: FormState
}

/** Requesting and downloading an archive of the viewer's data. */
export function DataExportsPage({ viewer, servers, state, ...list }: PageProps) {
  return (
    <Shell title="Your data" viewer={viewer} servers={servers} bodyClass="home">
      <AccountPlace current="/account/data">
        <main id="main" class="page">
          <h1>Your data</h1>
          <p>
            An archive contains your account, profile and settings, everything you wrote, as JSON and as web
            pages, and the files that you sent. It contains nothing that others wrote.
          </p>
          <form method="post" action="/account/data">
            <FormErrors state={state} />
            <p class="actions">
              <button class="primary" type="submit">
                Create archive
              </button>
            </p>
            <p class="hint">
              {`It is created in the background and can be downloaded for ${fetchHours} hours. You can request ${maxExportsPerDay} a day.`}
            </p>
          </form>
          <ExportList {...list} />
        </main>
      </AccountPlace>
    </Shell>
  )
}

/** The archives. While one is being made, scripts fetch the list again; without them there is a link. */
export function ExportList({ exports, clock }: ListProps) {
  const isPending = exports.some(({ state }) => state === "waiting" || state === "running")
  const polling = isPending
    ? { "hx-get": "/account/data", "hx-trigger": "every 2s", "hx-swap": "outerHTML", "hx-target": "#exports" }
    : {}
  return (
    <section id="exports" aria-labelledby="exports-title" {...polling}>
      <h2 id="exports-title">Archives</h2>
      {exports.length === 0 && <p class="hint">None.</p>}
      <ul class="exports">
        {exports.map((each) => (
          <li>
            <ExportRow row={each} clock={clock} />
          </li>
        ))}
      </ul>
      {isPending && (
        <p>
          <a href="/account/data">Reload</a>
        </p>
      )}
    </section>
  )
}

function ExportRow({ row, clock }: { row: DataExport; clock: Clock }) {
  const { id, serverId, serverName, state, bytes, failure, createdAt, expiresAt } = row
  const underWay = state === "running" ? "Creating…" : "Waiting…"
  const status: string = state === "failed" ? (failure ?? "Failed") : underWay
  const title = serverId === null ? "Your data" : `Server ${serverName ?? "(deleted)"}`
  return (
    <>
      <b safe>{title}</b>{" "}
      <span class="hint">
        requested <Time at={createdAt} clock={clock} />
      </span>
      <br />
      {state === "ready" ? (
        <>
          <a href={`/account/data/${id}/download`} download="" aria-label={escapeHtml(`Download: ${title}`)}>
            Download
          </a>{" "}
          <span class="hint">
            <span safe>{formatBytes(bytes ?? 0)}</span>, until{" "}
            <Time at={expiresAt ?? createdAt} clock={clock} />
          </span>
        </>
      ) : (
        <span role="status" safe>
          {status}
        </span>
      )}
    </>
  )
}

/** Asking for an archive of a server. */
export function ServerExportSection({ serverId, state }: { serverId: string; state: FormState }) {
  return (
    <>
      <p>
        An archive contains the server's structure, roles and permissions, its members' names, all channels,
        including private ones, with their messages, and all files. It contains no direct messages. It lets
        anyone read the private channels: keep it safe.
      </p>
      <p class="hint">
        Channels are in the format of DiscordChatExporter, which other chats can import. You find the archive
        under <a href="/account/data">Your data</a>, for a day.
      </p>
      <form method="post" action={`/servers/${serverId}/export`}>
        <FormErrors state={state} />
        <p class="actions">
          <button class="primary" type="submit">
            Create archive
          </button>
        </p>
      </form>
    </>
  )
}
