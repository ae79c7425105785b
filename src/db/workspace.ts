import type { Database as Sqlite } from "bun:sqlite"

export interface WorkspaceSize {
  messages: number
  members: number
  channels: number
}

/** Messages written in one transaction. */
const batch = 20_000
/** The workspace's history begins so long ago. */
const historyDays = 730
const dayMs = 24 * 60 * 60 * 1000

const openings =
  "I think|Has anyone seen why|Just merged|Can someone look at|Heads up:|We should talk about|Finally fixed|Not sure about|Thanks for|Reminder:|Does it matter that|Good news about|I would rather not touch|After lunch I will look at|Who owns|Here is what I know of|Please review|It seems that|As far as I can tell,|Nobody expected".split(
    "|",
  )
const subjects =
  "the release|the login page|the invoice export|the search index|our backup|the new onboarding|the staging server|the mobile layout|the rate limit|the quarterly numbers|the translation|the printer on the second floor|the migration|the coffee machine|the customer from Lyon|the flaky test|the dark theme|the meeting notes|the roadmap|the hiring plan".split(
    "|",
  )
const endings =
  "before Friday|again|, see https://example.org/notes|and it is faster now|which surprised me|, any ideas?|so let us wait a day|and I would like a second opinion|in **production**|on my machine|for everybody|, done|`as of today`|with fewer queries|and nobody complained|before the demo|, it was the cache|👍|🎉|instead".split(
    "|",
  )
const nouns =
  "general,random,support,design,backend,frontend,ops,sales,hiring,music,books,cooking,games,travel,security,data,mobile,docs,release,lunch".split(
    ",",
  )

/**
 * Fills a database with a big workspace "Acme" that `ownerId` owns: people, channels and messages as such places have
 * them, busy channels and quiet ones, the same each time. Returns its id. Whoever reads has everything unread.
 */
export function fillWorkspace(sqlite: Sqlite, ownerId: string, size: WorkspaceSize): string {
  const random = generator(20)
  const pick = <T>(list: T[]): T => list[Math.floor(random() * list.length)] as T
  const serverId = idFrom(random)
  const since = Date.now() - historyDays * dayMs

  sqlite
    .prepare("insert into servers (id, name, owner_id, kind, created_at) values (?, 'Acme', ?, 'server', ?)")
    .run(serverId, ownerId, since)
  const people = [ownerId, ...insertPeople(sqlite, size.members - 1, since, random)]
  const join = sqlite.prepare("insert into server_members (server_id, user_id, joined_at) values (?, ?, ?)")
  sqlite.transaction(() => people.forEach((id, i) => void join.run(serverId, id, since + i)))()

  const insert = sqlite.prepare(
    "insert into messages (id, channel_id, user_id, content, position, seq, ordinal, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)",
  )
  for (const [index, { id: channelId, share }] of insertChannels(sqlite, serverId, size, since).entries()) {
    const count = Math.round(size.messages * share)
    const step = (historyDays * dayMs) / (count + 1)
    for (let from = 1; from <= count; from += batch) {
      sqlite.transaction(() => {
        for (let n = from; n < Math.min(from + batch, count + 1); n++) {
          // A few write most of it.
          const author = people[Math.floor(random() ** 3 * people.length)] ?? ownerId
          const text = `${pick(openings)} ${pick(subjects)} ${pick(endings)}`
          insert.run(idFrom(random), channelId, author, text, n, n, n, Math.round(since + n * step + index))
        }
      })()
    }
    sqlite.prepare("update channels set seq = ?, message_count = ? where id = ?").run(count, count, channelId)
  }
  return serverId
}

function insertPeople(sqlite: Sqlite, count: number, since: number, random: () => number): string[] {
  const insert = sqlite.prepare(
    "insert into users (id, name, email, email_verified, username, created_at, updated_at) values (?, ?, ?, 0, ?, ?, ?)",
  )
  const people = Array.from({ length: count }, (_, i) => ({ id: idFrom(random), name: `person-${i + 1}` }))
  sqlite.transaction(() => {
    for (const { id, name } of people) insert.run(id, name, `${name}@users.invalid`, name, since, since)
  })()
  return people.map(({ id }) => id)
}

/** The first channel has a quarter of all messages, or all when it is alone; the rest ever fewer. */
function insertChannels(sqlite: Sqlite, serverId: string, { channels }: WorkspaceSize, since: number) {
  const insert = sqlite.prepare("insert into channels (id, server_id, name, created_at) values (?, ?, ?, ?)")
  const random = generator(7)
  const weights = Array.from({ length: channels }, (_, i) => 1 / (i + 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight, i) => {
    const id = idFrom(random)
    const name =
      i < nouns.length ? nouns[i] : `${nouns[i % nouns.length]}-${Math.floor(i / nouns.length) + 1}`
    insert.run(id, serverId, name ?? "channel", since + i)
    return { id, share: weight / total }
  })
}

/** mulberry32: small, fast and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

function idFrom(random: () => number): string {
  const hex = () =>
    Math.floor(random() * 0x100000000)
      .toString(16)
      .padStart(8, "0")
  const digits = hex() + hex() + hex() + hex()
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20)}`
}
