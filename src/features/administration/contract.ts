import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"
import { Reason } from "../audit-log/contract.ts"
import { instanceActionNames, Registration, ServerCreation } from "../instance/contract.ts"
import { Session } from "../sessions/contract.ts"

/** People, servers and entries of the log on one page. */
export const administrationPageSize = 50
const maxUses = 1000
const maxDays = 3650
/** Longest question at sign-up, and its answer, in characters. */
const maxQuestionLength = 200
const tooLongQuestion = `Use at most ${maxQuestionLength} characters`

/** A person, as administrators see them: nothing of what they wrote. */
export const AdministeredPerson = z.object({
  id: z.string(),
  username: z.string(),
  createdAt: z.date(),
  /** The last time one of their sessions was renewed; `null` when they have none. To the day. */
  lastSeenAt: z.date().nullable(),
  sessions: z.int(),
  /** Of the files they uploaded, in bytes. */
  fileBytes: z.int(),
  isAdministrator: z.boolean(),
  isSuspended: z.boolean(),
  /** The end of the suspension; `null`: by hand. */
  suspendedUntil: z.date().nullable(),
  suspensionReason: z.string().nullable(),
  /** Since when they wait for an approval. */
  waitingSince: z.date().nullable(),
  /** Why they want to join. */
  application: z.string().nullable(),
})
export type AdministeredPerson = z.infer<typeof AdministeredPerson>

export const peopleFilters = ["all", "administrators", "suspended", "waiting"] as const

/** A server, as administrators see it: nothing of what is in its channels. */
export const AdministeredServer = z.object({
  id: z.string(),
  name: z.string(),
  ownerName: z.string(),
  createdAt: z.date(),
  members: z.int(),
  messages: z.int(),
  fileBytes: z.int(),
})
export type AdministeredServer = z.infer<typeof AdministeredServer>

export const Invitation = z.object({
  id: z.string(),
  note: z.string(),
  createdByName: z.string(),
  createdAt: z.date(),
  expiresAt: z.date().nullable(),
  maxUses: z.int().nullable(),
  uses: z.int(),
  revokedAt: z.date().nullable(),
})
export type Invitation = z.infer<typeof Invitation>

export const InstanceEntry = z.object({
  id: z.string(),
  /** `null` for the command line. */
  actorId: z.string().nullable(),
  actorName: z.string(),
  action: z.enum(instanceActionNames),
  targetId: z.string().nullable(),
  targetName: z.string().nullable(),
  changes: z.record(z.string(), z.object({ before: z.unknown().optional(), after: z.unknown().optional() })),
  reason: z.string().nullable(),
  createdAt: z.date(),
})
export type InstanceEntry = z.infer<typeof InstanceEntry>

/** Files of one kind, or of one person. */
const Stored = z.object({ name: z.string(), files: z.int(), bytes: z.int() })

export const Operations = z.object({
  version: z.string(),
  startedAt: z.date(),
  people: z.int(),
  servers: z.int(),
  /** Channels whose newest messages are not in the search index yet. */
  unindexedChannels: z.int(),
  /** Failing outgoing webhooks, and those that were given up. */
  failingWebhooks: z.int(),
  disabledWebhooks: z.int(),
  /** Data archives in progress, and that could not be made. */
  waitingExports: z.int(),
  failedExports: z.int(),
  /** Accounts scheduled for deletion. */
  accountDeletions: z.int(),
  /** The last failures of this process, newest first. */
  failures: z.array(z.object({ at: z.date(), where: z.string(), message: z.string() })),
})
export type Operations = z.infer<typeof Operations>

export const ConfigurationLine = z.object({
  name: z.string(),
  /** In words where it is not set; never a secret. */
  value: z.string(),
  source: z.enum(["environment", "default"]),
})
export type ConfigurationLine = z.infer<typeof ConfigurationLine>

/** Whom an act is about, and why. */
const OfPerson = z.object({ userId: z.string(), reason: Reason })
const OfServer = z.object({ serverId: z.string(), reason: Reason })
const Day = z.iso.date("Enter a day as YYYY-MM-DD")
const Search = z.string().trim().max(50, "Search for at most 50 characters").optional()

// Each procedure fails with 401, and with 403 for everyone but administrators of the instance.
export const administrationContract = {
  /** People by name. `next` continues behind the last one; `null` on the last page. */
  getAllPeople: query({
    input: z.object({
      search: Search,
      filter: z.enum(peopleFilters).optional(),
      after: z.string().optional(),
    }),
    output: z.object({ people: z.array(AdministeredPerson), next: z.string().nullable() }),
  }),
  /** Fails: 404. */
  getPerson: query({ input: z.object({ userId: z.string() }), output: AdministeredPerson }),
  /** Lets someone in who waits. Fails: 404 (nobody who waits). */
  approvePerson: mutation({ input: OfPerson, output: z.null() }),
  /** Deletes the account of someone who waits. Fails: 404 (nobody who waits). */
  refusePerson: mutation({ input: OfPerson, output: z.null() }),
  /**
   * Suspends a person and ends all their sessions and those of their bots. Without `hours`, until someone ends it. With
   * `deletesMessages` everything they, their bots and their webhooks wrote is deleted, everywhere and permanently, in the background.
   * Fails: 404, 400 (the last administrator).
   */
  suspendPerson: mutation({
    input: OfPerson.extend({
      hours: z
        .int()
        .min(1)
        .max(24 * maxDays)
        .optional(),
      deletesMessages: z.boolean().optional(),
    }),
    output: z.null(),
  }),
  /** Fails: 404 (not suspended). */
  unsuspendPerson: mutation({ input: OfPerson, output: z.null() }),
  /**
   * Deletes an account as its owner could, with its bots. Fails: 404, 400 (owns servers; the last administrator).
   */
  deletePerson: mutation({ input: OfPerson, output: z.null() }),
  /** Ends all sessions of a person. Fails: 404. */
  endPersonSessions: mutation({ input: OfPerson, output: z.null() }),
  /**
   * Makes an address by which a person sets a new password, once and within 15 minutes: `/reset/{token}`. The token is
   * not stored, so it is said only here. Fails: 404.
   */
  createResetLink: mutation({
    input: OfPerson,
    output: z.object({ token: z.string(), expiresAt: z.date() }),
  }),
  /** Removes the second factors of a person who lost them, and ends all their sessions. Fails: 404. */
  removeSecondFactor: mutation({ input: OfPerson, output: z.null() }),
  /** The sessions of a person, last used first, at most 200. Fails: 404. */
  getPersonSessions: query({
    input: z.object({ userId: z.string() }),
    output: z.array(Session.omit({ isCurrent: true })),
  }),
  /** Makes a person administrator, or takes that from them. Fails: 404, 400 (the last administrator). */
  setAdministrator: mutation({ input: OfPerson.extend({ isAdministrator: z.boolean() }), output: z.null() }),

  /** Servers by name. */
  getAllServers: query({
    input: z.object({ search: Search, after: z.string().optional() }),
    output: z.object({ servers: z.array(AdministeredServer), next: z.string().nullable() }),
  }),
  /** Makes a member the owner of a server. Fails: 404 (no such server), 400 (no member has that name). */
  handOverServer: mutation({ input: OfServer.extend({ username: z.string().max(100) }), output: z.null() }),
  /** Deletes a server. Fails: 404. */
  removeServer: mutation({ input: OfServer, output: z.null() }),

  /** Invitations to the instance, newest first, at most 200. */
  getInvitations: query({ input: z.null(), output: z.array(Invitation) }),
  /** Makes an invitation: the address `/join/{code}`. The code is not stored, so it is said only here. */
  createInvitation: mutation({
    input: z.object({
      note: z.string().trim().max(100, "A note has at most 100 characters").optional(),
      maxUses: z.int().min(1).max(maxUses).nullable().optional(),
      days: z.int().min(1).max(maxDays).nullable().optional(),
    }),
    output: z.object({ id: z.string(), code: z.string() }),
  }),
  /** Fails: 404 (none, or revoked already). */
  revokeInvitation: mutation({ input: z.object({ id: z.string() }), output: z.null() }),

  /** Changes who may sign up and what people may do. */
  updateInstance: mutation({
    input: z
      .object({
        registration: Registration,
        serverCreation: ServerCreation,
        /** Asked at sign-up against programs; empty for none. What is not given stays. */
        signUpQuestion: z.string().trim().max(maxQuestionLength, tooLongQuestion).optional(),
        /** Whether browsers may compute for a moment in place of the answer. */
        signUpWork: z.boolean().optional(),
        signUpAnswer: z.string().trim().max(maxQuestionLength, tooLongQuestion).optional(),
      })
      .refine(({ signUpQuestion, signUpAnswer }) => !signUpQuestion || signUpAnswer, {
        path: ["signUpAnswer"],
        message: "Enter the answer, too",
      }),
    output: z.null(),
  }),
  /** Files by kind, and the 50 people who store the most. */
  getStorage: query({
    input: z.null(),
    output: z.object({ kinds: z.array(Stored), people: z.array(Stored) }),
  }),
  /** How the instance is, and how its background work goes. */
  getOperations: query({ input: z.null(), output: Operations }),
  /** The configuration by variable, or one of them, without secrets. */
  getConfiguration: query({
    input: z.object({ name: z.string().optional() }),
    output: z.array(ConfigurationLine),
  }),
  /**
   * What administrators did, newest first. `next` continues with older entries. Entries cannot be changed; old ones are
   * deleted, see `INSTANCE_LOG_DAYS`. Fails: 400.
   */
  getInstanceLog: query({
    input: z.object({
      /** The name that the actor had. */
      actor: z.string().trim().toLowerCase().max(50).optional(),
      action: z.enum(instanceActionNames).optional(),
      /** Days in UTC, both included. */
      from: Day.optional(),
      to: Day.optional(),
      before: z
        .string()
        .regex(/^\d{1,16}\.[\w-]{1,64}$/, "Use the value of `next` of an earlier page")
        .optional(),
    }),
    output: z.object({ entries: z.array(InstanceEntry), next: z.string().nullable() }),
  }),
}
