import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { automodContract } from "./contract.ts"

/** The rule that examples read and change: created by the example's world. */
export const sampleRuleId = "1f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f9"

const fails = { 403: "you do not have the permission “Manage server”", 404: "no such server" }
const failsOfRule = { 404: "no such rule, or you may not manage its server" }

const rule = {
  name: "Slurs",
  trigger: { kind: "words" as const, words: ["badword*"] },
  actions: [{ kind: "block" as const, message: "Please stay friendly" }],
  exemptRoleIds: [],
  exemptChannelIds: [],
  isEnabled: true,
}
const stored = { ...rule, id: sampleRuleId, serverId: sample.serverId, createdAt: sample.at }

export const automodDocs: ProcedureDocs<typeof automodContract> = {
  getAutomodRules: {
    summary: "Lists a server's automod rules, oldest first",
    fails,
    examples: [{ input: { serverId: sample.serverId }, output: [stored] }],
  },
  createAutomodRule: {
    summary: "Creates an automod rule",
    description:
      "Messages are checked before anyone sees them, when they are sent and when they are edited. The owner and " +
      "everyone with the permission “Manage server” are exempt. A server has at most 6 rules with words and one of each " +
      "other kind. Patterns are a subset of regular expressions that is matched in linear time: no lookaround and no " +
      "references to groups.",
    fails,
    fields: {
      trigger: "`words`: `*` at an end of a word matches the rest of a word. Case and accents do not matter",
      actions: "One to three, each kind once",
      exemptRoleIds: "Members with one of these roles are not checked",
      exemptChannelIds: "Nor is what is sent in these channels and their threads",
    },
    examples: [
      {
        input: {
          serverId: sample.serverId,
          name: "Links",
          trigger: { kind: "links", limit: 3, allow: [], deny: ["bad.example"] },
          actions: [{ kind: "timeOut", seconds: 600 }, { kind: "block" }],
        },
        output: {
          ...stored,
          id: sample.newId,
          name: "Links",
          trigger: { kind: "links", limit: 3, allow: [], deny: ["bad.example"] },
          actions: [{ kind: "timeOut", seconds: 600 }, { kind: "block" }],
        },
      },
      {
        summary: "With a pattern that could not be matched in linear time",
        input: {
          serverId: sample.serverId,
          name: "Twice",
          trigger: { kind: "patterns", patterns: ["(.)\\1"] },
          actions: [{ kind: "block" }],
        },
        error: {
          code: 400,
          message:
            "trigger.patterns.0: (.)\\1: A reference to a group, “\\1”, cannot be matched in linear time",
          issues: [
            {
              path: "trigger.patterns.0",
              message: "(.)\\1: A reference to a group, “\\1”, cannot be matched in linear time",
            },
          ],
        },
      },
    ],
  },
  updateAutomodRule: {
    summary: "Changes an automod rule",
    description: "Fields that are absent stay. The kind of the trigger cannot change.",
    fails: failsOfRule,
    examples: [
      { input: { ruleId: sampleRuleId, isEnabled: false }, output: { ...stored, isEnabled: false } },
    ],
  },
  deleteAutomodRule: {
    summary: "Deletes an automod rule and returns it",
    fails: failsOfRule,
    examples: [{ input: { ruleId: sampleRuleId }, output: stored }],
  },
  testAutomodRule: {
    summary: "Says which rules a text would meet",
    description:
      "Rules about mentions and repeated texts are not tested. Nothing is sent, and nobody is timed out. With `trigger`, " +
      "only that one is tested, as if it were a rule.",
    fails,
    examples: [
      {
        input: { serverId: sample.serverId, text: "What a BADWORDS" },
        output: [{ ruleId: sampleRuleId, name: "Slurs", matched: "badword*" }],
      },
    ],
  },
}
