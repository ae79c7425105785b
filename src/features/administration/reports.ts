import { and, desc, eq, sql } from "drizzle-orm"
import { instanceLog } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { administrationPageSize, type InstanceEntry, type Operations } from "./contract.ts"

// What administrators see of the whole: sums and numbers, and nothing that people wrote.

/** People in the list of who stores the most. */
const maxListed = 50

const numbers = ({ name, files, bytes }: { name: string; files: unknown; bytes: unknown }) => ({
  name,
  files: Number(files),
  bytes: Number(bytes),
})

/** Files by kind, and by those people who store the most. */
export async function findStorage(db: Db) {
  const kinds = await db.all<{ name: string; files: number; bytes: number }>(sql`
    select case when type like 'image/%' then 'Images' when type like 'video/%' then 'Videos'
      when type like 'audio/%' then 'Sounds' else 'Other files' end as name,
      count(*) as files, sum(bytes) as bytes
    from files group by 1 order by 3 desc, 1`)
  const people = await db.all<{ name: string; files: number; bytes: number }>(sql`
    select u.username as name, count(*) as files, sum(f.bytes) as bytes
    from files f join users u on u.id = f.user_id group by u.id, u.username order by 3 desc, 1 limit ${maxListed}`)
  return { kinds: kinds.map(numbers), people: people.map(numbers) }
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
    (select count(*) from outgoing_webhooks where disabled_at is not null) as "disabledWebhooks"`)
  return {
    people: Number(row?.people),
    servers: Number(row?.servers),
    unindexedChannels: Number(row?.unindexedChannels),
    failingWebhooks: Number(row?.failingWebhooks),
    disabledWebhooks: Number(row?.disabledWebhooks),
  }
}

/** A page of the log of the instance, newest first. */
export async function listInstanceActs(db: Db, before: string | undefined) {
  const [time, id] = before?.split(".") ?? []
  const rows = await db
    .select()
    .from(instanceLog)
    .where(
      before === undefined
        ? undefined
        : and(sql`(${instanceLog.createdAt}, ${instanceLog.id}) < (${Number(time)}, ${id ?? ""})`),
    )
    .orderBy(desc(instanceLog.createdAt), desc(instanceLog.id))
    .limit(administrationPageSize + 1)
    .all()
  const entries = rows.slice(0, administrationPageSize) as InstanceEntry[]
  const last = entries.at(-1)
  const isMore = last && rows.length > entries.length
  return { entries, next: isMore ? `${last.createdAt.getTime()}.${last.id}` : null }
}

/** The entries about one person or server, newest first. */
export async function listActsOn(db: Db, targetId: string): Promise<InstanceEntry[]> {
  const rows = await db
    .select()
    .from(instanceLog)
    .where(eq(instanceLog.targetId, targetId))
    .orderBy(desc(instanceLog.createdAt), desc(instanceLog.id))
    .limit(20)
    .all()
  return rows as InstanceEntry[]
}
