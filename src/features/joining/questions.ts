import type { Tx } from "../../db/database.ts"
import { Refusal } from "../../kernel/index.ts"
import { permissionsOf } from "../permissions/bits.ts"
import { can } from "../permissions/can.ts"
import { listRolesOf } from "../permissions/holders.ts"
import type { Standing } from "../permissions/standing.ts"
import type { Joining, JoinQuestion } from "./contract.ts"

/** Permissions of moderators: a role with one of them is given by people, and not by answering a question. */
const moderation = permissionsOf(
  ...(["administrator", "kickMembers", "banMembers", "timeOutMembers", "mentionEveryone"] as const),
  ...(["manageChannels", "manageServer", "manageMessages", "manageThreads"] as const),
  ...(["manageNicknames", "manageRoles", "manageWebhooks", "viewAuditLog", "bypassSlowMode"] as const),
)

/** A role as `listRolesOf` returns it. */
type ListedRole = Awaited<ReturnType<typeof listRolesOf>>[number]

/** May a member give themselves the role? Checked again at each answer: a role may have changed since it was chosen. */
export function isSelfServed({ permissions }: Pick<ListedRole, "permissions">): boolean {
  return (BigInt(permissions) & moderation) === 0n
}

/** The roles that answers may give, as the viewer may give them: those below their own. */
export function rolesToOffer(roles: readonly ListedRole[], standing: Standing): ListedRole[] {
  if (!can(standing, "manageRoles")) return []
  return roles.filter(
    (role) =>
      role.position > 0 &&
      role.position < standing.rank &&
      isSelfServed(role) &&
      (BigInt(role.permissions) & ~standing.permissions) === 0n,
  )
}

/** The ids of the roles that questions give. */
export function rolesIn(questions: readonly JoinQuestion[]): Set<string> {
  return new Set(questions.flatMap(({ answers }) => answers.flatMap(({ roleId }) => roleId ?? [])))
}

/** Refuses questions with roles that the viewer may not give. Roles that are in the stored ones may stay. */
export async function refusalOfRoles(
  tx: Tx,
  { serverId, standing }: { serverId: string; standing: Standing },
  questions: { before: readonly JoinQuestion[]; after: readonly JoinQuestion[] },
): Promise<Refusal | undefined> {
  const added = rolesIn(questions.after).difference(rolesIn(questions.before))
  if (added.size === 0) return undefined

  const offered = rolesToOffer(await listRolesOf(tx, serverId), standing)
  if (added.isSubsetOf(new Set(offered.map(({ id }) => id)))) return undefined
  return new Refusal(
    "Answers give only roles below your own, without permissions of moderators or that you do not have",
    400,
  )
}

interface Chosen {
  /** The ids of the member's roles: somebody else may have given or taken one since. */
  held: ReadonlySet<string>
  /** The ids of the answers that the member chose. */
  answered: ReadonlySet<string>
}

/** What a member is asked, with what they have and, where an answer gives no role, what they chose. */
export function questionsFor(
  questions: readonly JoinQuestion[],
  { held, answered }: Chosen,
): Joining["questions"] {
  return questions.map(({ id, title, isMultiple, answers }) => ({
    ...{ id, title, isMultiple },
    answers: answers.map(({ id, label, roleId }) => ({
      ...{ id, label },
      isChosen: roleId === null ? answered.has(id) : held.has(roleId),
    })),
  }))
}

/** The roles of the chosen answers. Throws a `Refusal` for answers that there are not, and for too many. */
export function chosenRoles(
  questions: readonly JoinQuestion[],
  answers: Record<string, string[]>,
): Set<string> {
  const known = new Set(questions.map(({ id }) => id))
  if (Object.keys(answers).some((id) => !known.has(id))) {
    throw new Refusal("There is no such question. Load the page again", 400)
  }
  return new Set(
    questions.flatMap(({ id, title, isMultiple, answers: offered }) => {
      const chosen = new Set(answers[id] ?? [])
      if (!isMultiple && chosen.size > 1) throw new Refusal(`Choose one answer: ${title}`, 400)

      const found = offered.filter((answer) => chosen.has(answer.id))
      if (found.length < chosen.size) throw new Refusal("There is no such answer. Load the page again", 400)
      return found.flatMap(({ roleId }) => roleId ?? [])
    }),
  )
}
