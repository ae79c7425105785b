import type { Database as Sqlite } from "bun:sqlite"
import { ChannelWriter, type WorkspaceUser } from "./channel-writer.ts"
import { SeededRandom } from "./seeded-random.ts"
import { nouns, usernameAt } from "./texts.ts"

/** How large a workspace is. */
export interface WorkspaceSize {
  messages: number
  members: number
  channels: number
  /** Only texts: no replies, reactions, threads, mentions, pins and edits. */
  plain?: boolean
}

/** Messages per transaction. */
const batchSize = 20_000
/** Length of the history. */
const historyDays = 730
const dayMs = 24 * 60 * 60 * 1000

/**
 * Fills a database with a server "Acme": users, busy and quiet channels, and messages with replies, reactions,
 * threads, mentions, pins and edits. The content is the same in every run. The first of `readers` owns the server, and
 * they have read most of it; the other members have read nothing. Returns the server's id.
 */
export function fillWorkspace(sqlite: Sqlite, readers: WorkspaceUser[], size: WorkspaceSize): string {
  const random = new SeededRandom(20)
  const serverId = random.id()
  const until = Math.floor(Date.now() / dayMs) * dayMs
  const since = until - historyDays * dayMs
  sqlite
    .prepare("insert into servers (id, name, owner_id, kind, created_at) values (?, 'Acme', ?, 'server', ?)")
    .run(serverId, readers[0]?.id ?? "", since)

  const members = [
    ...readers,
    ...insertUsers(sqlite, random, { count: size.members - readers.length, since }),
  ]
  const join = sqlite.prepare("insert into server_members (server_id, user_id, joined_at) values (?, ?, ?)")
  sqlite.transaction(() => members.forEach(({ id }, i) => void join.run(serverId, id, since + i)))()

  for (const { id: channelId, share } of insertChannels(sqlite, size, { serverId, since })) {
    const messages = Math.round(size.messages * share)
    const span = { serverId, channelId, members, since, until }
    const writer = new ChannelWriter(sqlite, span, { random, messages, plain: size.plain })
    while (!writer.isDone) sqlite.transaction(() => writer.write(batchSize))()
    sqlite.transaction(() => writer.finish(readers))()
  }
  return serverId
}

function insertUsers(
  sqlite: Sqlite,
  random: SeededRandom,
  { count, since }: { count: number; since: number },
): WorkspaceUser[] {
  const insert = sqlite.prepare(
    "insert into users (id, name, email, email_verified, username, created_at, updated_at) values (?, ?, ?, 0, ?, ?, ?)",
  )
  const users = Array.from({ length: Math.max(0, count) }, (_, i) => ({
    id: random.id(),
    username: usernameAt(i),
  }))
  sqlite.transaction(() => {
    for (const { id, username } of users) {
      insert.run(id, username, `${username}@users.invalid`, username, since, since)
    }
  })()
  return users
}

/** Inserts the channels. `share` of the messages falls with 1/n: about a quarter in the first of a dozen channels. */
function insertChannels(
  sqlite: Sqlite,
  { channels }: WorkspaceSize,
  { serverId, since }: { serverId: string; since: number },
) {
  const insert = sqlite.prepare("insert into channels (id, server_id, name, created_at) values (?, ?, ?, ?)")
  const random = new SeededRandom(7)
  const weights = Array.from({ length: channels }, (_, i) => 1 / (i + 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight, i) => {
    const id = random.id()
    const round = Math.floor(i / nouns.length)
    const noun = nouns[i % nouns.length] ?? "channel"
    insert.run(id, serverId, round === 0 ? noun : `${noun}-${round + 1}`, since + i)
    return { id, share: weight / total }
  })
}
