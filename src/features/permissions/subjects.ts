import { and, asc, desc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm"
import {
  channels,
  joinSettings,
  memberRoles,
  roles,
  serverMembers,
  servers,
  users,
} from "../../../drizzle/schema.ts"
import type { Db } from "../../db/database.ts"
import { rowsAsJson, textsIn } from "../../db/dialect.ts"
import { prepare } from "../../db/prepare.ts"
import { allPermissions, noPermissions, type Permissions, permissionsOf } from "./bits.ts"
import { holdColumn, isOwner, orOfRoot } from "./columns.ts"
import { permissionsIn } from "./compute.ts"
import type { PermissionFacts } from "./explain.ts"
import { parseHold } from "./hold.ts"
import { permits } from "./scope.ts"

// Whose permissions are looked at: those of a member, or of someone who had only one role.

/** A member by `userId`, or a role by `roleId`. */
export interface SubjectKey {
  userId?: string
  roleId?: string
}

export interface Subject extends Omit<PermissionFacts, "channel" | "isMember"> {
  kind: "member" | "role"
  id: string
  name: string
}

/** A channel with its overwrites that concern a subject. */
export interface SubjectPlace extends NonNullable<PermissionFacts["channel"]> {
  id: string
  name: string
}

const serverId = sql.placeholder("serverId")
const id = sql.placeholder("id")
const viewerId = sql.placeholder("viewerId")

const roleColumns = { id: roles.id, name: roles.name, permissions: roles.permissions }

const statements = prepare((db) => ({
  member: db
    .select({
      id: users.id,
      name: users.username,
      isOwner: isOwner(users.id),
      timedOutUntil: serverMembers.timedOutUntil,
      isBot: isNotNull(users.botOwnerId).mapWith(Boolean),
      hold: holdColumn(db),
      raidLockedUntil: joinSettings.raidLockedUntil,
    })
    .from(serverMembers)
    .innerJoin(users, eq(users.id, serverMembers.userId))
    .innerJoin(servers, eq(servers.id, serverMembers.serverId))
    .leftJoin(joinSettings, eq(joinSettings.serverId, servers.id))
    .where(and(eq(serverMembers.serverId, serverId), eq(serverMembers.userId, id)))
    .prepare(),
  rolesOfMember: db
    .select(roleColumns)
    .from(roles)
    .where(
      and(
        eq(roles.serverId, serverId),
        sql`(${roles.id} = ${serverId} or ${inArray(
          roles.id,
          db
            .select({ roleId: memberRoles.roleId })
            .from(memberRoles)
            .where(and(eq(memberRoles.serverId, serverId), eq(memberRoles.userId, id))),
        )})`,
      ),
    )
    .orderBy(asc(roles.position))
    .prepare(),
  role: db
    .select(roleColumns)
    .from(roles)
    .where(and(eq(roles.serverId, serverId), sql`${roles.id} in (${serverId}, ${id})`))
    .orderBy(asc(roles.position))
    .prepare(),
  roles: db
    .select({ id: roles.id, name: roles.name })
    .from(roles)
    .where(eq(roles.serverId, serverId))
    .orderBy(desc(roles.position))
    .prepare(),
  channels: db
    .select({ id: channels.id, name: channels.name })
    .from(channels)
    .where(and(eq(channels.serverId, serverId), isNull(channels.parentId), viewedBy(viewerId)))
    .orderBy(asc(channels.position), asc(channels.createdAt), asc(channels.id))
    .prepare(),
  places: selectPlaces(db)
    .where(and(eq(channels.serverId, serverId), isNull(channels.parentId), viewedBy(viewerId)))
    .orderBy(asc(channels.position), asc(channels.createdAt), asc(channels.id))
    .prepare(),
  place: selectPlaces(db).where(eq(channels.id, id)).prepare(),
}))

function selectPlaces(db: Db) {
  return db
    .select({
      id: channels.id,
      name: channels.name,
      parentId: channels.parentId,
      lockedAt: orOfRoot("locked_at", channels.lockedAt),
      archivedAt: orOfRoot("archived_at", channels.archivedAt),
      overwrites: rowsAsJson(
        db,
        {
          ...{
            kind: sql`kind`,
            targetId: sql`target_id`,
            name: sql`name`,
            allow: sql`allow`,
            deny: sql`deny`,
          },
        },
        sql`select o.kind, o.target_id, o.allow, o.deny, coalesce(
            (select name from roles where id = o.target_id), (select username from users where id = o.target_id), '') as name
          from channel_overwrites o where o.channel_id = coalesce(${channels.rootId}, ${channels.id})
          and o.target_id in ${textsIn(db, sql.placeholder("targetIds"))} order by o.target_id`,
      ),
    })
    .from(channels)
}

/** Condition on `channels`: the user may view it. */
function viewedBy(userId: typeof viewerId) {
  return sql`exists (select 1 from server_members m where m.server_id = ${channels.serverId}
    and m.user_id = ${userId} and ${permits("viewChannel", sql`${channels.id}`)})`
}

/** A member or a role of the server; `undefined` when it is neither. */
export async function findSubject(db: Db, server: string, key: SubjectKey): Promise<Subject | undefined> {
  return key.userId === undefined
    ? findRole(db, server, key.roleId ?? "")
    : findMember(db, server, key.userId)
}

async function findMember(db: Db, serverId: string, id: string): Promise<Subject | undefined> {
  const { member, rolesOfMember } = statements(db)
  const [found, held] = await Promise.all([member.get({ serverId, id }), rolesOfMember.all({ serverId, id })])
  if (!found) return undefined

  const { timedOutUntil, raidLockedUntil, isBot, hold, ...rest } = found
  const now = new Date()
  const isTimedOut = !found.isOwner && timedOutUntil !== null && timedOutUntil > now
  const isRaidLocked = raidLockedUntil !== null && raidLockedUntil > now
  // As in `standingOf`: who manages the server wrote the rules, and bots do not read them.
  const exempt = permissionsOf("manageServer", "administrator")
  const isExempt =
    found.isOwner || isBot || held.some(({ permissions }) => (BigInt(permissions) & exempt) !== 0n)
  const reason = isExempt ? null : (parseHold(hold)?.for ?? null)
  return { kind: "member", ...rest, isTimedOut, isRaidLocked, hold: reason, roles: held }
}

async function findRole(db: Db, serverId: string, id: string): Promise<Subject | undefined> {
  const held = await statements(db).role.all({ serverId, id })
  const role = held.find((each) => each.id === id)
  const fresh = { isOwner: false, isTimedOut: false, isRaidLocked: false, hold: null }
  return role && { kind: "role", id, name: role.name, ...fresh, roles: held }
}

/** A server's channels that the viewer may view, without threads, with the overwrites that concern the subject. */
export async function listSubjectPlaces(
  db: Db,
  subject: Subject,
  { serverId, viewerId }: { serverId: string; viewerId: string },
): Promise<SubjectPlace[]> {
  const rows = await statements(db).places.all({ serverId, viewerId, targetIds: targetsOf(subject) })
  return rows.map(placeOf)
}

/** A server's roles, highest first. */
export async function listRoleNames(db: Db, serverId: string): Promise<{ id: string; name: string }[]> {
  return statements(db).roles.all({ serverId })
}

/** The channels that the viewer may view, without threads, in order. */
export async function listViewableChannels(
  db: Db,
  { serverId, viewerId }: { serverId: string; viewerId: string },
): Promise<{ id: string; name: string }[]> {
  return statements(db).channels.all({ serverId, viewerId })
}

/** A channel with the overwrites that concern the subject. The caller checks that the viewer may view it. */
export async function findSubjectPlace(
  db: Db,
  subject: Subject,
  channelId: string,
): Promise<SubjectPlace | undefined> {
  const row = await statements(db).place.get({ id: channelId, targetIds: targetsOf(subject) })
  return row && placeOf(row)
}

/** What a subject's permissions follow from, in a channel or in the whole server. */
export function factsOf(subject: Subject, channel: SubjectPlace | null): PermissionFacts {
  return { ...subject, isMember: true, channel }
}

/** What a subject may do in a channel. */
export function permissionsOfSubject(
  { isOwner, isTimedOut, roles }: Subject,
  place: SubjectPlace,
): Permissions {
  if (isOwner) return allPermissions

  const base = roles.reduce((sum, { permissions }) => sum | BigInt(permissions), noPermissions)
  return permissionsIn(base, { ...place, isTimedOut })
}

function targetsOf({ kind, id, roles }: Subject): string {
  return JSON.stringify([...roles.map((role) => role.id), ...(kind === "member" ? [id] : [])])
}

interface PlaceRow {
  id: string
  name: string
  parentId: string | null
  lockedAt: Date | null
  archivedAt: Date | null
  overwrites: string
}

function placeOf({ id, name, parentId, lockedAt, archivedAt, overwrites }: PlaceRow): SubjectPlace {
  return {
    ...{
      id,
      name,
      isThread: parentId !== null,
      isLocked: lockedAt !== null,
      isArchived: archivedAt !== null,
    },
    overwrites: JSON.parse(overwrites),
  }
}
