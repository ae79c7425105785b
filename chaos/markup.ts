import { articlesOf, type Seen } from "../tests/integration/transports/page.ts"

/** What received markup does to a reader's page. */
export type PageChange =
  | { type: "insert" | "replace"; message: Seen }
  /** The reader missed too much: these newest messages replace the whole log. */
  | { type: "reset"; messages: Seen[] }
  /** The same on a page that can only grow: what follows starts a new log. */
  | { type: "gap" }

const fragment = /<hx-(upsert|partial) hx-target="([^"]*)"[^>]*>([\s\S]*?)<\/hx-\1>/g
const article = /<article [\s\S]*?<\/article>/g
/** A template without its end tag matches too: what is in it says nothing before the rest has arrived. */
const streamed =
  /<template for="([^"]*)">(?:([\s\S]*?)<\/template>|[\s\S]*$)|<\?start name="([^"]*)">([\s\S]*?)<\?end>|<a id="missed"[^>]*>/g

/** The changes in fragments for htmx: a WebSocket frame, or the data of an event. */
export function changesOf(html: string): PageChange[] {
  const changes: PageChange[] = []
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

/** The changes in a streamed page, and the offset up to which the markup was complete. */
export function streamedChanges(html: string): { changes: PageChange[]; end: number } {
  const changes: PageChange[] = []
  let end = 0
  for (const { 0: all, 1: patched, 2: patch, 3: name = "", 4: slot = "", index } of html.matchAll(streamed)) {
    if (patched !== undefined && patch === undefined) break
    end = index + all.length
    const isFallback = (patched ?? name).startsWith("fallback-")
    if (all.startsWith("<a")) changes.push({ type: "gap" })
    if (isFallback) continue

    const type = patched === undefined ? "insert" : "replace"
    changes.push(...messagesOf(patch ?? slot).map((message) => ({ type, message }) as const))
  }
  return { changes, end }
}

/** Parsed messages by their markup: all readers of a room receive the same bytes. */
const cache = new Map<string, Seen>()
const maxCached = 20_000

/** The messages in some markup, in order. */
export function messagesOf(html: string): Seen[] {
  return (html.match(article) ?? []).flatMap((markup) => {
    const cached = cache.get(markup)
    if (cached) return cached

    if (cache.size >= maxCached) cache.clear()
    const [message] = articlesOf(markup)
    if (message) cache.set(markup, message)
    return message ?? []
  })
}
