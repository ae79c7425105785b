import type { RuleForm } from "../../../views/automod.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { field, fields, formState } from "../form-fields.ts"
import { type AutomodAction, type AutomodRule, AutomodTrigger, type TriggerKind } from "./contract.ts"

const kinds = AutomodTrigger.options.map((option) => option.shape.kind.value)

/** The kind that a form names; `words` for anything else. */
export function kindOf(text: string): TriggerKind {
  return kinds.find((kind) => kind === text) ?? "words"
}

const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean)

/** An empty field is missing. The contract refuses `NaN`. */
const numberOf = (text: string) => (text.trim() === "" ? null : Number(text))

/** Reads a rule from a submitted form. What is wrong with it the contract says. */
export function ruleOf(body: unknown, kind: TriggerKind) {
  const chosen = fields(body, "actions")
  const message = field(body, "message").trim()
  const actions: AutomodAction[] = [
    ...(chosen.includes("block") ? [{ kind: "block" as const, message: message || undefined }] : []),
    ...(chosen.includes("alert") ? [{ kind: "alert" as const, channelId: field(body, "channelId") }] : []),
    ...(chosen.includes("timeOut")
      ? [{ kind: "timeOut" as const, seconds: Number(field(body, "seconds")) }]
      : []),
  ]
  return {
    name: field(body, "name"),
    trigger: triggerOf(body, kind),
    actions,
    exemptRoleIds: fields(body, "exemptRoleIds"),
    exemptChannelIds: fields(body, "exemptChannelIds"),
    isEnabled: field(body, "isEnabled") !== "",
  }
}

function triggerOf(body: unknown, kind: TriggerKind): AutomodTrigger {
  const limit = numberOf(field(body, "limit"))
  switch (kind) {
    case "words":
      return { kind, words: lines(field(body, "words")) }
    case "patterns":
      return { kind, patterns: lines(field(body, "patterns")) }
    case "mentions":
      return { kind, limit: limit ?? Number.NaN }
    case "links":
      return { kind, limit, allow: lines(field(body, "allow")), deny: lines(field(body, "deny")) }
    case "invites":
      return { kind }
    case "repeats":
      return { kind, count: numberOf(field(body, "count")) ?? Number.NaN }
  }
}

const names = [
  "name",
  "words",
  "patterns",
  "limit",
  "allow",
  "deny",
  "count",
  "message",
  "channelId",
  "seconds",
]

/** The form again, as it was submitted, with what was wrong. */
export function refusedForm(body: unknown, kind: TriggerKind, error: ProcedureError): RuleForm {
  const values = Object.fromEntries(names.map((name) => [name, field(body, name)]))
  // The contract names an element, as in `trigger.words.3`; the form has one field for all of them.
  const issues = error.issues?.map(({ path, message }) => {
    const name = path.split(".").find((part) => part in values)
    return { path: name ?? path, message }
  })
  return {
    kind,
    state: formState({ ...error, issues }, values),
    isEnabled: field(body, "isEnabled") !== "",
    actions: fields(body, "actions"),
    exemptRoleIds: fields(body, "exemptRoleIds"),
    exemptChannelIds: fields(body, "exemptChannelIds"),
  }
}

/** An empty form, or that of a stored rule. */
export function formOf(kind: TriggerKind, rule?: AutomodRule): RuleForm {
  if (!rule) {
    const values = {
      name: "",
      ...(kind === "mentions" && { limit: "5" }),
      ...(kind === "repeats" && { count: "3" }),
    }
    return {
      ...{ kind, state: { values }, isEnabled: true, actions: ["block"] },
      ...{ exemptRoleIds: [], exemptChannelIds: [] },
    }
  }
  const { trigger, actions, ...others } = rule
  const values: Record<string, string> = { name: rule.name }
  for (const [name, value] of Object.entries(trigger)) {
    if (name !== "kind") values[name] = Array.isArray(value) ? value.join("\n") : `${value ?? ""}`
  }
  for (const { kind: _, ...details } of actions) {
    for (const [name, value] of Object.entries(details)) values[name] = `${value ?? ""}`
  }
  return { kind, state: { values }, actions: actions.map((action) => action.kind), ...others }
}
