import { Refusal } from "../../kernel/index.ts"
import type { AuthoredStanding, PlaceKind, Standing } from "./standing.ts"
import { noSuchServer, notForBots, notMember, ownerOnly } from "./wording.ts"

// The only file that knows what owners, members, bots and the two of a conversation may do.

/** What a member may be granted: Discord's permissions (API docs, "Permissions"), of which each will be one bit. */
type Permission =
  | "viewChannel"
  | "sendMessages"
  | "addReactions"
  | "createThreads"
  | "createInvite"
  | "pinMessages"
  | "mentionEveryone"
  | "manageMessages"
  | "manageChannels"
  | "manageWebhooks"
  | "kickMembers"
  | "banMembers"
  | "manageServer"

/** What every member of such a place is granted. A server's owner is granted everything. */
const granted: Record<PlaceKind, ReadonlySet<Permission>> = {
  server: new Set<Permission>([
    "viewChannel",
    "sendMessages",
    "addReactions",
    "createThreads",
    "createInvite",
  ]),
  // Nobody is above the others in a conversation, so what only an owner may do elsewhere is either for all or for none.
  direct: new Set<Permission>([
    "viewChannel",
    "sendMessages",
    "addReactions",
    "createThreads",
    "pinMessages",
  ]),
}

/** One condition of an action, and how somebody is refused who does not meet it. */
interface Requirement<S extends Standing = Standing> {
  isMet(standing: S): boolean
  message: string | ((standing: S) => string)
  /** An HTTP status; 403 when it is not given. */
  code?: number
}

const member: Requirement = { isMet: ({ isMember }) => isMember, message: notMember }
const owner: Requirement = { isMet: ({ isOwner }) => isOwner, message: ownerOnly }
const notOwner: Requirement = {
  isMet: ({ isOwner }) => !isOwner,
  message: "The owner cannot leave. Delete the server instead",
  code: 400,
}
const inServer: Requirement = { isMet: ({ kind }) => kind === "server", message: noSuchServer, code: 404 }
const person: Requirement = { isMet: ({ isBot }) => !isBot, message: notForBots }
const unblocked: Requirement = {
  isMet: ({ block }) => block === null,
  // Who was blocked is not told so: it is the other's private matter.
  message: ({ block }) =>
    block === "byViewer"
      ? "You have blocked this person. Take that back to write here"
      : "You cannot write to this person",
}

function permission(name: Permission, message = ownerOnly): Requirement {
  return { isMet: (standing) => has(standing, name), message }
}

function author(message: string): Requirement<AuthoredStanding> {
  return { isMet: ({ isAuthor }) => isAuthor, message }
}

function authorOr(name: Permission, message: string): Requirement<AuthoredStanding> {
  return { isMet: (standing) => standing.isAuthor || has(standing, name), message }
}

function has({ isMember, isOwner, kind }: Standing, name: Permission): boolean {
  return isMember && (isOwner || granted[kind].has(name))
}

/** What can be done in a place, with its requirements: the first that is not met says why not. */
const placeActions = {
  read: [member, permission("viewChannel")],
  send: [member, permission("sendMessages"), unblocked],
  react: [member, permission("addReactions"), unblocked],
  createThread: [member, permission("createThreads"), unblocked],
  pin: [member, permission("pinMessages", "Only the server's owner may pin messages"), unblocked],
  mentionEveryone: [member, permission("mentionEveryone")],
  manageMessages: [member, permission("manageMessages")],
  manageChannels: [member, permission("manageChannels")],
  manageWebhooks: [member, permission("manageWebhooks")],
  kickMembers: [member, permission("kickMembers")],
  banMembers: [member, permission("banMembers")],
  manageServer: [member, permission("manageServer")],
  deleteServer: [member, owner],
  invite: [member, person, permission("createInvite")],
  leaveServer: [member, inServer, notOwner],
} satisfies Record<string, Requirement[]>

/** What can be done with a thing that somebody made there. */
const authoredActions = {
  edit: [member, author("You may edit only your own messages"), unblocked],
  delete: [member, authorOr("manageMessages", "You may delete only your own messages")],
  endPoll: [member, authorOr("manageMessages", "You may end only your own polls")],
  removePreviews: [member, authorOr("manageMessages", "You may remove previews only from your own messages")],
  revokeInvite: [
    member,
    authorOr("manageServer", "Only the server's owner and whoever made an invite may take it back"),
  ],
} satisfies Record<string, Requirement<AuthoredStanding>[]>

/** Something that somebody may want to do in a place. */
export type PlaceAction = keyof typeof placeActions
/** The same, or something that depends on who made a thing. */
export type Action = PlaceAction | keyof typeof authoredActions

const actions: Record<Action, Requirement<AuthoredStanding>[]> = { ...placeActions, ...authoredActions }

export const allActions = Object.keys(actions) as Action[]

/** May they do this? */
export function can(standing: Standing, action: PlaceAction): boolean
export function can(standing: AuthoredStanding, action: Action): boolean
export function can(standing: Standing, action: Action): boolean {
  return unmet(standing, action) === undefined
}

/** Why they may not do this, most often 403; `null` when they may. */
export function denialOf(standing: Standing, action: PlaceAction): Refusal | null
export function denialOf(standing: AuthoredStanding, action: Action): Refusal | null
export function denialOf(standing: Standing, action: Action): Refusal | null {
  const requirement = unmet(standing, action)
  if (!requirement) return null

  const { message, code = 403 } = requirement
  return new Refusal(typeof message === "string" ? message : message(asAuthored(standing)), code)
}

/** Returns when they may do this, else throws why not. */
export function assertCan(standing: Standing, action: PlaceAction): void
export function assertCan(standing: AuthoredStanding, action: Action): void
export function assertCan(standing: Standing, action: Action): void {
  const denial = denialOf(asAuthored(standing), action)
  if (denial) throw denial
}

/** May the viewer remove or ban this member? Nobody removes the owner. */
export function canActOn(
  standing: Standing,
  action: "kickMembers" | "banMembers",
  target: { isOwner: boolean },
): boolean {
  return can(standing, action) && !target.isOwner
}

function unmet(standing: Standing, action: Action): Requirement<AuthoredStanding> | undefined {
  const authored = asAuthored(standing)
  return actions[action].find(({ isMet }) => !isMet(authored))
}

/** The overloads see to it that what depends on an author is asked of a standing that knows one. */
function asAuthored(standing: Standing): AuthoredStanding {
  return "isAuthor" in standing ? (standing as AuthoredStanding) : { ...standing, isAuthor: false }
}
