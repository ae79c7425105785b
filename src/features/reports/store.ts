import { and, asc, desc, eq, inArray, isNull, or, type SQL, type SQLWrapper, sql } from "drizzle-orm"
import { alias } from "drizzle-orm/sqlite-core"
import { channels, reports, servers, users } from "../../../drizzle/schema.ts"
import type { Db, Tx } from "../../db/database.ts"
import { prepare } from "../../db/prepare.ts"
import { moderatedBy, readableBy } from "../permissions/scope.ts"
import {
  FrozenMessage,
  maxReportsListed,
  type OwnReport,
  type Report,
  type ReportStatus,
} from "./contract.ts"

const moderators = alias(users, "moderators")
const authors = alias(users, "authors")
const viewerId = sql.placeholder("viewerId")

/** The name that moderators of the server see. */
function shown(person: typeof users | typeof authors | typeof moderators): SQL<string> {
  return sql<string>`coalesce((select called.nickname from server_members called
    where called.server_id = ${reports.serverId} and called.user_id = ${person.id}), ${person.displayName}, ${person.username})`
}

const columns = {
  id: reports.id,
  serverId: reports.serverId,
  channelId: reports.channelId,
  channelName: channels.name,
  messageId: reports.messageId,
  authorId: reports.authorId,
  authorName: sql<string>`coalesce(${shown(authors)}, '')`,
  reporterId: reports.reporterId,
  reporterName: shown(users),
  reason: reports.reason,
  status: reports.status,
  moderatorId: reports.moderatorId,
  moderatorName: sql<string | null>`${shown(moderators)}`,
  answer: reports.answer,
  createdAt: reports.createdAt,
  closedAt: reports.closedAt,
}

/**
 * The viewer may read the channel. What a report keeps of a deleted channel, whose overwrites are gone, is shown only to
 * those who `seesAll`.
 */
const visible = or(readableBy(viewerId), and(isNull(channels.id), sql`${sql.placeholder("seesAll")} = 1`))

const statements = prepare((db) => {
  const select = () =>
    db
      .select(columns)
      .from(reports)
      .innerJoin(users, eq(users.id, reports.reporterId))
      .leftJoin(authors, eq(authors.id, reports.authorId))
      .leftJoin(moderators, eq(moderators.id, reports.moderatorId))
      .leftJoin(channels, eq(channels.id, reports.channelId))
  const inServer = (status: SQL) => and(eq(reports.serverId, sql.placeholder("serverId")), status, visible)
  const ofReporter = () =>
    db
      .select({
        id: reports.id,
        serverId: reports.serverId,
        serverName: servers.name,
        messageId: reports.messageId,
        reason: reports.reason,
        status: reports.status,
        answer: reports.answer,
        createdAt: reports.createdAt,
        closedAt: reports.closedAt,
      })
      .from(reports)
      .innerJoin(servers, eq(servers.id, reports.serverId))
  return {
    waiting: select()
      .where(inServer(inArray(reports.status, ["open", "claimed"])))
      .orderBy(asc(reports.createdAt), asc(reports.id))
      .limit(maxReportsListed)
      .prepare(),
    ofStatus: select()
      .where(inServer(eq(reports.status, sql.placeholder("status"))))
      .orderBy(desc(reports.createdAt), desc(reports.id))
      .limit(maxReportsListed)
      .prepare(),
    find: select()
      .where(and(eq(reports.id, sql.placeholder("id")), visible))
      .prepare(),
    snapshot: db
      .select({ messages: reports.snapshot })
      .from(reports)
      .where(eq(reports.id, sql.placeholder("id")))
      .prepare(),
    own: ofReporter()
      .where(eq(reports.reporterId, viewerId))
      .orderBy(desc(reports.createdAt), desc(reports.id))
      .limit(maxReportsListed)
      .prepare(),
    ownOne: ofReporter()
      .where(and(eq(reports.reporterId, viewerId), eq(reports.messageId, sql.placeholder("messageId"))))
      .prepare(),
  }
})

/** A subquery: how many reports of a server wait for one of its moderators; 0 for others. */
export function openReports(viewer: SQLWrapper, server: SQLWrapper): SQL<number> {
  return sql<number>`(select count(*) from reports p join channels c on c.id = p.channel_id
    where p.server_id = ${server} and p.status = 'open' and ${moderatedBy(sql`${viewer}`)})`
}

/** Who looks: `seesAll` shows reports of deleted channels, too. */
export interface ReportsViewer {
  viewerId: string
  seesAll: boolean
}

const flagOf = ({ viewerId, seesAll }: ReportsViewer) => ({ viewerId, seesAll: seesAll ? 1 : 0 })

/** The reports that wait, oldest first; those with a status, newest first. */
export async function listReports(
  db: Db,
  serverId: string,
  viewer: ReportsViewer,
  status?: ReportStatus,
): Promise<Report[]> {
  const { waiting, ofStatus } = statements(db)
  const asked = { serverId, ...flagOf(viewer) }
  return status === undefined ? waiting.all(asked) : ofStatus.all({ ...asked, status })
}

/** A report, if the viewer may see it. */
export async function findReport(db: Db, id: string, viewer: ReportsViewer): Promise<Report | undefined> {
  return statements(db).find.get({ id, ...flagOf(viewer) })
}

/** The messages that a report froze, oldest first. */
export async function findFrozen(db: Db, id: string): Promise<FrozenMessage[]> {
  const found = await statements(db).snapshot.get({ id })
  return FrozenMessage.array().parse(found?.messages ?? [])
}

/** The server of a report. */
export async function findReportServer(db: Db, id: string): Promise<string | undefined> {
  const found = await db.select({ serverId: reports.serverId }).from(reports).where(eq(reports.id, id)).get()
  return found?.serverId
}

/** A person's own reports, newest first. */
export async function listOwnReports(db: Db, viewerId: string): Promise<OwnReport[]> {
  return statements(db).own.all({ viewerId })
}

export async function findOwnReport(
  db: Db,
  viewerId: string,
  messageId: string,
): Promise<OwnReport | undefined> {
  return statements(db).ownOne.get({ viewerId, messageId })
}

interface NewReport
  extends Pick<Report, "id" | "serverId" | "channelId" | "messageId" | "authorId" | "reporterId"> {
  reason: string
  messages: FrozenMessage[]
}

export async function insertReport(tx: Tx, { messages, ...report }: NewReport): Promise<void> {
  await tx
    .insert(reports)
    .values({ ...report, snapshot: messages })
    .run()
}

type ReportChange = Partial<Pick<Report, "status" | "moderatorId" | "answer" | "closedAt">>

export async function updateReport(tx: Tx, id: string, change: ReportChange): Promise<void> {
  await tx.update(reports).set(change).where(eq(reports.id, id)).run()
}
