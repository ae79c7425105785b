import type { covenant } from "../../../src/covenant.ts"
import type { InputOf } from "../../../src/kernel/index.ts"
import type { KnownPasskeys } from "../passkeys.ts"

type Procedures = typeof covenant.procedures
export type ProcedureName = keyof Procedures
/** Who calls: nobody is signed in, or the person with this name is. */
export type Caller = "anonymous" | "alice" | "bob" | "mallory"
/** Someone who administers the instance and is in no server, and a member who was suspended. */
export type OtherCaller = "administrator" | "suspended"

/** What the inputs of the calls are about. */
export interface Place {
  serverId: string
  channelId: string
  categoryId: string
  /** Alice's server that she offers to bob. */
  offeredId: string
  messageId: string
  bobId: string
  /** Alice's group, in which she is with dora. */
  groupId: string
  /** A role that has overwrites in the channel. */
  roleId: string
  /** A channel in the category. */
  groupedId: string
  /** A thread in the channel. */
  threadId: string
  /** When bob marked everything as read. */
  markedId: string
  /** Someone who is timed out. */
  timedOutId: string
  /** A lock of the channel by alice. */
  undoId: string
  /** Someone who is banned. */
  doraId: string
  /** One waits for an approval, the other is suspended. */
  wandaId: string
  sybilId: string
  /** To the instance. */
  invitationId: string
  announcementId: string
  /** The tokens with which these call; that of the suspended was one until then. */
  administrator: string
  suspended: string
  /** Bob's. */
  sessionId: string
  /** Alice's, and its token. */
  botId: string
  tokenId: string
  webhookId: string
  hookId: string
  previewId: string
  code: string
  /** Bob's, not sent yet. */
  fileId: string
  ruleId: string
  /** Bob's passkey, and answers of his browser. */
  passkeys: KnownPasskeys
  /** Bob's. */
  pushDeviceId: string
  reportId: string
  /** Bob's, still to come. */
  reminderId: string
  scheduledId: string
  feedId: string
  /** Bob is connected to it. */
  providerId: string
}

/** What a call requires of its caller: it is about alice's server, a message and a file of bob, and bob himself. */
export type Need =
  /** Nothing: the call is about the account or the conversations of the caller. */
  | "all"
  /** To be a member who views the channel. */
  | "member"
  /** And not to be timed out. */
  | "active"
  /** And to be allowed to send. */
  | "sending"
  /** A permission that the moderators have. */
  | "moderating"
  /** And to have a higher role than bob. */
  | "ranking"
  /** A permission that only administrators have. */
  | "managing"
  | "owning"
  /** To be the author, who is in none of the columns. */
  | "nobody"

/**
 * A call, a person who may make it, and the code with which others are refused; "welcome" where they are not.
 */
export interface Rule<N extends ProcedureName> {
  inputs: (place: Place) => InputOf<Procedures[N]>
  allowed: Caller
  anonymous: 401 | "welcome"
  outsider: 400 | 403 | 404 | "welcome"
  /** Of administrators of the instance: what outsiders get, where not given. */
  administrator?: "welcome"
  need: Need
}

export type Rules = { [N in ProcedureName]: Rule<N> }

// What most rules are, with `outsider: 404` where outsiders must not learn that there is such a thing.

export const byAll = { allowed: "anonymous", anonymous: "welcome", outsider: "welcome", need: "all" } as const
export const bySignedIn = { allowed: "bob", anonymous: 401, outsider: "welcome", need: "all" } as const
export const byMembers = { allowed: "bob", anonymous: 401, outsider: 403, need: "member" } as const
export const byModerators = { allowed: "alice", anonymous: 401, outsider: 403, need: "moderating" } as const
export const byManagers = { allowed: "alice", anonymous: 401, outsider: 403, need: "managing" } as const
export const byOwner = { allowed: "alice", anonymous: 401, outsider: 403, need: "owning" } as const
/** Of what is bob's alone, or written by him. */
export const byBob = { allowed: "bob", anonymous: 401, outsider: 404, need: "nobody" } as const
/** Alice, who owns the server, also administers the instance; that she owns a server does not matter. */
export const byAdministrators = {
  allowed: "alice",
  anonymous: 401,
  outsider: 403,
  administrator: "welcome",
  need: "owning",
} as const

export const [setUpToken, resetToken] = ["a token that sets up", "a token for a password"]
/** Bob's. */
export const recoveryCode = "BBBB-BBBB-BBBB-BBBB-BBBB"
/** Confirms an address of bob. */
export const verificationToken = "a token of an address"
/** A sign-in of bob between its two steps, his backup codes, and a browser that he trusts. */
export const loginStep = "a sign-in of bob"
export const factorCodes = ["aaaa-bbbb-cccc-dddd", "eeee-ffff-gggg-hhhh"] as const
export const deviceId = "a browser of bob"

/** The new name of what is renamed. */
export const newName = "Renamed"
export const tomorrow = () => new Date(Date.now() + 86_400_000)
