import type { Database as Sqlite } from "bun:sqlite"
import { ChannelWriter, type Named } from "./channel.ts"
import { Chance } from "./random.ts"
import { nameOf, nouns } from "./texts.ts"

export interface WorkspaceSize {
  messages: number
  members: number
  channels: number
  /** Texts alone, without what else messages have. */
  plain?: boolean
}

/** Messages written in one transaction. */
const batch = 20_000
/** The workspace's history begins so long ago. */
const historyDays = 730
const dayMs = 24 * 60 * 60 * 1000

/**
 * Fills a database with a big workspace "Acme": people, channels and messages as such places have them, busy channels
 * and quiet ones, with replies, reactions, threads, mentions, pins and edits; the same each time. The first of
 * `readers` owns it, and they have read most of it; nobody else has read anything. Returns its id.
 */
export function fillWorkspace(sqlite: Sqlite, readers: Named[], size: WorkspaceSize): string {
  const chance = new Chance(20)
  const serverId = chance.id()
  const until = Math.floor(Date.now() / dayMs) * dayMs
  const since = until - historyDays * dayMs
  sqlite
    .prepare("insert into servers (id, name, owner_id, kind, created_at) values (?, 'Acme', ?, 'server', ?)")
    .run(serverId, readers[0]?.id ?? "", since)

  const people = [...readers, ...insertPeople(sqlite, size.members - readers.length, since, chance)]
  const join = sqlite.prepare("insert into server_members (server_id, user_id, joined_at) values (?, ?, ?)")
  sqlite.transaction(() => people.forEach(({ id }, i) => void join.run(serverId, id, since + i)))()

  for (const { id: channelId, share } of insertChannels(sqlite, serverId, size, since)) {
    const place = { serverId, channelId, people, since, until }
    const writer = new ChannelWriter(sqlite, place, chance, Math.round(size.messages * share), size.plain)
    while (!writer.isDone) sqlite.transaction(() => writer.write(batch))()
    sqlite.transaction(() => writer.finish(readers))()
  }
  return serverId
}

function insertPeople(sqlite: Sqlite, count: number, since: number, chance: Chance): Named[] {
  const insert = sqlite.prepare(
    "insert into users (id, name, email, email_verified, username, created_at, updated_at) values (?, ?, ?, 0, ?, ?, ?)",
  )
  const people = Array.from({ length: Math.max(0, count) }, (_, i) => ({
    id: chance.id(),
    username: nameOf(i),
  }))
  sqlite.transaction(() => {
    for (const { id, username } of people) {
      insert.run(id, username, `${username}@users.invalid`, username, since, since)
    }
  })()
  return people
}

/** The first channel has a quarter of all messages, or all when it is alone; the rest ever fewer. */
function insertChannels(sqlite: Sqlite, serverId: string, { channels }: WorkspaceSize, since: number) {
  const insert = sqlite.prepare("insert into channels (id, server_id, name, created_at) values (?, ?, ?, ?)")
  const chance = new Chance(7)
  const weights = Array.from({ length: channels }, (_, i) => 1 / (i + 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight, i) => {
    const id = chance.id()
    const round = Math.floor(i / nouns.length)
    const noun = nouns[i % nouns.length] ?? "channel"
    insert.run(id, serverId, round === 0 ? noun : `${noun}-${round + 1}`, since + i)
    return { id, share: weight / total }
  })
}
