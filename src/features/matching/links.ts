/** A link in a text. */
export interface FoundLink {
  /** In lower case, as the URL standard writes it; empty where the URL is not valid. */
  host: string
  path: string
}

/** URLs as they are shown as links: by their scheme. */
const url = /https?:\/\/[^\s<>"'`]+/gi

/** Invites of Discord are also recognised without a scheme: people copy them so. */
const discordInvite = /(?:discord\.gg|discord(?:app)?\.com\/invite)\/[\w-]+/i

/** The path of an invite, here and at other installations. */
const invitePath = /^\/invites?\/([\w-]+)/i

/** The links of a text, in its order. */
export function hostsIn(text: string): FoundLink[] {
  return (text.match(url) ?? []).map((href) => {
    const parsed = URL.parse(href)
    return { host: hostOf(parsed?.hostname ?? ""), path: parsed?.pathname ?? "" }
  })
}

function hostOf(name: string): string {
  return name.toLowerCase().replace(/\.$/, "")
}

/** A host that someone typed, perhaps with a scheme or a path; `undefined` when it is none. */
export function parseHost(typed: string): string | undefined {
  const text = typed.trim()
  const parsed = URL.parse(/^https?:\/\//i.test(text) ? text : `https://${text}`)
  const host = hostOf(parsed?.hostname ?? "").replace(/^\*\.|^%2a\./, "")
  return /^[\w-]+(\.[\w-]+)+$|^\[[\da-f:.]+\]$/.test(host) ? host : undefined
}

/** Is the host one of these, or below one of them? */
export function isAmong(host: string, hosts: ReadonlySet<string>): boolean {
  if (hosts.size === 0) return false

  const labels = host.split(".")
  return labels.some((_, index) => hosts.has(labels.slice(index).join(".")))
}

/** The invites of a text: those of Discord, and codes of installations such as this one, with their hosts. */
export function invitesIn(text: string): { isDiscord: boolean; links: { host: string; code: string }[] } {
  const links = hostsIn(text).flatMap(({ host, path }) => {
    const code = path.match(invitePath)?.[1]
    return code === undefined ? [] : [{ host, code }]
  })
  return { isDiscord: discordInvite.test(text.normalize("NFKC")), links }
}
