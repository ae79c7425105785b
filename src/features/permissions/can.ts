import { Refusal } from "../../kernel/index.ts"
import { includes, type Permission } from "./bits.ts"
import { holdMessage } from "./hold.ts"
import { permissionTitle } from "./permission-texts.ts"
import type { AuthoredStanding, Standing } from "./standing.ts"
import { noSuchServer, notForBots, notMember, notVisible, ownerOnly } from "./wording.ts"

// The only file that decides what owners, members, bots and the users of a conversation may do.

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

/** Members see the server itself, whatever channels they see. */
const visible: Requirement = {
  isMet: (standing) => !standing.isChannel || has(standing, "viewChannel"),
  message: notVisible,
}
const notTimedOut: Requirement = {
  isMet: ({ isTimedOut }) => !isTimedOut,
  message: "You are timed out: until it ends you can only read",
}
const open: Requirement = {
  isMet: ({ isArchived }) => !isArchived,
  message: "This channel is archived",
}
const unlocked: Requirement = {
  isMet: (standing) => !standing.isLocked || has(standing, "manageMessages"),
  message: "This channel is locked",
}
/** The server's rules are accepted, and the member is no longer too new. */
const admitted: Requirement = {
  isMet: ({ hold }) => !hold,
  message: ({ hold }) => (hold ? holdMessage(hold) : ""),
}
/** What everything that writes to a channel requires. */
const writing = [notTimedOut, open, unlocked, unblocked, admitted]

function permission(name: Permission, message = missing(name)): Requirement {
  return { isMet: (standing) => has(standing, name), message }
}

/** To send in a thread is a permission of its own. */
const sending: Requirement = {
  isMet: (standing) => has(standing, standing.isThread ? "sendInThreads" : "sendMessages"),
  message: "You do not have permission to send messages here",
}

/** Threads are managed with a permission of their own. */
const managing: Requirement = {
  isMet: (standing) => has(standing, standing.isThread ? "manageThreads" : "manageChannels"),
  message: ({ isThread }) => missing(isThread ? "manageThreads" : "manageChannels"),
}

function author(message: string): Requirement<AuthoredStanding> {
  return { isMet: ({ isAuthor }) => isAuthor, message }
}

function authorOr(name: Permission, message: string): Requirement<AuthoredStanding> {
  return { isMet: (standing) => standing.isAuthor || has(standing, name), message }
}

function has({ isMember, permissions }: Standing, name: Permission): boolean {
  return isMember && includes(permissions, name)
}

function missing(name: Permission): string {
  return `You do not have the permission “${permissionTitle(name)}”`
}

/** Actions in a place, with their requirements. The first unmet requirement is the reason of the refusal. */
const placeActions = {
  read: [member, visible],
  readHistory: [member, visible, permission("readHistory")],
  send: [member, ...writing, sending],
  attachFiles: [member, ...writing, sending, permission("attachFiles")],
  embedLinks: [member, permission("embedLinks")],
  sendPolls: [member, ...writing, sending, permission("sendPolls")],
  react: [member, ...writing, permission("addReactions")],
  /** To choose an emoji that is under the message already, to vote, and to take either back. */
  reactAlike: [member, ...writing, permission("readHistory")],
  createThread: [member, ...writing, permission("createThreads")],
  pin: [member, ...writing, permission("pinMessages")],
  mentionEveryone: [member, permission("mentionEveryone")],
  bypassSlowMode: [member, permission("bypassSlowMode")],
  manageMessages: [member, permission("manageMessages")],
  manageThreads: [member, permission("manageThreads")],
  manageChannels: [member, notTimedOut, managing],
  manageRoles: [member, notTimedOut, permission("manageRoles")],
  manageWebhooks: [member, notTimedOut, permission("manageWebhooks")],
  manageNicknames: [member, notTimedOut, permission("manageNicknames")],
  changeNickname: [member, notTimedOut, permission("changeNickname")],
  kickMembers: [member, notTimedOut, permission("kickMembers")],
  banMembers: [member, notTimedOut, permission("banMembers")],
  timeOutMembers: [member, notTimedOut, permission("timeOutMembers")],
  viewAuditLog: [member, notTimedOut, permission("viewAuditLog")],
  manageServer: [member, notTimedOut, permission("manageServer")],
  deleteServer: [member, owner],
  transferServer: [member, owner],
  exportServer: [member, owner],
  invite: [member, person, notTimedOut, permission("createInvite")],
  leaveServer: [member, inServer, notOwner],
} satisfies Record<string, Requirement[]>

/** Actions on an object that has an author, such as a message or an invite. */
const authoredActions = {
  edit: [member, author("You may edit only your own messages"), ...writing],
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

/** Actions on another member, or on a role. */
export type ActionOnMember =
  | "kickMembers"
  | "banMembers"
  | "timeOutMembers"
  | "manageNicknames"
  | "manageRoles"

/** May the viewer do this to someone whose highest role has this position? Nobody may do it to the owner. */
export function canActOn(standing: Standing, action: ActionOnMember, target: Ranked): boolean {
  return can(standing, action) && !target.isOwner && standing.rank > target.rank
}

/** A member, or a role. */
export interface Ranked {
  isOwner?: boolean
  /** The position of a member's highest role, or of the role. */
  rank: number
}

function unmet(standing: Standing, action: Action): Requirement<AuthoredStanding> | undefined {
  const authored = asAuthored(standing)
  return actions[action].find(({ isMet }) => !isMet(authored))
}

/** Safe because of the overloads: actions that depend on an author require an `AuthoredStanding`. */
function asAuthored(standing: Standing): AuthoredStanding {
  return "isAuthor" in standing ? (standing as AuthoredStanding) : { ...standing, isAuthor: false }
}
