import { contentsToString, escapeHtml } from "@kitajs/html"

import { AnnouncementBar } from "./announcements.tsx"
import { Icon } from "./icons.tsx"
import { type DocumentProps, type PageViewer, slottedPage } from "./layout.tsx"
import { shownName } from "./people.ts"
import { type Count, Tally } from "./reading.tsx"
import { type Slotted, slotted } from "./slotted.ts"
import { SwitcherTemplate } from "./switcher.tsx"
import { Avatar, DialogLink, ServerFace } from "./ui.tsx"

/** Where a viewer can go: their servers, and their conversations together. */
export interface Places {
  servers: ServerName[]
  /** What is unread in their conversations, where that is known. */
  direct?: Count
  /** How many items are unread in their inbox. */
  inbox?: number
}

/** As much of a server as a page names, and what is unread in it, where that is known. */
export interface ServerName extends Count {
  id: string
  name: string
  /** `null` without an icon. */
  iconUrl?: string | null
}

interface ShellProps extends DocumentProps, Places {
  viewer: PageViewer
  /** `direct` for the viewer's conversations, `inbox` for the inbox. */
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
export function slottedShell({
  servers,
  direct,
  inbox,
  currentServerId,
  beside,
  ...document
}: ShellProps): Slotted {
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
        <ServerRail {...{ viewer, servers, direct, inbox, currentServerId }} />
        {beside as "safe"}
      </div>
    </div>,
  )
  const templates = script ? `${<SwitcherTemplate />}${<DraftTemplate />}` : ""
  return {
    before: `${page.before}${skip}${<AnnouncementBar viewer={viewer} />}${app.before}`,
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
export function ServerRail({ viewer, servers, direct, inbox, currentServerId }: RailProps) {
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
            class="tile inbox"
            href="/inbox"
            title="Inbox"
            data-inbox
            aria-current={currentServerId === "inbox" ? "page" : undefined}
          >
            <span class="visually-hidden">Inbox</span>
            <Icon name="inbox" />
            <Tally unread={inbox} mentions={inbox} />
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
        {servers.map(({ id, name, iconUrl, unread, mentions }) => (
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
              <ServerFace name={name} iconUrl={iconUrl} />
              <Tally unread={unread} mentions={mentions} />
            </a>
          </li>
        ))}
        {!viewer.mayNotCreateServers && (
          <li>
            <DialogLink class="tile new" href="/servers/new" label="Create server">
              <Icon name="plus" />
            </DialogLink>
          </li>
        )}
      </ul>
      <a class="button quiet" href="/search" aria-label="Search messages" title="Search messages">
        <Icon name="search" />
      </a>
      <MyMenu viewer={viewer} />
    </nav>
  )
}

/** The viewer's menu, behind their picture at the foot of the rail. */
function MyMenu({ viewer }: { viewer: PageViewer }) {
  return (
    <div class="me">
      <button type="button" class="quiet me-link" popovertarget="my-menu" title="You">
        <Avatar userId={viewer.id} name={shownName(viewer)} picture={viewer.avatarUrl} />
        <span class="visually-hidden">Your menu: </span>
        <bdi class="me-name" safe>
          {shownName(viewer)}
        </bdi>
      </button>
      <div id="my-menu" class="menu" popover="auto">
        <ul class="menu-list">
          <li>
            <a href="/account">
              <Icon name="person" /> Account
            </a>
          </li>
          <li>
            <a href="/account/profile">
              <Icon name="smile" /> Profile and status
            </a>
          </li>
          <li>
            <a href="/settings">
              <Icon name="sliders" /> Settings
            </a>
          </li>
          <li>
            <DialogLink href="/saved">
              <Icon name="bookmark" /> Saved messages
            </DialogLink>
          </li>
          <li>
            <DialogLink href="/keyboard">
              <Icon name="keyboard" /> Keyboard shortcuts
            </DialogLink>
          </li>
        </ul>
        <form method="post" action="/logout">
          <button class="quiet" type="submit">
            <Icon name="leave" /> Log out
          </button>
        </form>
      </div>
    </div>
  )
}
