import { type Children, escapeHtml } from "@kitajs/html"
import type { PageViewer } from "./layout.tsx"
import { type ServerName, Shell } from "./shell.tsx"

interface Section {
  name: string
  title: string
}

interface Props {
  viewer: PageViewer
  servers: ServerName[]
  server: ServerName
  /** The sections that the viewer may open, in order. */
  sections: Section[]
  /** The name of the section that is shown. */
  current: string
  title: string
  children?: Children
}

/** One section of a server's settings, with the navigation of all of them. */
export function ServerSettingsPage({ viewer, servers, server, sections, current, title, children }: Props) {
  const links = <SectionLinks server={server} sections={sections} current={current} />
  const currentTitle = sections.find(({ name }) => name === current)?.title ?? title
  return (
    <Shell
      title={`${title} · ${server.name}`}
      viewer={viewer}
      servers={servers}
      currentServerId={server.id}
      bodyClass="home"
    >
      <div class="server-settings">
        <nav class="settings-nav" aria-label="Server settings">
          <p class="settings-of">
            <bdi safe>{server.name}</bdi>
          </p>
          <a class="way-back" href={`/servers/${server.id}`}>
            Back to server
          </a>
          {links as "safe"}
          {/* On narrow screens, in place of the list. */}
          <details>
            <summary safe>{currentTitle}</summary>
            {links as "safe"}
          </details>
        </nav>
        {/* Its forms are plain: htmx would answer into a dialog above them. */}
        <main id="main" class="settings-section" hx-ignore>
          {/* Not a `FormPanel`: its id names the dialog, which may open above this page. */}
          <section class="panel">
            <h1 safe>{title}</h1>
            {children as "safe"}
          </section>
        </main>
      </div>
    </Shell>
  )
}

function SectionLinks({ server, sections, current }: Pick<Props, "server" | "sections" | "current">) {
  return (
    <ul class="settings-links">
      {sections.map(({ name, title }) => (
        <li>
          <a
            href={escapeHtml(settingsAddress(server, name))}
            aria-current={name === current ? "page" : undefined}
            safe
          >
            {title}
          </a>
        </li>
      ))}
    </ul>
  )
}

/** The address of a section; the overview has the short one. */
export function settingsAddress({ id }: Pick<ServerName, "id">, section: string): string {
  const settings = `/servers/${id}/settings`
  return section === "overview" ? settings : `${settings}/${section}`
}
