import { type Children, contentsToString, escapeHtml } from "@kitajs/html"
import type { Settings } from "../src/features/settings/contract.ts"
import { asset } from "../src/web/assets.ts"
import type { Clock } from "../src/web/clock.ts"
import { Icon } from "./icons.tsx"
import { type Count, Tally, titleMark } from "./reading.tsx"
import { type Slotted, slotted } from "./slotted.ts"
import { SwitcherTemplate } from "./switcher.tsx"
import { Avatar, DialogLink, initials } from "./ui.tsx"

/** Who looks at a page. */
export interface PageViewer {
  id: string
  username: string
  /** The version of the list of those they have blocked; nothing for nobody. */
  blocks?: string
  /** How they want their pages; nothing: as they come. */
  settings?: Settings
  /** What their times are written by. */
  clock: Clock
  /** The style sheet of what looks different for them. */
  stylesUrl: string
}

/** Where a viewer can go: their servers, and their conversations together. */
export interface Places {
  servers: ServerName[]
  /** What is unread in their conversations, where that is known. */
  direct?: Count
}

/** As much of a server as a page names, and what is unread in it, where that is known. */
export interface ServerName extends Count {
  id: string
  name: string
}

/** Read by htmx before it starts. The reconnecting is done by `static/live.js`, which knows the cursor. */
const htmxConfig = JSON.stringify({
  includeIndicatorCSS: false,
  extensions: "ws,sse,upsert",
  ws: { reconnect: false, pauseOnBackground: false },
  sse: { reconnect: false, pauseOnBackground: false },
})

interface DocumentProps {
  title: string
  viewer?: PageViewer
  bodyClass?: string
  /** More for the head. */
  head?: JSX.Element
  children?: Children
  /** `false`: for a page that is only seen without JavaScript. */
  script?: boolean
  /** What is unread elsewhere. */
  elsewhere?: Count[]
}

/** A whole document. */
export function Page({ children, ...document }: DocumentProps) {
  const { before, after } = slottedPage(document)
  return `${before}${contentsToString([children])}${after}`
}

/** A whole document around its content. */
function slottedPage({ title, viewer, bodyClass, head, script = true, elsewhere }: DocumentProps): Slotted {
  const html = slotted(
    <html lang="en" {...lookOf(viewer)}>
      <Head title={title} viewer={viewer} script={script} elsewhere={elsewhere}>
        {head as "safe"}
      </Head>
    </html>,
  )
  const body = slotted(<body class={bodyClass} />)
  return {
    before: `<!doctype html>${html.before}${body.before}`,
    after: `${script ? <Dialog /> : ""}${body.after}${html.after}`,
  }
}

/** What scripts announce, and show above the page. */
function Dialog() {
  return (
    <>
      <div id="announcer" role="status" class="visually-hidden" />
      <dialog id="dialog" aria-labelledby="dialog-title">
        <div id="dialog-body" />
        <form method="dialog">
          <button class="quiet close" type="submit" aria-label="Close">
            <Icon name="close" />
          </button>
        </form>
      </dialog>
    </>
  )
}

/** What the style sheet and the scripts go by, as attributes of the root; nothing for what is as it comes. */
export function lookOf(viewer?: PageViewer) {
  if (!viewer) return {}
  if (!viewer.settings) return { "data-viewer": viewer.id }

  const { theme, density, timeZone, timeFormat, reducedMotion, sounds, singleKeys } = viewer.settings
  return {
    "data-viewer": viewer.id,
    "data-theme": theme === "system" ? undefined : theme,
    "data-density": density === "compact" ? density : undefined,
    "data-zone": timeZone === "automatic" ? undefined : escapeHtml(timeZone),
    "data-clock": timeFormat === "system" ? undefined : timeFormat,
    "data-motion": reducedMotion === "on" ? "reduced" : undefined,
    "data-sounds": sounds === "mentions" ? undefined : sounds,
    "data-keys": singleKeys === "off" ? "off" : undefined,
  }
}

interface HeadProps {
  title: string
  viewer?: PageViewer
  script: boolean
  elsewhere?: Count[]
  children?: Children
}

/** What the browser's tab says; before it, whether something is unread in what `elsewhere` counts. */
export function Title({ title, elsewhere = [] }: { title: string; elsewhere?: Count[] }) {
  return <title safe>{`${titleMark(elsewhere)}${title} · Covenant Chat`}</title>
}

/** What every document says of itself. */
export function Head({ title, viewer, script, elsewhere, children }: HeadProps) {
  return (
    <head>
      <meta charset="utf-8" />
      <meta
        name="viewport"
        content="width=device-width, initial-scale=1, interactive-widget=resizes-content"
      />
      <meta name="color-scheme" content={schemeOf(viewer)} />
      {/* Nothing to other sites, but our own forms say where they come from: over plain http nothing else does. */}
      <meta name="referrer" content="same-origin" />
      <Title title={title} elsewhere={elsewhere} />
      <link
        rel="icon"
        href={asset("icons/icon.svg")}
        type="image/svg+xml"
        data-unread={asset("icons/icon-unread.svg")}
        data-mentions={asset("icons/icon-mentions.svg")}
      />
      <link rel="stylesheet" href={asset("app.css")} />
      {viewer !== undefined && <link rel="stylesheet" href={viewer.stylesUrl} />}
      {viewer?.blocks !== undefined && (
        <link id="blocked-styles" rel="stylesheet" href={`/account/blocked.css?v=${viewer.blocks}`} />
      )}
      {script && (
        <>
          <meta name="htmx-config" content={htmxConfig} />
          {/* Ours first: the log is where its reader wants it before htmx looks which links are in view. */}
          <script type="module" src={asset("app.js")} />
          <script defer src={asset("htmx.js")} />
        </>
      )}
      {children as "safe"}
    </head>
  )
}

/** Before the style sheet is there, the page has the right ground already. */
function schemeOf(viewer?: PageViewer): string {
  const theme = viewer?.settings?.theme ?? "system"
  return theme === "system" ? "light dark" : theme
}

interface CardProps {
  title: string
  viewer?: PageViewer
  children?: Children
}

/**
 * One panel on a page of its own. It has no script: its forms and links are plain, and would otherwise answer
 * into a dialog above their own twin.
 */
export function CardPage({ title, viewer, children }: CardProps) {
  return (
    <Page title={title} viewer={viewer} bodyClass="form-page" script={false}>
      <header class="brand">
        <a href="/">Covenant Chat</a>
      </header>
      <main id="main">{children as "safe"}</main>
    </Page>
  )
}

interface ShellProps extends DocumentProps, Places {
  viewer: PageViewer
  /** `direct` for one's conversations. */
  currentServerId?: string
  /** What stands beside the servers; on a narrow screen both are in the drawer `#places`. */
  beside?: JSX.Element
}

/** A page of someone who is signed in: their servers at its side. */
export function Shell({ children, ...shell }: ShellProps) {
  const { before, after } = slottedShell(shell)
  return `${before}${contentsToString([children])}${after}`
}

/** The same around its content. */
export function slottedShell({ servers, direct, currentServerId, beside, ...document }: ShellProps): Slotted {
  const { viewer, script = true } = document
  const page = slottedPage({ elsewhere: direct ? [...servers, direct] : servers, ...document })
  const skip = (
    <a class="skip" href="#main">
      Skip to content
    </a>
  )
  const app = slotted(
    <div class="app" data-viewer={viewer.id}>
      <div id="places" class="places" popover={beside ? "auto" : undefined}>
        <ServerRail viewer={viewer} servers={servers} direct={direct} currentServerId={currentServerId} />
        {beside as "safe"}
      </div>
    </div>,
  )
  const templates = script ? `${<SwitcherTemplate />}${<DraftTemplate />}` : ""
  return {
    before: `${page.before}${skip}${app.before}`,
    after: `${app.after}${templates}${page.after}`,
  }
}

/** Beside the name of a channel in which something was begun: cloned by `static/drafts.js`. */
function DraftTemplate() {
  return (
    <template id="draft-mark">
      <span class="drafted">
        <Icon name="pencil" />
        <span class="visually-hidden" />
      </span>
    </template>
  )
}

interface RailProps extends Places {
  viewer: PageViewer
  currentServerId?: string
}

/** The viewer's servers, and their account. */
export function ServerRail({ viewer, servers, direct, currentServerId }: RailProps) {
  return (
    <nav id="servers" class="rail" aria-label="Servers">
      <ul>
        <li>
          <a class="tile switch" href="/switch" aria-label="Go to…" title="Go to… (Ctrl+K)">
            <Icon name="switch" />
          </a>
        </li>
        <li>
          <a class="tile home" href="/" aria-label="My servers" title="My servers">
            <Icon name="home" />
          </a>
        </li>
        <li>
          <a
            class="tile direct"
            href="/conversations"
            title="Direct messages"
            data-direct
            aria-current={currentServerId === "direct" ? "page" : undefined}
          >
            <span class="visually-hidden">Direct messages</span>
            <Icon name="talk" />
            <Tally unread={direct?.unread} mentions={direct?.mentions} />
          </a>
        </li>
        {servers.map(({ id, name, unread, mentions }) => (
          <li>
            <a
              class="tile"
              href={`/servers/${id}`}
              title={escapeHtml(name)}
              data-server={id}
              aria-current={id === currentServerId ? "page" : undefined}
            >
              <span class="visually-hidden" safe>
                {name}
              </span>
              <span aria-hidden="true" safe>
                {initials(name)}
              </span>
              <Tally unread={unread} mentions={mentions} />
            </a>
          </li>
        ))}
        <li>
          <DialogLink class="tile new" href="/servers/new" label="New server">
            <Icon name="plus" />
          </DialogLink>
        </li>
      </ul>
      <a class="button quiet" href="/search" aria-label="Search messages" title="Search messages">
        <Icon name="search" />
      </a>
      <DialogLink class="button quiet" href="/saved" label="Saved messages">
        <Icon name="bookmark" />
      </DialogLink>
      <a class="button quiet" href="/settings" aria-label="Settings" title="Settings">
        <Icon name="sliders" />
      </a>
      <DialogLink class="button quiet" href="/keyboard" label="Keyboard shortcuts">
        <Icon name="keyboard" />
      </DialogLink>
      <form class="me" method="post" action="/logout">
        <a class="me-link" href="/account" title="Account">
          <Avatar userId={viewer.id} name={viewer.username} />
          <span class="visually-hidden">Account </span>
          <bdi class="me-name" safe>
            {viewer.username}
          </bdi>
        </a>
        <button class="quiet" type="submit" aria-label="Log out" title="Log out">
          <Icon name="leave" />
        </button>
      </form>
    </nav>
  )
}
