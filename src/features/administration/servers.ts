import { and, asc, eq, gt, or, sql } from "drizzle-orm"
import { servers, users } from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { recordAct } from "../audit-log/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { type InstanceActor, recordInstanceAct } from "../instance/record-act.ts"
import { memberCount } from "../members/store.ts"
import { changeOwner, isOwnerOf } from "../permissions/ownership.ts"
import { noSuchServer } from "../permissions/wording.ts"
import { deleteServer, findServer } from "../servers/store.ts"
import { type AdministeredServer, administrationPageSize } from "./contract.ts"
import { containing } from "./people.ts"

interface ServersQuery {
  search?: string
  /** The name and the id of the last server of the page before. */
  after?: string
}

/** A page of servers by name, without conversations. */
export async function listAllServers(db: Db, { search, after }: ServersQuery) {
  const rows: AdministeredServer[] = await db
    .select({
      id: servers.id,
      name: servers.name,
      ownerName: users.username,
      createdAt: servers.createdAt,
      members: memberCount.mapWith(Number),
      messages:
        sql<number>`(select coalesce(sum(c.message_count), 0) from channels c where c.server_id = ${servers.id})`.mapWith(
          Number,
        ),
      fileBytes:
        sql<number>`(select coalesce(sum(f.bytes), 0) from channels c join files f on f.channel_id = c.id where c.server_id = ${servers.id})`.mapWith(
          Number,
        ),
    })
    .from(servers)
    .innerJoin(users, isOwnerOf(users.id))
    .where(
      and(
        eq(servers.kind, "server"),
        search ? sql`lower(${servers.name}) like ${containing(search)} escape '!'` : undefined,
        after === undefined ? undefined : behind(after),
      ),
    )
    .orderBy(asc(servers.name), asc(servers.id))
    .limit(administrationPageSize + 1)
    .all()
  const listed = rows.slice(0, administrationPageSize)
  const last = listed.at(-1)
  return { servers: listed, next: last && rows.length > listed.length ? `${last.id} ${last.name}` : null }
}

function behind(cursor: string) {
  const [id = "", ...words] = cursor.split(" ")
  const name = words.join(" ")
  return or(gt(servers.name, name), and(eq(servers.name, name), gt(servers.id, id)))
}

interface ActOnServer {
  actor: InstanceActor & { id: string }
  serverId: string
  reason?: string
}

/** Makes a member the owner of a server. Fails: 404, 400 (no member has that name). */
export async function handOverServer(changes: ChangeSet, act: ActOnServer & { username: string }) {
  const { tx } = changes
  const { actor, serverId, reason } = act
  const server = await findServer(tx, serverId)
  if (!server) throw new Refusal(noSuchServer, 404)
  const username = act.username.trim().replace(/^@/, "").toLowerCase()
  const names = await changeOwner(changes, serverId, username)
  if (!names) {
    const message = "No member of the server has this name"
    throw new Refusal(message, 400, { issues: [{ path: "username", message }] })
  }

  const change = { owner: names }
  const target = { id: serverId, name: server.name }
  await recordAct(tx, { serverId, actor, action: "server.transfer", changes: change, reason })
  await recordInstanceAct(tx, { actor, action: "server.handOver", target, changes: change, reason })
}

/** Deletes a server with everything in it. Fails: 404. */
export async function removeServer(changes: ChangeSet, { actor, serverId, reason }: ActOnServer) {
  const server = await findServer(changes.tx, serverId)
  if (!server) throw new Refusal(noSuchServer, 404)

  await deleteServer(changes, serverId)
  const target = { id: serverId, name: server.name }
  await recordInstanceAct(changes.tx, { actor, action: "server.delete", target, reason })
}
