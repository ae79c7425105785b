import { Icon, type IconName } from "./icons.tsx"
import { DialogLink, FormPanel } from "./ui.tsx"

/** One line of a menu: a link to a panel or page, or a form of one button. */
export interface MenuEntry {
  label: string
  href: string
  kind: "panel" | "page" | "do" | "copyLink"
  icon: IconName
  danger?: true
  /** What the form of one button sends. */
  values?: Record<string, string>
}

/** The menu of a channel or server: by right click, by long press, or on a page of its own. */
export function MenuPanel({ title, entries }: { title: string; entries: MenuEntry[] }) {
  return (
    <FormPanel title={title}>
      <ul class="message-actions">
        {entries.map((entry) => (
          <li>
            <Entry {...entry} />
          </li>
        ))}
      </ul>
    </FormPanel>
  )
}

function Entry({ label, href, kind, icon, danger, values = {} }: MenuEntry) {
  const looks = danger ? "danger-link" : kind === "copyLink" ? "copy-link" : undefined
  if (kind === "panel") {
    return (
      <DialogLink href={href} class={looks}>
        <Icon name={icon} /> <span safe>{label}</span>
      </DialogLink>
    )
  }
  if (kind === "page" || kind === "copyLink") {
    return (
      <a href={href} class={looks}>
        <Icon name={icon} /> <span safe>{label}</span>
      </a>
    )
  }
  return (
    <form method="post" action={href} hx-post={href} hx-swap="none">
      {Object.entries(values).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <button type="submit" class={looks}>
        <Icon name={icon} /> <span safe>{label}</span>
      </button>
    </form>
  )
}
