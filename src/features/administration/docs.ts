import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { administrationContract } from "./contract.ts"

/** Someone who waits for an approval, someone who is suspended, and an invitation, in the example's world. */
export const sampleWaitingId = "3c9d8e7f-6a5b-4c4d-8e3f-2a1b0c9d8e7f"
export const sampleSuspendedId = "5a4b3c2d-1e0f-4a9b-8c7d-6e5f4a3b2c1d"
export const sampleInvitationId = "7f6e5d4c-3b2a-4190-8f7e-6d5c4b3a2910"

const only = "you do not administer this chat"
const fails = { 403: only }
const failsOfPerson = { 403: only, 404: "there is no such person" }
const failsOfServer = { 403: only, 404: "there is no such server" }
const refused = {
  summary: "By someone who is not an administrator",
  by: "bob",
  error: { code: 403, message: "Only administrators of this chat may do this" },
} as const

const bob = {
  id: sample.bobId,
  username: "bob",
  createdAt: sample.at,
  lastSeenAt: sample.at,
  sessions: 2,
  fileBytes: 0,
  isAdministrator: false,
  isSuspended: false,
  suspendedUntil: null,
  suspensionReason: null,
  waitingSince: null,
  application: null,
}

export const administrationDocs: ProcedureDocs<typeof administrationContract> = {
  getAllPeople: {
    summary: "Lists the people of this chat by name",
    fails,
    fields: {
      search: "A part of the name",
      filter: "`all` without it",
      after: "The `next` of the page before",
    },
    examples: [
      { input: { search: "bo" }, output: { people: [bob], next: null } },
      { ...refused, input: {} },
    ],
  },
  getPerson: {
    summary: "Returns a person as administrators see them",
    fails: failsOfPerson,
    examples: [{ input: { userId: sample.bobId }, output: bob }],
  },
  approvePerson: {
    summary: "Lets someone in who waits for an approval",
    fails: { 403: only, 404: "nobody with this name is waiting" },
    examples: [{ input: { userId: sampleWaitingId }, output: null }],
  },
  refusePerson: {
    summary: "Deletes the account of someone who waits for an approval",
    fails: { 403: only, 404: "nobody with this name is waiting" },
    examples: [{ input: { userId: sampleWaitingId }, output: null }],
  },
  suspendPerson: {
    summary: "Suspends a person and ends their sessions and those of their bots",
    fails: failsOfPerson,
    fields: { hours: "Without it, until someone ends the suspension" },
    examples: [
      { input: { userId: sample.bobId, hours: 24, reason: "Advertising" }, output: null },
      {
        summary: "The last administrator",
        input: { userId: sample.aliceId },
        error: {
          code: 400,
          message: "This is the last administrator. Make someone else administrator first",
        },
      },
    ],
  },
  unsuspendPerson: {
    summary: "Ends a suspension",
    fails: { 403: only, 404: "this person is not suspended" },
    examples: [{ input: { userId: sampleSuspendedId }, output: null }],
  },
  deletePerson: {
    summary: "Deletes the account of a person with its bots",
    description:
      "Their messages stay under a placeholder name. Hand over or delete the servers they own first.",
    fails: failsOfPerson,
    examples: [{ input: { userId: sample.malloryId }, output: null }],
  },
  endPersonSessions: {
    summary: "Ends all sessions of a person",
    fails: failsOfPerson,
    examples: [{ input: { userId: sample.bobId }, output: null }],
  },
  createResetLink: {
    summary: "Makes an address by which a person sets a new password",
    description:
      "The address is `/reset/{token}`. It works once, within 15 minutes, and ends all sessions of the account. Earlier ones stop working.",
    fails: failsOfPerson,
    examples: [{ input: { userId: sample.bobId }, output: { token: sample.token, expiresAt: sample.at } }],
  },
  setAdministrator: {
    summary: "Makes a person administrator, or takes that from them",
    fails: failsOfPerson,
    examples: [{ input: { userId: sample.bobId, isAdministrator: true }, output: null }],
  },
  getAllServers: {
    summary: "Lists all servers of this chat by name",
    fails,
    fields: { search: "A part of the name", after: "The `next` of the page before" },
    examples: [
      {
        input: {},
        output: {
          servers: [
            {
              id: sample.serverId,
              name: "Lab",
              ownerName: "alice",
              createdAt: sample.at,
              members: 2,
              messages: 2,
              fileBytes: 70,
            },
          ],
          next: null,
        },
      },
    ],
  },
  handOverServer: {
    summary: "Makes a member the owner of a server",
    fails: failsOfServer,
    fields: { username: "A person who is a member of it" },
    examples: [
      {
        input: { serverId: sample.serverId, username: "bob", reason: "Alice asked for it" },
        output: null,
      },
    ],
  },
  removeServer: {
    summary: "Deletes a server with everything in it",
    fails: failsOfServer,
    examples: [{ input: { serverId: sample.serverId }, output: null }],
  },
  getInvitations: {
    summary: "Lists the invitations to this chat, newest first, at most 200",
    fails,
    examples: [
      {
        input: null,
        output: [
          {
            id: sampleInvitationId,
            note: "Friends",
            createdByName: "alice",
            createdAt: sample.at,
            expiresAt: null,
            maxUses: 10,
            uses: 0,
            revokedAt: null,
          },
        ],
      },
    ],
  },
  createInvitation: {
    summary: "Makes an invitation to this chat",
    description: "Who opens `/join/{code}` may sign up, where sign-ups need an invitation or an approval.",
    fails,
    fields: {
      note: "For whom it is",
      maxUses: "Any number without it",
      days: "How long it works; for ever without it",
    },
    examples: [
      {
        input: { note: "Friends", maxUses: 10, days: 7 },
        output: { id: sample.newId, code: "Lf5Pc0YaTqEuIoSiDpFgWxKzCvBnM2Qm7RVd1Gs8Hj3" },
      },
    ],
  },
  revokeInvitation: {
    summary: "Revokes an invitation to this chat",
    fails: { 403: only, 404: "there is no such invitation" },
    examples: [{ input: { id: sampleInvitationId }, output: null }],
  },
  removeSecondFactor: {
    summary: "Removes the second factors of a person who lost them, and ends all their sessions",
    fails: failsOfPerson,
    examples: [{ input: { userId: sample.bobId, reason: "Lost their phone" }, output: null }],
  },
  getPersonSessions: {
    summary: "Lists a person's sessions, last used first, at most 200",
    fails: failsOfPerson,
    examples: [
      {
        input: { userId: sampleWaitingId },
        output: [
          { id: sample.newId, createdAt: sample.at, updatedAt: sample.at, userAgent: null, ipAddress: null },
        ],
      },
    ],
  },
  updateInstance: {
    summary: "Changes who may sign up, and who may create servers",
    fails,
    examples: [
      {
        input: { registration: "invite", serverCreation: "everyone" },
        output: null,
      },
    ],
  },
  getStorage: {
    summary: "Sums up uploaded files by kind, and by the 50 people who store the most",
    fails,
    examples: [
      {
        input: null,
        output: {
          kinds: [{ name: "Images", files: 1, bytes: 70 }],
          people: [{ name: "alice", files: 1, bytes: 70 }],
        },
      },
    ],
  },
  getOperations: {
    summary: "Returns how this chat is and how its background work goes",
    fails,
    examples: [
      {
        input: null,
        output: {
          version: "0.1.0",
          startedAt: sample.at,
          people: 7,
          servers: 1,
          unindexedChannels: 0,
          failingWebhooks: 0,
          disabledWebhooks: 0,
          waitingExports: 0,
          failedExports: 0,
          accountDeletions: 0,
          failures: [],
        },
      },
    ],
  },
  getConfiguration: {
    summary: "Lists the configuration with where each value comes from, without secrets",
    fails,
    fields: { name: "Only this variable" },
    examples: [
      {
        input: { name: "AUDIT_LOG_DAYS" },
        output: [{ name: "AUDIT_LOG_DAYS", value: "45", source: "default" }],
      },
    ],
  },
  getInstanceLog: {
    summary: "Lists what administrators did, newest first",
    fails,
    fields: { before: "The `next` of the page before" },
    examples: [{ input: {}, output: { entries: [], next: null } }],
  },
}
