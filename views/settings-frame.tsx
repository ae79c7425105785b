import { type Children, escapeHtml } from "@kitajs/html"

interface SectionLink {
  title: string
  href: string
  isCurrent: boolean
  /** The heading that it is listed below. */
  group?: string
}

interface Props {
  /** What is set, for screen readers: "Server settings". */
  label: string
  /** The name above the sections. */
  name: string
  back: { href: string; text: string }
  sections: readonly SectionLink[]
  /** The heading of the section that is shown. */
  title: string
  /** What it is for. */
  about?: string
  class?: string
  children?: Children
}

/** A section of settings beside the navigation of all of them; on narrow screens the navigation opens above it. */
export function SettingsFrame({ title, about, children, ...rest }: Props) {
  return (
    <div class="server-settings">
      <SettingsNav title={title} {...rest} />
      {/* Its forms are plain: htmx would answer into a dialog above them. */}
      <main id="main" class={["settings-section", rest.class]} hx-ignore>
        {/* Not a `FormPanel`: its id names the dialog, which may open above this page. */}
        <section class="panel">
          <h1 safe>{title}</h1>
          {about !== undefined && (
            <p class="hint" safe>
              {about}
            </p>
          )}
          {children as "safe"}
        </section>
      </main>
    </div>
  )
}

type NavProps = Pick<Props, "label" | "name" | "back" | "sections"> & { title?: string }

/** The navigation of the sections of one place. */
export function SettingsNav({ label, name, back, sections, title = name }: NavProps) {
  const links = <SectionLinks sections={sections} />
  const currentTitle = sections.find(({ isCurrent }) => isCurrent)?.title ?? title
  return (
    <nav class="settings-nav" aria-label={escapeHtml(label)}>
      <p class="settings-of">
        <bdi safe>{name}</bdi>
      </p>
      <a class="way-back" href={escapeHtml(back.href)} safe>
        {back.text}
      </a>
      {links as "safe"}
      {/* On narrow screens, in place of the list. */}
      <details>
        <summary safe>{currentTitle}</summary>
        {links as "safe"}
      </details>
    </nav>
  )
}

function SectionLinks({ sections }: Pick<Props, "sections">) {
  const groups = [...Map.groupBy(sections, ({ group }) => group ?? "")]
  return (
    <ul class="settings-links">
      {groups.map(([group, links]) => (
        <>
          {group !== "" && (
            <li class="settings-group" safe>
              {group}
            </li>
          )}
          {links.map(({ title, href, isCurrent }) => (
            <li>
              <a href={escapeHtml(href)} aria-current={isCurrent ? "page" : undefined} safe>
                {title}
              </a>
            </li>
          ))}
        </>
      ))}
    </ul>
  )
}
