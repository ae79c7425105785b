import { describe, expect, test } from "bun:test"
import type { Message } from "../../../src/features/messages/contract.ts"
import { defaultSettings } from "../../../src/features/settings/contract.ts"
import { Clock, utc } from "../../../src/web/clock.ts"
import { localize } from "../../../views/localize.ts"
import { messageHtml } from "../../../views/messages.tsx"
import { find } from "../../support/html.ts"

const plain: Message = {
  id: "2f0c8a4e-7a0b-4b7e-9a51-5ad2f0f5a001",
  serverId: "lab",
  channelId: "general",
  userId: "alice-1",
  username: `élise "<o'hare> & co`,
  content: "at 04:05 &lt; <b> *said* hue-3\n`code` \ue000",
  createdAt: new Date("2026-07-28T09:05:07.123Z"),
  editedAt: null,
  deletedAt: null,
  position: 7,
  ordinal: 3,
  seq: 9,
  extras: null,
}
const at = plain.createdAt
const picture = { id: "f1", name: "cat.png", type: "image/png", bytes: 2048, width: 900, height: 600 }

const messages: Record<string, Message> = {
  plain,
  times: { ...plain, content: "from <t:1785276307:F> to <t:1785276307:R>" },
  "emoji alone": { ...plain, content: "🎉", username: "😀 smile" },
  long: { ...plain, content: "long\n".repeat(30) },
  edited: { ...plain, editedAt: at },
  deleted: { ...plain, editedAt: at, deletedAt: at, content: "", extras: { pinned: true } },
  pinned: { ...plain, extras: { pinned: true, mentions: [{ userId: "bob", username: "bob" }] } },
  bot: { ...plain, extras: { bot: {} } },
  webhook: { ...plain, extras: { bot: { name: "CI <b>", avatarUrl: "/avatars/a1" } } },
  reply: {
    ...plain,
    extras: { replyTo: { id: "m1", userId: "bob", username: "bob", excerpt: "hi <there>" } },
  },
  "reply to a deleted one": { ...plain, extras: { replyTo: { id: "m1", username: "bob", deleted: true } } },
  "reply to one quoted often": { ...plain, extras: { replyTo: { id: "m1" } } },
  reactions: {
    ...plain,
    extras: {
      reactions: [
        { emoji: "👍", count: 5, by: [{ userId: "bob", username: "bob" }] },
        { emoji: "🎉", count: 1, by: [{ userId: "alice-1", username: "alice" }] },
      ],
    },
  },
  attachments: {
    ...plain,
    content: "",
    extras: {
      attachments: [
        { ...picture, alt: `a "cat"` },
        { ...picture, id: "f2", type: "image/gif", name: "<dance>.gif" },
        { id: "f3", name: "notes & all.pdf", type: "application/pdf", bytes: 123_456 },
      ],
    },
  },
  previews: {
    ...plain,
    extras: {
      previews: [
        {
          id: "p1",
          url: "https://a.example/?a=1&b",
          title: "A <page>",
          description: "d",
          image: { width: 800, height: 400 },
        },
        { id: "p2", url: "https://b.example/", title: "B", siteName: "Site" },
      ],
    },
  },
  thread: {
    ...plain,
    serverId: "l/ab",
    extras: { thread: { channelId: "t1", count: 2, lastAt: new Date("2026-07-28T20:00:00Z") } },
  },
  mentions: {
    ...plain,
    content: "hi @bob in #general",
    extras: {
      mentions: [{ userId: "b1", username: "bob" }],
      channels: [{ id: "c1", name: "general" }],
    },
  },
  "names and a picture": {
    ...plain,
    username: "elise",
    nickname: 'Boss & "co"',
    avatarUrl: "/users/alice-1/avatar/a_1",
    content: "hi @bob",
    extras: {
      mentions: [{ userId: "b1", username: "bob" }],
      replyTo: { id: "m1", userId: "b1", username: "bob" },
    },
    names: { b1: "Robert <b>" },
  },
  "a display name": { ...plain, username: "elise", displayName: "Élise <i>" },
  "a name of signs": { ...plain, username: "<>" },
  "empty thread": { ...plain, extras: { thread: { channelId: "t1", count: 0, lastAt: at } } },
}

describe("a message's markup", () => {
  const settings = { ...defaultSettings, reducedMotion: "on" as const }
  const viewers = [{ clock: utc }, { clock: new Clock("Asia/Kolkata", true), settings }]

  test.each(Object.entries(messages))("%s", (_, message) => {
    expect(messageHtml(message)).toMatchSnapshot()
    for (const viewer of viewers)
      expect(messageHtml(message, viewer)).toBe(localize(messageHtml(message), viewer))
  })
})

test("a plain message is short: its bytes go to everyone in its room", () => {
  const id = crypto.randomUUID()
  const html = messageHtml({
    ...plain,
    ...{ id, serverId: id, channelId: id, userId: id, username: "alice", position: 123_456, seq: 123_456 },
    content: "thirty letters, as in the bench",
  })

  expect(html.split(id)).toHaveLength(4)
  expect(Buffer.byteLength(html)).toBeLessThanOrEqual(450)
})

test("a direction is said only where letters are written from right to left", () => {
  const contentOf = (content: string) =>
    messageHtml({ ...plain, content }).match(/<div class="content[^>]*>/)?.[0]

  for (const content of ["plain", "日本語", "😀 € 12"]) expect(contentOf(content)).not.toContain("dir=")
  for (const content of ["שלום", "see مرحبا", "𞤀𞤣", "1 \u200f 2"])
    expect(contentOf(content)).toContain(`dir="auto"`)
})

test("what people and programs wrote stays in its place: every text is escaped", () => {
  const payload = `"><x-evil onclick='a'>&'`
  const [all, shown] = [new Set<string>(), new Set<string>()]
  for (const message of Object.values(messages)) {
    const original = messageHtml(message)
    for (const path of textPaths(message)) {
      const html = messageHtml(withText(message, path, payload))
      expect([path, find(html, "x-evil, [onclick]")]).toEqual([path, []])
      all.add(path)
      if (html !== original) shown.add(path)
    }
  }

  // Or the loop above proves nothing.
  expect([...all.difference(shown)]).toEqual([
    "channelId",
    "extras.attachments.0.name",
    "extras.attachments.0.type",
    "extras.previews.1.id",
  ])
})

test("names of channels, ids of people and time zones are escaped", () => {
  const payload = `"><x-evil>`
  const extras = {
    mentions: [{ userId: payload, username: "bob" }],
    channels: [{ id: payload, name: payload }],
  }
  const clock = Object.defineProperty(new Clock("Etc/GMT", false, true), "zone", { value: payload })
  const html = messageHtml({ ...plain, content: `@bob #${payload} <t:0>`, extras }, { clock })

  expect(find(html, ".mention")).toHaveLength(2)
  expect(find(html, "time").map(({ text }) => text.endsWith(payload))).toEqual([true, true])
  expect(find(html, "x-evil")).toEqual([])
})

/** The paths of all texts in a value. */
function textPaths(value: unknown, path: string[] = []): string[] {
  if (typeof value === "string") return [path.join(".")]
  if (value === null || typeof value !== "object" || value instanceof Date) return []
  return Object.entries(value).flatMap(([key, inside]) => textPaths(inside, [...path, key]))
}

function withText(message: Message, path: string, text: string): Message {
  const copy = structuredClone(message)
  const keys = path.split(".")
  const last = keys.pop() ?? ""
  const holder = keys.reduce((inside, key) => inside[key] as Holder, copy as Holder)
  holder[last] = text
  return copy
}

interface Holder {
  [key: string]: unknown
}
