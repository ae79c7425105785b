import { articlesOf, type Seen } from "../tests/integration/transports/page.ts"

/** What a piece of markup does to the page of its reader. */
export type Change =
  | { type: "insert" | "replace"; message: Seen }
  /** Too much was missed: these, the newest, take the place of everything. */
  | { type: "reset"; messages: Seen[] }
  /** The same in a page that can only grow: what follows begins anew. */
  | { type: "gap" }

const fragment = /<hx-(upsert|partial) hx-target="([^"]*)"[^>]*>([\s\S]*?)<\/hx-\1>/g
const article = /<article [\s\S]*?<\/article>/g
const streamed =
  /<template for="([^"]*)">([\s\S]*?)<\/template>|<\?start name="([^"]*)">([\s\S]*?)<\?end>|<a id="missed"[^>]*>/g

/** What fragments do to a page that htmx tends: a WebSocket's frame, or the data of an event. */
export function changesOf(html: string): Change[] {
  const changes: Change[] = []
  for (const [, kind, target = "", content = ""] of html.matchAll(fragment)) {
    const messages = messagesOf(content)
    if (kind === "upsert") changes.push(...messages.map((message) => ({ type: "insert" as const, message })))
    else if (target === "#messages[data-live]" && messages.length > 0)
      changes.push({ type: "reset", messages })
    else if (target.startsWith("#message-"))
      changes.push(...messages.map((message) => ({ type: "replace" as const, message })))
  }
  return changes
}

/** What was appended to a page without script, and how far it could be read: up to where nothing is left open. */
export function streamedChanges(html: string): { changes: Change[]; end: number } {
  const changes: Change[] = []
  let end = 0
  for (const { 0: all, 1: patched, 2: patch = "", 3: name = "", 4: slot = "", index } of html.matchAll(
    streamed,
  )) {
    end = index + all.length
    const isFallback = (patched ?? name).startsWith("fallback-")
    if (all.startsWith("<a")) changes.push({ type: "gap" })
    if (isFallback) continue

    const type = patched === undefined ? "insert" : "replace"
    changes.push(...messagesOf(patch + slot).map((message) => ({ type, message }) as const))
  }
  return { changes, end }
}

/** Versions of messages kept as they were read: all readers of a room get the same bytes. */
const maxKept = 20_000
const kept = new Map<string, Seen>()

/** The messages in some markup, in its order. */
export function messagesOf(html: string): Seen[] {
  return (html.match(article) ?? []).flatMap((markup) => {
    const known = kept.get(markup)
    if (known) return known

    if (kept.size >= maxKept) kept.clear()
    const [message] = articlesOf(markup)
    if (message) kept.set(markup, message)
    return message ?? []
  })
}
