import type { HttpStreamKind } from "../../../web/live/http-stream.ts"
import type { Update } from "../../../web/live/update.ts"
import { textsOf } from "../../message-fields.ts"
import type { Message } from "../../messages/contract.ts"

/** One line of a tail: a message in its current state, or a gap when the client missed more than `maxReplay` changes. */
export type TailEntry = Message | { gap: { after: number; seq: number } }

const emptyLine = "\n"

/** Newline-delimited JSON: a `Message` per line, in the order of the log. Source: github.com/ndjson/ndjson-spec. */
function toLines(updates: Update[]): string {
  return entriesOf(updates)
    .map((entry) => `${JSON.stringify(entry)}\n`)
    .join("")
}

/** Text for people: time, author and content. Skips changes other than new text and deletion. */
export function toText(updates: Update[]): string {
  return entriesOf(updates).map(textOf).join("")
}

/** Newline-delimited JSON; its last line is the reason of the end: `{"end": {"code": …, "message": …}}`. */
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
      // A browser must not interpret messages as a page.
      "x-content-type-options": "nosniff",
    }),
    hasSideTopics: false,
    // An empty line, so that the headers are sent before the first message.
    begin: async () => ({ text: emptyLine }),
  }
}

function entriesOf(updates: Update[]): TailEntry[] {
  // `messageLog` and `toUpdate` set these entries.
  return updates.flatMap(({ entries = [] }) => entries as TailEntry[])
}

function textOf(entry: TailEntry): string {
  if ("gap" in entry)
    return `(${entry.gap.seq - entry.gap.after} changes were skipped; the newest messages follow)\n`

  const { createdAt, username, content, editedAt, deletedAt, position, seq, extras } = entry
  const isNew = position === seq
  if (!isNew && !editedAt && !deletedAt) return ""

  const text = [...(content ? [content] : []), ...textsOf(extras).map((summary) => `[${summary}]`)].join(" ")
  const mark = deletedAt ? " (deleted)" : isNew || !editedAt ? "" : " (edited)"
  const line = `${username}${mark}${deletedAt ? "" : `: ${text}`}`
  return `${createdAt.toISOString().replace(/\.\d+/, "")} ${escapeControls(line)}\n`
}

/** Replaces control characters and directional marks, which terminals act on. Source: Unicode, control pictures 2400–2421. */
function escapeControls(text: string): string {
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
