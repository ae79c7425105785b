import type { Children } from "@kitajs/html"
import { DescribedLinks } from "./described-links.tsx"
import type { PageViewer } from "./layout.tsx"
import { SettingsFrame } from "./settings-frame.tsx"
import { type ServerName, Shell } from "./shell.tsx"

interface Section {
  name: string
  title: string
  about: string
  group: string
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
  isSaved: boolean
  children?: Children
}

/** One section of a server's settings, with the navigation of all of them. */
export function ServerSettingsPage(props: Props) {
  const { viewer, servers, server, sections, current, title, isSaved, children } = props
  return (
    <Shell
      title={`${title} · ${server.name}`}
      viewer={viewer}
      servers={servers}
      currentServerId={server.id}
      bodyClass="home"
    >
      <SettingsFrame
        label="Server settings"
        name={server.name}
        back={{ href: `/servers/${server.id}`, text: "Back to server" }}
        sections={sections.map((section) => ({
          title: section.title,
          group: section.group,
          href: settingsAddress(server, section.name),
          isCurrent: section.name === current,
        }))}
        title={title}
        about={sections.find(({ name, title: own }) => name === current && own === title)?.about}
      >
        {isSaved && <p role="status">Saved.</p>}
        {children}
        {current === "overview" && <Sections server={server} sections={sections} />}
      </SettingsFrame>
    </Shell>
  )
}

/** All other sections, with what each is for. */
function Sections({ server, sections }: Pick<Props, "server" | "sections">) {
  const forViewer = {
    title: "Notifications",
    href: `/servers/${server.id}/notifications`,
    ...{ about: "Of this server, for you alone", isPanel: true },
  }
  // Of all sections, so that the groups are in the order of the navigation.
  const groups = [...Map.groupBy(sections, ({ group }) => group)]
    .map(([group, own]) => ({ group, others: own.filter(({ name }) => name !== "overview") }))
    .filter(({ others }) => others.length > 0)
  return (
    <>
      <section class="account-group">
        <h2>You</h2>
        <DescribedLinks links={[forViewer]} />
      </section>
      {groups.map(({ group, others }) => (
        <section class="account-group">
          <h2 safe>{group}</h2>
          <DescribedLinks
            links={others.map(({ name, ...section }) => ({
              ...section,
              href: settingsAddress(server, name),
            }))}
          />
        </section>
      ))}
    </>
  )
}

/** The address of a section; the overview has the short one. */
export function settingsAddress({ id }: Pick<ServerName, "id">, section: string): string {
  const settings = `/servers/${id}/settings`
  return section === "overview" ? settings : `${settings}/${section}`
}
