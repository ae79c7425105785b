import { sql } from "drizzle-orm"
import type { Db } from "../../db/database.ts"
import type { Operations } from "./contract.ts"

// What administrators see of the whole: sums and numbers, and nothing that people wrote.

/** People in the list of who stores the most. */
const maxListed = 50

const numbers = ({ name, files, bytes }: { name: string; files: unknown; bytes: unknown }) => ({
  name,
  files: Number(files),
  bytes: Number(bytes),
})

type Sum = { name: string; files: number; bytes: number }

/** Files by kind, of everyone or of one person. */
export async function sumKinds(db: Db, userId?: string) {
  const kinds = await db.all<Sum>(sql`
    select case when type like 'image/%' then 'Images' when type like 'video/%' then 'Videos'
      when type like 'audio/%' then 'Sounds' else 'Other files' end as name,
      count(*) as files, sum(bytes) as bytes
    from files where ${userId === undefined ? sql`1 = 1` : sql`user_id = ${userId}`} group by 1 order by 3 desc, 1`)
  return kinds.map(numbers)
}

/** Files by kind, and by those people who store the most. */
export async function findStorage(db: Db) {
  const people = await db.all<Sum>(sql`
    select u.username as name, count(*) as files, sum(f.bytes) as bytes
    from files f join users u on u.id = f.user_id group by u.id, u.username order by 3 desc, 1 limit ${maxListed}`)
  return { kinds: await sumKinds(db), people: people.map(numbers) }
}

type Counts = Omit<Operations, "version" | "database" | "startedAt" | "failures">

/** How much there is, and how far the background work has come. */
export async function findOperations(db: Db): Promise<Counts> {
  const [row] = await db.all<Record<keyof Counts, unknown>>(sql`select
    (select count(*) from users where bot_owner_id is null and username not like 'deleted-%') as "people",
    (select count(*) from servers where kind = 'server') as "servers",
    (select count(*) from channels c where c.seq > 0 and not exists (
      select 1 from search_logs l where l.channel_id = c.id and l.seq >= c.seq)) as "unindexedChannels",
    (select count(*) from outgoing_webhooks where failures > 0 and disabled_at is null) as "failingWebhooks",
    (select count(*) from outgoing_webhooks where disabled_at is not null) as "disabledWebhooks",
    (select count(*) from data_exports where state in ('waiting', 'running')) as "waitingExports",
    (select count(*) from data_exports where state = 'failed') as "failedExports",
    (select count(*) from account_deletions) as "accountDeletions"`)
  return {
    people: Number(row?.people),
    servers: Number(row?.servers),
    unindexedChannels: Number(row?.unindexedChannels),
    failingWebhooks: Number(row?.failingWebhooks),
    disabledWebhooks: Number(row?.disabledWebhooks),
    waitingExports: Number(row?.waitingExports),
    failedExports: Number(row?.failedExports),
    accountDeletions: Number(row?.accountDeletions),
  }
}
