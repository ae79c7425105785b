import { type SQL, sql } from "drizzle-orm"
import type { Tx } from "../../db/database.ts"
import { textsIn } from "../../db/dialect.ts"
import { type AffectedMembers, type AffectedScope, findAffectedMembers } from "./affected.ts"
import { allPermissionNames, bitOf, type Permission, type Permissions } from "./bits.ts"
import { permits } from "./scope.ts"

/**
 * Most pairs of a member and a channel for which one comparison decides one permission. Each takes 1 to 2 µs, twice, and
 * other commits wait meanwhile.
 */
const maxCompared = 50_000
/** Most names of members and of channels that are listed. */
export const maxPeopleNamed = 50

/** What a change can affect, as far as its author may know. */
export interface ComparedScope extends AffectedScope {
  /** Counts only channels that this member may view. */
  viewerId: string
}

/** Members who gain or lose a permission, and where. */
export interface Difference {
  /** How many. */
  members: number
  /** Their names, at most `maxPeopleNamed`. */
  names: string[]
  /** In how many channels. */
  channels: number
  /** Their names, at most `maxPeopleNamed`. */
  channelNames: string[]
}

export interface PermissionDifference {
  permission: Permission
  gained: Difference
  lost: Difference
}

/** The permissions that a change of these bits can affect. An administrator has all of them. */
export function affectedBy(bits: Permissions): Permission[] {
  if ((bits & bitOf.administrator) !== 0n) return allPermissionNames
  // Who does not view a channel does nothing there.
  const implied = (bits & bitOf.viewChannel) === 0n ? 0n : bitOf.sendMessages
  return allPermissionNames.filter((name) => ((bits | implied) & bitOf[name]) !== 0n)
}

/**
 * Runs a change and compares who has these permissions in which channels before and after it; `undefined` when these are
 * too many to compare. Timeouts, locks and archives are not looked at. The caller rolls the change back.
 */
export async function comparePermissions(
  tx: Tx,
  scope: ComparedScope,
  names: Permission[],
  { write, maxPairs = maxCompared }: { write: () => Promise<void>; maxPairs?: number },
): Promise<PermissionDifference[] | undefined> {
  const members = await findAffectedMembers(tx, scope)
  const classes = new Map<Permission, ChannelClasses>()
  let pairs = 0
  for (const name of names) {
    const found = await findClasses(tx, scope, name)
    classes.set(name, found)
    pairs += found.size * members.count
    if (pairs > maxPairs) return undefined
  }

  const before = await findHolders(tx, members, classes)
  await write()
  const after = await findHolders(tx, members, classes)

  const none = new Set<string>()
  const differences: PermissionDifference[] = []
  for (const [permission, ofPermission] of classes) {
    const [had, has] = [before.get(permission) ?? none, after.get(permission) ?? none]
    const lost = await describe(
      tx,
      ofPermission,
      [...had].filter((pair) => !has.has(pair)),
    )
    const gained = await describe(
      tx,
      ofPermission,
      [...has].filter((pair) => !had.has(pair)),
    )
    if (lost.members + gained.members > 0) differences.push({ permission, gained, lost })
  }
  return differences
}

/** Channels with the same overwrites on a permission, by the id of the first: the same members have it there. */
type ChannelClasses = Map<string, { id: string; name: string }[]>

async function findClasses(
  tx: Tx,
  { serverId, channelIds, viewerId }: ComparedScope,
  name: Permission,
): Promise<ChannelClasses> {
  const bits = sql.raw(String(bitOf[name] | bitOf.viewChannel))
  const chosen = channelIds && sql`and c.id in ${textsIn(tx, JSON.stringify(channelIds))}`
  const rows = await tx.all<{ id: string; name: string; form: string }>(sql`
    select c.id as id, c.name as name, coalesce((
      select string_agg(o.target_id || ':' || (o.allow & ${bits}) || ':' || (o.deny & ${bits}), ' ' order by o.target_id)
      from channel_overwrites o where o.channel_id = c.id and ((o.allow | o.deny) & ${bits}) <> 0), '') as form
    from channels c join server_members m on m.server_id = c.server_id and m.user_id = ${viewerId}
    where c.server_id = ${serverId} and c.parent_id is null and ${permits("viewChannel", sql`c.id`)} ${chosen}
    order by c.position, c.created_at, c.id`)
  const byForm = Map.groupBy(rows, ({ form }) => form)
  return new Map([...byForm.values()].map((channels) => [channels[0]?.id ?? "", channels]))
}

/** For each permission, who has it where: the id of a class and that of a member. */
async function findHolders(
  tx: Tx,
  members: AffectedMembers,
  classes: Map<Permission, ChannelClasses>,
): Promise<Map<Permission, Set<string>>> {
  const holders = new Map<Permission, Set<string>>()
  for (const [name, ofName] of classes) {
    const rows = await tx.all<{ pair: string }>(sql`
      select c.id || ' ' || m.user_id as pair
      from channels c join server_members m on m.server_id = c.server_id
      where c.id in ${textsIn(tx, JSON.stringify([...ofName.keys()]))} and ${members.isOf(sql`m.user_id`)} and ${effective(name)}`)
    holders.set(name, new Set(rows.map(({ pair }) => pair)))
  }
  return holders
}

function effective(name: Permission): SQL {
  // No overwrite makes an administrator.
  if (name === "administrator") return sql`(m.permissions & ${sql.raw(String(bitOf.administrator))}) <> 0`

  const mayView = permits("viewChannel", sql`c.id`)
  return name === "viewChannel" ? mayView : sql`(${mayView} and ${permits(name, sql`c.id`)})`
}

async function describe(tx: Tx, classes: ChannelClasses, pairs: string[]): Promise<Difference> {
  const split = pairs.map((pair) => pair.split(" ") as [string, string])
  const members = [...new Set(split.map(([, userId]) => userId))]
  const channels = [...new Set(split.map(([id]) => id))].flatMap((id) => classes.get(id) ?? [])
  const found =
    members.length === 0
      ? []
      : await tx.all<{ username: string }>(sql`select username as username from users
          where id in ${textsIn(tx, JSON.stringify(members))} order by username limit ${maxPeopleNamed}`)
  return {
    members: members.length,
    names: found.map(({ username }) => username),
    channels: channels.length,
    channelNames: channels.slice(0, maxPeopleNamed).map(({ name }) => name),
  }
}
