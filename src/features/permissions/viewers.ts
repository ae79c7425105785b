import { sql } from "drizzle-orm"
import type { Tx } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { type AffectedMembers, type AffectedScope, findAffectedMembers } from "./affected.ts"
import { bitOf, type Permission, permissionsOf } from "./bits.ts"
import type { EndedAccess } from "./evictions.ts"
import { overwriteForm, viewForm } from "./restricted.ts"
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
 * view a channel before it and not after it. Those who lose its history alone have to connect again. In large servers, where comparing would hold up other commits, all
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
  const isComparable = pairsOf(classes, users) <= maxPairs
  const before = isComparable ? await findAccess(tx, classes, users) : undefined
  const grants = before ? undefined : await findGrants(tx, scope)

  const result = await write()

  const after = await findClasses(tx, { ...scope, channelIds: [...classes.formOf.keys()] })
  if (before && pairsOf(after, users) <= maxPairs) {
    endLost(changes, { classes, before, after, now: await findAccess(tx, after, users) })
  } else {
    const isOfRoles = grants === undefined || grants !== (await findGrants(tx, scope))
    const channelIds = [...classes.formOf].flatMap(([id, form]) =>
      isOfRoles || after.formOf.get(id) !== form ? [id] : [],
    )
    if (channelIds.length > 0) changes.end({ of: "view", serverId: scope.serverId, channelIds })
  }
  return result
}

/** Channels by the form of their overwrites on viewing and history: those of one form have the same readers. */
interface Classes {
  serverId: string
  formOf: Map<string, string>
  /** One channel of each form. */
  byForm: Map<string, string>
  /** Does everyone who may view them have their history? Then nobody has to be looked for. */
  isHistoryOpen: boolean
}

async function findClasses(tx: Tx, { serverId, channelIds }: AffectedScope): Promise<Classes> {
  const chosen = channelIds && sql`and c.id in ${textsIn(tx, JSON.stringify(channelIds))}`
  const rows = await tx.all<{ id: string; view: string; history: string; everyone: number }>(sql`
    select c.id as id, ${viewForm} as view, ${historyForm} as history, ${everyoneHasHistory} as everyone
    from channels c where c.server_id = ${serverId} and c.parent_id is null ${chosen}`)
  const forms = rows.map(({ id, view, history }) => ({ id, form: `${view}|${history}` }))
  return {
    serverId,
    formOf: new Map(forms.map(({ id, form }) => [id, form])),
    byForm: new Map(forms.map(({ id, form }) => [form, id])),
    isHistoryOpen: rows.every(({ history, everyone }) => Number(everyone) === 1 && !history.includes("-")),
  }
}

/** How many pairs of a member and a class are decided. */
function pairsOf({ byForm, isHistoryOpen }: Classes, { count }: AffectedMembers): number {
  return byForm.size * count * (isHistoryOpen ? 1 : 2)
}

const historyForm = overwriteForm("readHistory")
const everyoneHasHistory = sql`case when exists (
  select 1 from roles r where r.id = c.server_id and (r.permissions & ${sql.raw(String(bitOf.readHistory))}) <> 0)
  then 1 else 0 end`

/** The affected members who may view each class, and those who may read its history, by its form. */
interface ClassAccess {
  viewers: Map<string, Set<string>>
  readers: Map<string, Set<string>>
}

async function findAccess(tx: Tx, classes: Classes, users: AffectedMembers): Promise<ClassAccess> {
  const viewers = await findHolders(tx, "viewChannel", classes, users)
  if (classes.isHistoryOpen) return { viewers, readers: viewers }

  return { viewers, readers: await findHolders(tx, "readHistory", classes, users) }
}

/** The affected members who have a permission in each class, by its form. */
async function findHolders(
  tx: Tx,
  name: Permission,
  { serverId, byForm, formOf }: Classes,
  users: AffectedMembers,
): Promise<Map<string, Set<string>>> {
  if (users.count === 0) return new Map()

  const chosen = textsIn(tx, JSON.stringify([...byForm.values()]))
  const rows = await tx.all<{ channelId: string; userId: string }>(sql`
    select c.id as "channelId", m.user_id as "userId" 
    from ${viewings(name, chosen, users.isOf)} where c.server_id = ${serverId} and ${isAllowed}`)
  const holders = new Map<string, Set<string>>([...byForm.keys()].map((form) => [form, new Set()]))
  for (const { channelId, userId } of rows) holders.get(formOf.get(channelId) ?? "")?.add(userId)
  return holders
}

/** What besides overwrites decides who may view and read the history, as a text to compare. */
async function findGrants(tx: Tx, { serverId, roleId }: AffectedScope): Promise<string> {
  const bits = sql.raw(String(permissionsOf("viewChannel", "readHistory", "administrator")))
  const rows = await tx.all(sql`
    select id as id, permissions & ${bits} as bits from roles where server_id = ${serverId}
    union all select owner_id, -1 from servers where id = ${serverId}
    union all select user_id, -2 from member_roles where role_id = ${roleId ?? null}
    order by id`)
  return JSON.stringify(rows)
}

interface Comparison {
  classes: Classes
  before: ClassAccess
  after: Classes
  now: ClassAccess
}

function endLost(changes: EndingCommit, { classes, before, after, now }: Comparison): void {
  const channelsOf = Map.groupBy(classes.formOf.keys(), (id) =>
    // A channel that the write deleted ends by itself.
    after.formOf.has(id) ? `${classes.formOf.get(id)}>${after.formOf.get(id)}` : "",
  )
  channelsOf.delete("")
  const end = endingOf(changes, classes.serverId)
  const none = new Set<string>()
  for (const channelIds of channelsOf.values()) {
    const [id = ""] = channelIds
    const [form, formNow] = [classes.formOf.get(id) ?? "", after.formOf.get(id) ?? ""]
    const viewers = before.viewers.get(form) ?? none
    const [viewersNow, readersNow] = [now.viewers.get(formNow) ?? none, now.readers.get(formNow) ?? none]
    end(channelIds, viewers.difference(viewersNow))
    const readers = viewers.intersection(before.readers.get(form) ?? none)
    end(channelIds, readers.intersection(viewersNow).difference(readersNow), { mayReturn: true })
  }
}

/** Returns what ends the access of some members to channels of one form. Where they are too many, everyone connects again. */
function endingOf(changes: EndingCommit, serverId: string) {
  let named = 0
  return (channelIds: string[], lost: Set<string>, more: { mayReturn?: true } = {}) => {
    named += lost.size
    if (named > maxNamed) return changes.end({ of: "view", serverId, channelIds })

    const userIds = [...lost]
    for (let from = 0; from < userIds.length; from += maxPerEntry) {
      changes.end({
        of: "view",
        serverId,
        channelIds,
        userIds: userIds.slice(from, from + maxPerEntry),
        ...more,
      })
    }
  }
}
