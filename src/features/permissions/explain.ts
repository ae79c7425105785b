import {
  allPermissionNames,
  allPermissions,
  bitOf,
  type Permission,
  type Permissions,
  permissionsOf,
  timedOutPermissions,
} from "./bits.ts"
import { deniedWithoutSending, type OverwriteKind } from "./compute.ts"
import type { Hold } from "./hold.ts"

/** A member, or someone who had only one role, in a place: all that their permissions follow from. */
export interface PermissionFacts {
  isMember: boolean
  isOwner: boolean
  isTimedOut: boolean
  /** Why they may not write yet. */
  hold: Hold["for"] | null
  /** The server takes no new members for now, and slow mode is on everywhere. */
  isRaidLocked: boolean
  /** Theirs, lowest first; everyone's is the first. */
  roles: { id: string; name: string; permissions: number }[]
  /** A channel with the overwrites that concern them; `null` for the whole server. */
  channel: {
    isThread: boolean
    isLocked: boolean
    isArchived: boolean
    overwrites: { kind: OverwriteKind; targetId: string; name: string; allow: number; deny: number }[]
  } | null
}

/** What says something about a permission. */
export type StepKind =
  | "notMember"
  | "owner"
  /** A role with `administrator`. */
  | "administrator"
  | "role"
  | "noRole"
  | "everyoneOverwrite"
  | "roleOverwrite"
  | "memberOverwrite"
  | "timeout"
  /** The server's rules are not accepted. */
  | "rules"
  /** The account is too new, or the membership. */
  | "tooNew"
  /** Grants it with limits. */
  | "raidLock"
  /** Without `viewChannel` there is nothing. */
  | "cannotView"
  /** Without the permission to send some others are void. */
  | "cannotSend"
  | "locked"
  | "archived"

export interface Step {
  kind: StepKind
  grants: boolean
  /** Of a role or an overwrite: whose it is. */
  targetId?: string
  name?: string
}

/** Why someone has a permission, or has it not. */
export interface Explanation {
  permission: Permission
  isGranted: boolean
  /** What says something about it, in the order in which it counts: the last one decides. Never empty. */
  steps: Step[]
}

/** Needed to write in a channel, and so void where it is locked or archived. */
const writing = permissionsOf(
  "sendMessages",
  "sendInThreads",
  "attachFiles",
  "sendPolls",
  "addReactions",
  "createThreads",
  "pinMessages",
)
const overwriteSteps = {
  everyone: "everyoneOverwrite",
  role: "roleOverwrite",
  member: "memberOverwrite",
} as const

/** Explains every permission. Without locks, archives and holds it grants what `permissionsIn` computes. */
export function explain(facts: PermissionFacts): Explanation[] {
  const { hold, isRaidLocked } = facts
  const of = new Map(allPermissionNames.map((name) => [name, stepsOf(facts, name)]))
  const grants = (name: Permission) => of.get(name)?.at(-1)?.grants === true
  const sending = facts.channel?.isThread ? "sendInThreads" : "sendMessages"
  // Decided before a step is added: what follows from others must not depend on the order of names.
  const [mayView, maySend, mayManage] = [grants("viewChannel"), grants(sending), grants("manageMessages")]
  const isSlowed = isRaidLocked && !grants("bypassSlowMode")

  return allPermissionNames.map((permission) => {
    const steps = of.get(permission) ?? []
    const deny = (kind: StepKind) => {
      if (steps.at(-1)?.grants) steps.push({ kind, grants: false })
    }
    if (facts.channel) {
      if (!mayView) deny("cannotView")
      if (!maySend && has(deniedWithoutSending, permission)) deny("cannotSend")
      if (facts.channel.isLocked && !(mayView && mayManage) && has(writing, permission)) deny("locked")
      if (facts.channel.isArchived && has(writing, permission)) deny("archived")
    }
    if (hold && has(writing, permission)) deny(hold === "rules" ? "rules" : "tooNew")
    const isLimited = permission === "createInvite" ? isRaidLocked : isSlowed && permission === sending
    if (isLimited && steps.at(-1)?.grants) steps.push({ kind: "raidLock", grants: true })
    return { permission, isGranted: steps.at(-1)?.grants === true, steps }
  })
}

/** The set of what is granted. */
export function grantedBy(explanations: Explanation[]): Permissions {
  const granted = explanations.filter(({ isGranted }) => isGranted).map(({ permission }) => permission)
  const set = permissionsOf(...granted)
  return granted.length === allPermissionNames.length ? allPermissions : set
}

/** What roles, overwrites and a timeout say of one permission, without what follows from other permissions. */
function stepsOf(
  { isMember, isOwner, isTimedOut, roles, channel }: PermissionFacts,
  name: Permission,
): Step[] {
  if (!isMember) return [{ kind: "notMember", grants: false }]
  if (isOwner) return [{ kind: "owner", grants: true }]

  const administrator = roles.find(({ permissions }) => has(permissions, "administrator"))
  if (administrator) return [{ kind: "administrator", grants: true, ...named(administrator) }]

  const granting = roles.filter(({ permissions }) => has(permissions, name))
  const steps: Step[] = granting.map((role) => ({ kind: "role", grants: true, ...named(role) }))
  if (steps.length === 0) steps.push({ kind: "noRole", grants: false })
  if (channel && name !== "administrator") steps.push(...overwriteStepsOf(channel.overwrites, name))
  if (isTimedOut && !has(timedOutPermissions, name) && steps.at(-1)?.grants)
    steps.push({ kind: "timeout", grants: false })
  return steps
}

type Overwrites = NonNullable<PermissionFacts["channel"]>["overwrites"]

function overwriteStepsOf(overwrites: Overwrites, name: Permission): Step[] {
  return (["everyone", "role", "member"] as const).flatMap((kind) => {
    const ofKind = overwrites.filter((overwrite) => overwrite.kind === kind)
    const steps = (side: "allow" | "deny") =>
      ofKind
        .filter((overwrite) => has(overwrite[side], name))
        .map(({ targetId, name: whose }) => ({
          ...{ kind: overwriteSteps[kind], grants: side === "allow", targetId, name: whose },
        }))
    return [...steps("deny"), ...steps("allow")]
  })
}

function named({ id, name }: { id: string; name: string }): Pick<Step, "targetId" | "name"> {
  return { targetId: id, name }
}

function has(set: Permissions | number, name: Permission): boolean {
  return (BigInt(set) & bitOf[name]) !== 0n
}
