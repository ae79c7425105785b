import { expect, test } from "bun:test"
import { foldKeyword, keywordsIn } from "../../../src/features/keywords/words.ts"
import {
  forever,
  isToldOf,
  type LevelChoice,
  type Levels,
  levelsIn,
  type NoticeReason,
  type NotifiedPlace,
} from "../../../src/features/notification-levels/levels.ts"
import { isQuiet } from "../../../src/features/notification-levels/quiet-hours.ts"
import { Clocks } from "../../../src/web/clocks.ts"

const now = new Date("2026-11-29T12:00:00Z")
const [past, future] = [new Date(now.getTime() - 1), new Date(now.getTime() + 1)]
const channel: NotifiedPlace = {
  channelId: "channel",
  rootId: null,
  categoryId: "category",
  serverId: "server",
  isConversation: false,
}
const thread: NotifiedPlace = { ...channel, channelId: "thread", rootId: "channel" }
const conversation: NotifiedPlace = { ...channel, categoryId: null, isConversation: true }

const choices: [
  name: string,
  place: NotifiedPlace,
  chosen: Record<string, Partial<LevelChoice>>,
  expected: Partial<Levels>,
][] = [
  ["nothing chosen, in a server", channel, {}, { level: "mentions", isMuted: false }],
  ["nothing chosen, in a conversation", conversation, {}, { level: "everything", isMuted: false }],
  [
    "the account's level is one of servers",
    conversation,
    { account: { level: "nothing" } },
    { level: "everything" },
  ],
  ["a conversation's own level", conversation, { channel: { level: "mentions" } }, { level: "mentions" }],
  ["a channel is as the account", channel, { account: { level: "nothing" } }, { level: "nothing" }],
  [
    "the nearest counts",
    channel,
    { account: { level: "nothing" }, server: { level: "everything" }, category: { level: "mentions" } },
    { level: "mentions" },
  ],
  ["a thread is as its channel", thread, { channel: { level: "everything" } }, { level: "everything" }],
  [
    "a thread's own level",
    thread,
    { channel: { level: "everything" }, thread: { level: "nothing" } },
    { level: "nothing" },
  ],
  [
    "a choice of something else leaves the level",
    channel,
    { server: { level: "everything" }, channel: { level: null } },
    { level: "everything" },
  ],
  [
    "any mute around it mutes",
    thread,
    { category: { mutedUntil: future }, channel: { mutedUntil: past } },
    { isMuted: true },
  ],
  ["a mute that has ended", channel, { server: { mutedUntil: past } }, { isMuted: false }],
  ["a mute that ends now", channel, { server: { mutedUntil: now } }, { isMuted: false }],
  ["a mute without an end", channel, { channel: { mutedUntil: forever } }, { isMuted: true }],
  ["the whole account is muted", conversation, { account: { mutedUntil: future } }, { isMuted: true }],
  [
    "the server of a conversation is no place",
    conversation,
    { server: { mutedUntil: future } },
    { isMuted: false },
  ],
  [
    "suppressed in the server",
    thread,
    { server: { isEveryoneSuppressed: true } },
    { isEveryoneSuppressed: true, areRolesSuppressed: false },
  ],
  [
    "and not in one channel",
    channel,
    { server: { areRolesSuppressed: true }, channel: { areRolesSuppressed: false } },
    { areRolesSuppressed: false },
  ],
]

test.each(choices)("levels: %s", (_name, place, chosen, expected) => {
  const none: LevelChoice = {
    level: null,
    mutedUntil: null,
    isEveryoneSuppressed: null,
    areRolesSuppressed: null,
  }
  const levels = levelsIn(place, (id) => (chosen[id] ? { ...none, ...chosen[id] } : undefined), now)

  expect(levels).toMatchObject(expected)
})

const plain: Levels = {
  level: "mentions",
  isMuted: false,
  isEveryoneSuppressed: false,
  areRolesSuppressed: false,
}
const told: [levels: Partial<Levels>, told: NoticeReason[]][] = [
  [{}, ["mention", "reply", "keyword", "thread", "role", "everyone"]],
  [{ level: "everything" }, ["mention", "reply", "keyword", "thread", "role", "everyone", "message"]],
  [{ level: "nothing" }, []],
  [{ isMuted: true }, ["mention", "reply", "keyword", "role", "everyone"]],
  [{ isMuted: true, level: "everything" }, ["mention", "reply", "keyword", "role", "everyone"]],
  [{ isEveryoneSuppressed: true }, ["mention", "reply", "keyword", "thread", "role"]],
  [{ areRolesSuppressed: true }, ["mention", "reply", "keyword", "thread", "everyone"]],
]

test.each(told)("%j notifies of", (levels, expected) => {
  const all: NoticeReason[] = ["mention", "reply", "keyword", "thread", "role", "everyone", "message"]

  expect(all.filter((reason) => isToldOf(reason, { ...plain, ...levels }))).toEqual(expected)
})

const [ten, seven] = [22 * 60, 7 * 60]
const quiet: [
  from: number | null,
  until: number | null,
  zone: string | undefined,
  at: string,
  isQuiet: boolean,
][] = [
  [null, null, "Europe/Berlin", "2026-11-29T02:00:00Z", false],
  [ten, seven, "Europe/Berlin", "2026-11-29T20:59:00Z", false],
  [ten, seven, "Europe/Berlin", "2026-11-29T21:00:00Z", true],
  [ten, seven, "Europe/Berlin", "2026-11-29T05:59:59Z", true],
  [ten, seven, "Europe/Berlin", "2026-11-29T06:00:00Z", false],
  // The clock was put back that night: the hour between two and three came twice, and the end stays seven.
  [ten, seven, "Europe/Berlin", "2026-10-25T05:59:00Z", true],
  [ten, seven, "Europe/Berlin", "2026-10-25T06:00:00Z", false],
  [ten, seven, undefined, "2026-11-29T22:00:00Z", true],
  [seven, ten, "Asia/Tokyo", "2026-11-29T00:00:00Z", true],
  [seven, seven, "Asia/Tokyo", "2026-11-29T00:00:00Z", false],
]

test.each(quiet)("quiet hours from %p to %p in %p at %s: %p", (quietFrom, quietUntil, zone, at, expected) => {
  expect(isQuiet({ quietFrom, quietUntil }, new Date(at), new Clocks().in(zone))).toBe(expected)
})

const words: [keyword: string, text: string, isIn: boolean][] = [
  ["deploy", "We DEPLOY today", true],
  ["deploy", "redeployed", false],
  ["Café au lait", "one cafe-au-lait, please", true],
  ["v1.2", "is **v1.2** out?", true],
  ["v1.2", "v1.3 of 2", false],
  ["検索", "全文検索です", true],
  ["İstanbul", "istanbul!", true],
]

test.each(words)("the keyword %s is in %j: %p", (keyword, text, expected) => {
  expect(keywordsIn(text).has(foldKeyword(keyword))).toBe(expected)
})
