import { Refusal } from "../../kernel/index.ts"
import type { AuthoredStanding, PlaceKind, Standing } from "./standing.ts"
import { noSuchServer, notForBots, notMember, ownerOnly } from "./wording.ts"

// The only file that decides what owners, members, bots and the users of a conversation may do.

/** Permissions of members, named as Discord's (API docs, "Permissions"). */
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

/** The permissions of every member, by kind of place. A server's owner has all of them. */
const granted: Record<PlaceKind, ReadonlySet<Permission>> = {
  server: new Set<Permission>([
    "viewChannel",
    "sendMessages",
    "addReactions",
    "createThreads",
    "createInvite",
  ]),
  // A conversation has no owner, so each permission of an owner is granted to all of its members or to none.
  direct: new Set<Permission>([
    "viewChannel",
    "sendMessages",
    "addReactions",
    "createThreads",
    "pinMessages",
  ]),
}

/** One condition of an action, with the refusal of viewers who do not meet it. */
interface Requirement<S extends Standing = Standing> {
  isMet(standing: S): boolean
  message: string | ((standing: S) => string)
  /** An HTTP status. Default: 403. */
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
  // Does not reveal to blocked users that they are blocked.
  message: ({ block }) =>
    block === "byViewer"
      ? "You have blocked this person. Unblock them to write here"
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

/** Actions in a place, with their requirements. The first unmet requirement is the reason of the refusal. */
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

/** Actions on an object that has an author, such as a message or an invite. */
const authoredActions = {
  edit: [member, author("You may edit only your own messages"), unblocked],
  delete: [member, authorOr("manageMessages", "You may delete only your own messages")],
  endPoll: [member, authorOr("manageMessages", "You may end only your own polls")],
  removePreviews: [member, authorOr("manageMessages", "You may remove previews only from your own messages")],
  revokeInvite: [
    member,
    authorOr("manageServer", "Only the server's owner and the creator of an invite may revoke it"),
  ],
} satisfies Record<string, Requirement<AuthoredStanding>[]>

/** An action in a place. */
export type PlaceAction = keyof typeof placeActions
/** An action in a place, or on an object that has an author. */
export type Action = PlaceAction | keyof typeof authoredActions

const actions: Record<Action, Requirement<AuthoredStanding>[]> = { ...placeActions, ...authoredActions }

export const allActions = Object.keys(actions) as Action[]

/** Does this standing allow the action? */
export function can(standing: Standing, action: PlaceAction): boolean
export function can(standing: AuthoredStanding, action: Action): boolean
export function can(standing: Standing, action: Action): boolean {
  return unmet(standing, action) === undefined
}

/** The refusal of an action, usually 403; `null` when it is allowed. */
export function denialOf(standing: Standing, action: PlaceAction): Refusal | null
export function denialOf(standing: AuthoredStanding, action: Action): Refusal | null
export function denialOf(standing: Standing, action: Action): Refusal | null {
  const requirement = unmet(standing, action)
  if (!requirement) return null

  const { message, code = 403 } = requirement
  return new Refusal(typeof message === "string" ? message : message(asAuthored(standing)), code)
}

/** Throws the refusal of an action that is not allowed. */
export function assertCan(standing: Standing, action: PlaceAction): void
export function assertCan(standing: AuthoredStanding, action: Action): void
export function assertCan(standing: Standing, action: Action): void {
  const denial = denialOf(asAuthored(standing), action)
  if (denial) throw denial
}

/** May the viewer remove or ban this member? Nobody may remove the owner. */
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

/** Safe because of the overloads: actions that depend on an author require an `AuthoredStanding`. */
function asAuthored(standing: Standing): AuthoredStanding {
  return "isAuthor" in standing ? (standing as AuthoredStanding) : { ...standing, isAuthor: false }
}
