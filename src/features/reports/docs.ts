import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { reportsContract } from "./contract.ts"

/** bob's report of alice's message: created by the example's world. */
export const sampleReportId = "2a3b4c5d-6e7f-4819-a2b3-c4d5e6f70819"

const own = {
  id: sampleReportId,
  serverId: sample.serverId,
  serverName: "Lab",
  messageId: sample.messageId,
  reason: "Not friendly",
  status: "open" as const,
  answer: null,
  createdAt: sample.at,
  closedAt: null,
}

const { serverName: _, ...fields } = own
const report = {
  ...fields,
  channelId: sample.channelId,
  channelName: "general",
  authorId: sample.aliceId,
  authorName: "alice",
  reporterId: sample.bobId,
  reporterName: "bob",
  moderatorId: null,
  moderatorName: null,
}
const byAlice = { moderatorId: sample.aliceId, moderatorName: "alice" }

const frozen = { attached: [], createdAt: sample.at, isEdited: false, isDeleted: false }
const fails = { 403: "you do not have the permission “Manage messages”", 404: "no such server" }
const failsOfReport = { 404: "no such report, or you may not see it" }

export const reportsDocs: ProcedureDocs<typeof reportsContract> = {
  reportMessage: {
    summary: "Tells a server's moderators of a message",
    description:
      "The message is kept as it is now, with five messages before and after it. A person reports a message once, and at " +
      "most 20 messages an hour.",
    fails: {
      404: "no such message",
      409: "you have reported it already",
      410: "it was deleted",
    },
    examples: [
      {
        input: { messageId: sample.bobsMessageId, reason: "Advertising" },
        output: {
          ...own,
          id: sample.newId,
          messageId: sample.bobsMessageId,
          reason: "Advertising",
        },
      },
      {
        summary: "About an own message",
        input: { messageId: sample.messageId, reason: "Advertising" },
        error: { code: 400, message: "You cannot report your own message" },
      },
    ],
  },
  getMyReports: {
    summary: "Lists your own reports, newest first, with the answers of moderators",
    examples: [{ by: "bob", input: null, output: [own] }],
  },
  getReports: {
    summary: "Lists the reports of a server",
    description:
      "Those that wait, oldest first; with `status`, those that have it, newest first. At most 100, and only about " +
      "messages in channels that you may read.",
    fails,
    examples: [{ input: { serverId: sample.serverId }, output: [report] }],
  },
  getReport: {
    summary: "Returns a report with what was frozen",
    fails: failsOfReport,
    examples: [
      {
        input: { reportId: sampleReportId },
        output: {
          ...report,
          messages: [
            {
              ...{ id: sample.messageId, userId: sample.aliceId, username: "alice", content: "Hello!" },
              ...frozen,
            },
            {
              ...{ id: sample.bobsMessageId, userId: sample.bobId, username: "bob", content: "Hi, Alice." },
              ...frozen,
            },
          ],
        },
      },
    ],
  },
  claimReport: {
    summary: "Says that you take care of a report",
    fails: { ...failsOfReport, 409: "somebody else has claimed it, or it is closed" },
    examples: [{ input: { reportId: sampleReportId }, output: { ...report, ...byAlice, status: "claimed" } }],
  },
  closeReport: {
    summary: "Closes a report",
    description: "Its reporter sees the outcome and the answer.",
    fails: { ...failsOfReport, 403: "it is about your own message", 409: "it is closed already" },
    examples: [
      {
        input: { reportId: sampleReportId, outcome: "acted", answer: "Thank you. We have talked to them." },
        output: {
          ...{ ...report, ...byAlice, status: "acted", closedAt: sample.at },
          answer: "Thank you. We have talked to them.",
        },
      },
    ],
  },
}
