import type { Kind } from "../../../web/live/endless.ts"
import type { Ending } from "../../../web/live/session.ts"
import type { Update } from "../../../web/live/update.ts"
import type { Message } from "../../messages/contract.ts"

/** What a tail tells, a line each: a message as it now is, or that too much was missed to tell it all. */
export type TailEntry = Message | { gap: { after: number; seq: number } }

/** What says nothing, and keeps whoever is between us from taking the connection for dead. */
export const emptyLine = "\n"

/** As newline-delimited JSON: each message of the contract, in the order of the log. Source: github.com/ndjson/ndjson-spec. */
export function toLines(updates: Update[]): string {
  return entriesOf(updates)
    .map((entry) => `${JSON.stringify(entry)}\n`)
    .join("")
}

/** As text for people: who said what, and when. What changed of a message besides its text is left out. */
export function toText(updates: Update[]): string {
  return entriesOf(updates).map(textOf).join("")
}

/** Newline-delimited JSON, which also says why it ends: `{"end": {"code": …, "message": …}}`. */
export function linesKind(): Kind {
  return {
    ...quiet("application/x-ndjson"),
    group: (session) => session.lines,
    encode: toLines,
    end: ({ code, message }: Ending) => `${JSON.stringify({ end: { code, message } })}\n`,
  }
}

/** Text for a terminal. */
export function textKind(): Kind {
  return {
    ...quiet("text/plain; charset=utf-8"),
    group: (session) => session.texts,
    encode: toText,
    end: ({ message }: Ending) => `(${message})\n`,
  }
}

function quiet(type: string): Pick<Kind, "headers" | "hearsSides" | "begin"> {
  return {
    headers: new Headers({
      "content-type": type,
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      // Nobody is to take what people write for a page.
      "x-content-type-options": "nosniff",
    }),
    hearsSides: false,
    // At once, so that the answer's head goes out before there is something to say.
    begin: async () => ({ text: emptyLine }),
  }
}

function entriesOf(updates: Update[]): TailEntry[] {
  // The log made them.
  return updates.flatMap(({ entries = [] }) => entries as TailEntry[])
}

function textOf(entry: TailEntry): string {
  if ("gap" in entry)
    return `(${entry.gap.seq - entry.gap.after} changes were missed; these are the newest)\n`

  const { createdAt, username, content, editedAt, deletedAt, position, seq, extras } = entry
  const isNew = position === seq
  if (!isNew && !editedAt && !deletedAt) return ""

  const files = (extras?.attachments ?? []).map(({ name }) => `[${name}]`)
  const said = [...(content ? [content] : []), ...files].join(" ")
  const mark = deletedAt ? " (deleted)" : isNew || !editedAt ? "" : " (edited)"
  const line = `${username}${mark}${deletedAt ? "" : `: ${said}`}`
  return `${createdAt.toISOString().replace(/\.\d+/, "")} ${harmless(line)}\n`
}

/** What a terminal would obey, and what turns the direction of text, is shown instead. Source: Unicode, 2400–2421. */
function harmless(text: string): string {
  return text
    .replace(/\n/g, " ↵ ")
    .replace(/\p{Cc}/gu, pictureOf)
    .replace(/[\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, "\ufffd")
}

function pictureOf(control: string): string {
  const code = control.charCodeAt(0)
  if (code === 0x7f) return "\u2421"

  return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\ufffd"
}
