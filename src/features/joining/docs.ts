import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { joiningContract } from "./contract.ts"

const input = { serverId: sample.serverId }
const fails = { 403: "you do not have the permission “Manage server”", 404: "no such server" }
const failsOfMember = { 403: "you are not a member", 404: "no such server" }

const settings = {
  ...input,
  ...{ rules: "", questions: [], defaultChannelIds: [], welcome: "" },
  ...{ minAccountMinutes: 0, minMemberMinutes: 0, raidJoinsPerMinute: 0, raidLockedUntil: null },
}

export const joiningDocs: ProcedureDocs<typeof joiningContract> = {
  getJoinSettings: {
    summary: "Says how people join a server",
    fails,
    examples: [{ input, output: settings }],
  },
  updateJoinSettings: {
    summary: "Changes how people join a server",
    description:
      "Fields that are absent stay. Those who are members when a server gets its first rules have accepted them. " +
      "Answers give only roles that you may give yourself, and no roles with permissions of moderators.",
    fails,
    fields: {
      rules: "A member accepts them before the first message",
      asksAgain: "All members have to accept the rules again, such as after a change of them",
      welcome:
        "Sent to the system channel when someone joins, instead of a plain note; `{user}` and `{server}` are replaced",
      raidJoinsPerMinute: "This many joins within a minute lock the server for an hour; 0: never",
    },
    examples: [
      {
        input: { ...input, rules: "Be kind.", minMemberMinutes: 10 },
        output: { ...settings, rules: "Be kind.", minMemberMinutes: 10 },
      },
    ],
  },
  getJoining: {
    summary: "Returns a server's rules and questions, with your answers",
    fails: failsOfMember,
    examples: [
      {
        by: "bob",
        input,
        output: { ...input, rules: "", acceptedRulesAt: null, channels: [], questions: [] },
      },
    ],
  },
  acceptRules: {
    summary: "Accepts the rules of a server",
    fails: failsOfMember,
    examples: [{ by: "bob", input, output: null }],
  },
  answerQuestions: {
    summary: "Gives you the roles of the chosen answers, and takes those of the others",
    fails: failsOfMember,
    fields: { answers: "The ids of the chosen answers, by the id of the question" },
    examples: [
      {
        by: "bob",
        input: { ...input, answers: {} },
        output: { ...input, rules: "", acceptedRulesAt: null, channels: [], questions: [] },
      },
    ],
  },
  lockServer: {
    summary: "Locks a server against a raid",
    description:
      "Until the time is over invites do not work, and in every channel one waits 30 s between messages.",
    fails,
    examples: [{ input: { ...input, minutes: 60 }, output: { ...settings, raidLockedUntil: sample.at } }],
  },
  unlockServer: {
    summary: "Ends the lock of a server",
    fails,
    examples: [{ input, output: settings }],
  },
}
