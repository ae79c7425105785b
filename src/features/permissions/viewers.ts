import { sql } from "drizzle-orm"
import type { Tx } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { type AffectedMembers, type AffectedScope, findAffectedMembers } from "./affected.ts"
import { permissionsOf } from "./bits.ts"
import type { EndedAccess } from "./evictions.ts"
import { viewForm } from "./restricted.ts"
import { isAllowed, viewings } from "./scope.ts"

/**
 * Most pairs of a member and a class of channels that one commit compares. Deciding one takes up to 5 µs, before and after
 * the write, and other commits wait meanwhile.
 */
const maxCompared = 40_000
/** Most pairs of a member and a class of channels that are named when access ends. */
const maxNamed = 20_000
/** Most ids of users in one entry of the log of ended access. */
const maxPerEntry = 2000

/** The commit that changes who may view: a `ChangeSet`. */
interface EndingCommit {
  readonly tx: Tx
  end(access: EndedAccess): void
}

/**
 * Runs a write that changes roles, their permissions or overwrites, and ends the access of exactly those members who may
 * view a channel before it and not after it. In large servers, where comparing would hold up other commits, all
 * connections to the channels end instead, and clients that may still view them connect again. Call it inside `decide`.
 */
export async function watchViewers<Result>(
  changes: EndingCommit,
  scope: AffectedScope,
  write: () => Promise<Result>,
  { maxPairs = maxCompared } = {},
): Promise<Result> {
  const { tx } = changes
  const classes = await findClasses(tx, scope)
  const users = await findAffectedMembers(tx, scope)
  const isComparable = classes.byForm.size * users.count <= maxPairs
  const before = isComparable ? await findViewers(tx, classes, users) : undefined
  const grants = before ? undefined : await findGrants(tx, scope)

  const result = await write()

  const after = await findClasses(tx, { ...scope, channelIds: [...classes.formOf.keys()] })
  if (before && after.byForm.size * users.count <= maxPairs) {
    endLost(changes, { classes, before, after, now: await findViewers(tx, after, users) })
  } else {
    const isOfRoles = grants === undefined || grants !== (await findGrants(tx, scope))
    const channelIds = [...classes.formOf].flatMap(([id, form]) =>
      isOfRoles || after.formOf.get(id) !== form ? [id] : [],
    )
    if (channelIds.length > 0) changes.end({ of: "view", serverId: scope.serverId, channelIds })
  }
  return result
}

/** Channels by the form of their overwrites on `viewChannel`: those of one form have the same viewers. */
interface Classes {
  serverId: string
  formOf: Map<string, string>
  /** One channel of each form. */
  byForm: Map<string, string>
}

async function findClasses(tx: Tx, { serverId, channelIds }: AffectedScope): Promise<Classes> {
  const chosen = channelIds && sql`and c.id in ${textsIn(tx, JSON.stringify(channelIds))}`
  const rows = await tx.all<{ id: string; form: string }>(sql`
    select c.id as id, ${viewForm} as form
    from channels c where c.server_id = ${serverId} and c.parent_id is null ${chosen}`)
  return {
    serverId,
    formOf: new Map(rows.map(({ id, form }) => [id, form])),
    byForm: new Map(rows.map(({ id, form }) => [form, id])),
  }
}

/** The affected members who may view each class, by its form. */
async function findViewers(
  tx: Tx,
  { serverId, byForm, formOf }: Classes,
  users: AffectedMembers,
): Promise<Map<string, Set<string>>> {
  if (users.count === 0) return new Map()

  const chosen = textsIn(tx, JSON.stringify([...byForm.values()]))
  const rows = await tx.all<{ channelId: string; userId: string }>(sql`
    select c.id as "channelId", m.user_id as "userId" 
    from ${viewings("viewChannel", chosen, users.isOf)} where c.server_id = ${serverId} and ${isAllowed}`)
  const viewers = new Map<string, Set<string>>([...byForm.keys()].map((form) => [form, new Set()]))
  for (const { channelId, userId } of rows) viewers.get(formOf.get(channelId) ?? "")?.add(userId)
  return viewers
}

/** What besides overwrites decides who may view, as a text to compare. */
async function findGrants(tx: Tx, { serverId, roleId }: AffectedScope): Promise<string> {
  const bits = sql.raw(String(permissionsOf("viewChannel", "administrator")))
  const rows = await tx.all(sql`
    select id as id, permissions & ${bits} as bits from roles where server_id = ${serverId}
    union all select owner_id, -1 from servers where id = ${serverId}
    union all select user_id, -2 from member_roles where role_id = ${roleId ?? null}
    order by id`)
  return JSON.stringify(rows)
}

interface Comparison {
  classes: Classes
  before: Map<string, Set<string>>
  after: Classes
  now: Map<string, Set<string>>
}

function endLost(changes: EndingCommit, { classes, before, after, now }: Comparison): void {
  const channelsOf = Map.groupBy(classes.formOf.keys(), (id) =>
    // A channel that the write deleted ends by itself.
    after.formOf.has(id) ? `${classes.formOf.get(id)}>${after.formOf.get(id)}` : "",
  )
  channelsOf.delete("")
  const { serverId } = classes
  let named = 0
  for (const [id = "", ...rest] of channelsOf.values()) {
    const still = now.get(after.formOf.get(id) ?? "")
    const lost = [...(before.get(classes.formOf.get(id) ?? "") ?? [])].filter((userId) => !still?.has(userId))
    const channelIds = [id, ...rest]
    named += lost.length
    if (named > maxNamed) changes.end({ of: "view", serverId, channelIds })
    else
      for (let from = 0; from < lost.length; from += maxPerEntry) {
        changes.end({ of: "view", serverId, channelIds, userIds: lost.slice(from, from + maxPerEntry) })
      }
  }
}
