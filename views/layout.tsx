import { type Children, contentsToString, escapeHtml } from "@kitajs/html"
import type { Settings } from "../src/features/settings/contract.ts"
import { asset } from "../src/web/assets.ts"
import type { Clock } from "../src/web/clock.ts"
import { currentLook } from "../src/web/look.ts"
import { DeletionBanner } from "./deletion-banner.tsx"
import { Icon } from "./icons.tsx"
import { BrandIcon, LegalLinks, LookLinks } from "./look.tsx"
import { type Count, titleMark } from "./reading.tsx"
import { type Slotted, slotted } from "./slotted.ts"

/** Who looks at a page. */
export interface PageViewer {
  id: string
  username: string
  /** The name that they chose, and the path of their picture. */
  displayName?: string
  avatarUrl?: string
  /** What they let others see of their presence; nothing for online. */
  presence?: "idle" | "doNotDisturb" | "invisible"
  /** The version of the list of those they have blocked; nothing for nobody. */
  blocks?: string
  /** How they want their pages; nothing: as they come. */
  settings?: Settings
  /** What their times are written by. */
  clock: Clock
  /** The style sheet of what looks different for them. */
  stylesUrl: string
  /** The id of the last announcement that they have dismissed. */
  dismissedAnnouncement?: string
  /** Only administrators create servers, and they are none. */
  mayNotCreateServers?: boolean
  /** When their account will be deleted. */
  deletionAt?: Date
}

/** Read by htmx before it starts. The reconnecting is done by `static/live.js`, which knows the cursor. */
const htmxConfig = JSON.stringify({
  // Swaps would wait a turn of the event loop, for transitions that no style sheet has.
  defaultSettleDelay: 0,
  includeIndicatorCSS: false,
  extensions: "ws,sse,upsert",
  ws: { reconnect: false, pauseOnBackground: false },
  sse: { reconnect: false, pauseOnBackground: false },
})

export interface DocumentProps {
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
export function slottedPage({
  title,
  viewer,
  bodyClass,
  head,
  script = true,
  elsewhere,
}: DocumentProps): Slotted {
  const html = slotted(
    <html lang="en" {...lookOf(viewer)}>
      <Head title={title} viewer={viewer} script={script} elsewhere={elsewhere}>
        {isRoom(bodyClass) && script ? (
          // A script loads them with the first input.
          <noscript>
            <PageStyles />
          </noscript>
        ) : (
          <PageStyles />
        )}
        {head as "safe"}
      </Head>
    </html>,
  )
  const body = slotted(<body class={bodyClass} hx-sync="queue all" />)
  return {
    before: `<!doctype html>${html.before}${body.before}${bodyClass === "frame" ? "" : bannerOf(viewer)}`,
    after: `${script ? <Dialog /> : ""}${body.after}${html.after}`,
  }
}

/** Rooms do without the styles of all other pages: a first visit loads only what it shows. */
function isRoom(bodyClass = ""): boolean {
  return /^(room|frame)\b/.test(bodyClass)
}

/** The styles of pages that are no rooms or have no script, and of panels that are opened from rooms now and then. */
export function PageStyles() {
  return <link rel="stylesheet" href={asset("settings.css")} />
}

/** Above every page of someone whose account will be deleted. */
function bannerOf(viewer?: PageViewer): string {
  if (!viewer?.deletionAt) return ""
  return `${<PageStyles />}${<DeletionBanner dueAt={viewer.deletionAt} clock={viewer.clock} />}`
}

/** What scripts announce, and show above the page. */
function Dialog() {
  return (
    <>
      <div id="announcer" role="status" class="visually-hidden" />
      <dialog id="dialog" aria-labelledby="dialog-title" hx-sync="replace">
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
  const isUndisturbed = viewer.presence === "doNotDisturb"
  if (!viewer.settings) return { "data-viewer": viewer.id, "data-sounds": isUndisturbed ? "off" : undefined }

  const { theme, density, timeZone, timeFormat, reducedMotion, sounds, singleKeys } = viewer.settings
  return {
    "data-viewer": viewer.id,
    "data-theme": theme === "system" ? undefined : theme,
    "data-density": density === "compact" ? density : undefined,
    "data-zone": timeZone === "automatic" ? undefined : escapeHtml(timeZone),
    "data-clock": timeFormat === "system" ? undefined : timeFormat,
    "data-motion": reducedMotion === "on" ? "reduced" : undefined,
    "data-sounds": isUndisturbed ? "off" : sounds === "mentions" ? undefined : sounds,
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
  return <title safe>{`${titleMark(elsewhere)}${title} · ${currentLook().name}`}</title>
}

/** Deferred scripts are so by themselves, but modules are not. */
const later = { fetchpriority: "low" }

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
      <link rel="stylesheet" href={asset("app.css")} />
      <LookLinks look={currentLook()} />
      {viewer !== undefined && <link rel="stylesheet" href={viewer.stylesUrl} />}
      {viewer?.blocks !== undefined && (
        <link id="blocked-styles" rel="stylesheet" href={`/account/blocked.css?v=${viewer.blocks}`} />
      )}
      {script ? (
        <>
          <noscript>
            <link rel="stylesheet" href={asset("emoji.css")} />
          </noscript>
          <meta name="htmx-config" content={htmxConfig} />
          {/* After the style sheets, for which the first paint waits. htmx comes with it. */}
          <script type="module" src={asset("app.js")} {...later} />
        </>
      ) : (
        <link rel="stylesheet" href={asset("emoji.css")} />
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
  /** More for the head. */
  head?: JSX.Element
  children?: Children
}

/**
 * One panel on a page of its own. It has no script: its forms and links are plain, and would otherwise answer
 * into a dialog above their own twin.
 */
export function CardPage({ title, viewer, head, children }: CardProps) {
  const look = currentLook()
  return (
    <Page title={title} viewer={viewer} bodyClass="form-page" script={false} head={head}>
      <header class="brand">
        <a href="/">
          <BrandIcon look={look} />
          <bdi safe>{look.name}</bdi>
        </a>
      </header>
      <main id="main">{children as "safe"}</main>
      {viewer === undefined && <LegalLinks look={look} />}
    </Page>
  )
}
