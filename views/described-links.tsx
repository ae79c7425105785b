import { escapeHtml } from "@kitajs/html"
import { DialogLink } from "./ui.tsx"

/** A page or panel of settings, with what it is for. */
export interface DescribedLink {
  title: string
  href: string
  about: string
  isPanel?: boolean
  isDanger?: boolean
}

/** Pages and panels of settings, with what each is for. */
export function DescribedLinks({ links }: { links: DescribedLink[] }) {
  return (
    <ul class="described-links">
      {links.map((link) => (
        <Described {...link} />
      ))}
    </ul>
  )
}

/** One of them. */
export function Described({ title, href, about, isPanel, isDanger }: DescribedLink) {
  const looks = isDanger ? "danger-link" : undefined
  const link = isPanel ? (
    <DialogLink href={escapeHtml(href)} class={looks}>
      <span safe>{title}</span>
    </DialogLink>
  ) : (
    <a href={escapeHtml(href)} class={looks} safe>
      {title}
    </a>
  )
  return (
    <li>
      {link as "safe"}
      <small class="hint" safe>
        {about}
      </small>
    </li>
  )
}
