import type { HttpStreamKind } from "../../../web/live/http-stream.ts"
import type { Update } from "../../../web/live/update.ts"
import { textsOf } from "../../message-fields.ts"
import type { Message } from "../../messages/contract.ts"

/** One line of a tail: a message as it is now, or a gap where more was missed than a replay holds. */
export type TailEntry = Message | { gap: { after: number; seq: number } }

const emptyLine = "\n"

/** As newline-delimited JSON: each message of the contract, in the order of the log. Source: github.com/ndjson/ndjson-spec. */
function toLines(updates: Update[]): string {
  return entriesOf(updates)
    .map((entry) => `${JSON.stringify(entry)}\n`)
    .join("")
}

/** As text for people: author, time and content. Changes of a message besides its text are left out. */
export function toText(updates: Update[]): string {
  return entriesOf(updates).map(textOf).join("")
}

/** Newline-delimited JSON, which also says why it ends: `{"end": {"code": …, "message": …}}`. */
export function linesKind(): HttpStreamKind {
  return {
    ...plainStream("application/x-ndjson"),
    format: { name: "lines", heartbeat: emptyLine, encode: toLines },
    end: ({ code, message }) => `${JSON.stringify({ end: { code, message } })}\n`,
  }
}

/** Text for a terminal. */
export function textKind(): HttpStreamKind {
  return {
    ...plainStream("text/plain; charset=utf-8"),
    format: { name: "text", heartbeat: emptyLine, encode: toText },
    end: ({ message }) => `(${message})\n`,
  }
}

function plainStream(type: string): Pick<HttpStreamKind, "headers" | "hasSideTopics" | "begin"> {
  return {
    headers: new Headers({
      "content-type": type,
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      // A browser must not take what people write for a page.
      "x-content-type-options": "nosniff",
    }),
    hasSideTopics: false,
    // At once, so that the response's headers are sent before there is a message.
    begin: async () => ({ text: emptyLine }),
  }
}

function entriesOf(updates: Update[]): TailEntry[] {
  // `messageLog` made them.
  return updates.flatMap(({ entries = [] }) => entries as TailEntry[])
}

function textOf(entry: TailEntry): string {
  if ("gap" in entry)
    return `(${entry.gap.seq - entry.gap.after} changes were missed; these are the newest)\n`

  const { createdAt, username, content, editedAt, deletedAt, position, seq, extras } = entry
  const isNew = position === seq
  if (!isNew && !editedAt && !deletedAt) return ""

  const said = [...(content ? [content] : []), ...textsOf(extras).map((text) => `[${text}]`)].join(" ")
  const mark = deletedAt ? " (deleted)" : isNew || !editedAt ? "" : " (edited)"
  const line = `${username}${mark}${deletedAt ? "" : `: ${said}`}`
  return `${createdAt.toISOString().replace(/\.\d+/, "")} ${harmless(line)}\n`
}

/** Replaces control characters and marks of direction, which a terminal obeys, by pictures. Source: Unicode, 2400–2421. */
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
