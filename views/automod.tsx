import { escapeHtml } from "@kitajs/html"
import {
  type AutomodHit,
  type AutomodRule,
  defaultBlockMessage,
  maxBlockMessageLength,
  maxHosts,
  maxLinkLimit,
  maxMentionLimit,
  maxPatternLength,
  maxPatterns,
  maxRulesOf,
  maxWordLength,
  maxWords,
  repeatCounts,
  type TriggerKind,
} from "../src/features/automod/contract.ts"
import { Check, Checks, type Option, Select, TextArea } from "./fields.tsx"
import type { ServerName } from "./shell.tsx"
import { Field, FormErrors, type FormState } from "./ui.tsx"

/** What each kind of rule is called, and what it does. */
const kinds: Record<TriggerKind, { name: string; about: string }> = {
  words: { name: "Words", about: "Messages with words of a list" },
  patterns: { name: "Patterns", about: "Messages that match a regular expression" },
  mentions: { name: "Mentions", about: "Messages that mention many people" },
  links: { name: "Links", about: "Messages with many links, or to certain sites" },
  invites: { name: "Invites", about: "Invites to other servers, here and elsewhere" },
  repeats: { name: "Repeats", about: "The same text repeated" },
}

/** A rule as a form has it. */
export interface RuleForm {
  kind: TriggerKind
  /** With the values of its fields. */
  state: FormState
  isEnabled: boolean
  actions: readonly string[]
  exemptRoleIds: readonly string[]
  exemptChannelIds: readonly string[]
}

interface SectionProps {
  server: ServerName
  rules: AutomodRule[]
  /** A text that was tested, with the rules that it meets. */
  tested?: { text: string; hits: AutomodHit[]; error?: string }
}

/** A server's rules, with what tests a text by them. */
export function AutomodSection({ server, rules, tested }: SectionProps) {
  const address = `/servers/${server.id}/settings/automod`
  const counts = Map.groupBy(rules, ({ trigger }) => trigger.kind)
  const open = Object.entries(kinds).filter(
    ([kind]) => (counts.get(kind as TriggerKind)?.length ?? 0) < maxRulesOf[kind as TriggerKind],
  )
  return (
    <>
      <p class="hint">
        Rules check every message before anyone sees it, including edits and messages of bots and webhooks.
        The owner and members who may manage the server are not checked.
      </p>
      {rules.length === 0 && <p class="empty">No rules.</p>}
      <ul class="automod-rules">
        {rules.map((rule) => (
          <li>
            <a href={`${address}/${rule.id}`}>
              <b dir="auto" safe>
                {rule.name}
              </b>{" "}
              <small class="hint" safe>
                {[kinds[rule.trigger.kind].name, ...summaryOf(rule), ...(rule.isEnabled ? [] : ["off"])].join(
                  " · ",
                )}
              </small>
            </a>
          </li>
        ))}
      </ul>
      <h2>New rule</h2>
      <ul class="automod-kinds">
        {open.map(([kind, { name, about }]) => (
          <li>
            <a href={`${address}/new?kind=${kind}`} class="button">
              {name as "safe"}
            </a>
            <small class="hint" safe>
              {about}
            </small>
          </li>
        ))}
      </ul>
      {rules.length > 0 && <TestForm address={address} tested={tested} />}
    </>
  )
}

function TestForm({ address, tested }: { address: string } & Pick<SectionProps, "tested">) {
  const state: FormState = {
    values: { text: tested?.text ?? "" },
    errors: tested?.error ? { text: tested.error } : {},
  }
  return (
    <>
      <h2>Test a text</h2>
      <form method="get" action={address} class="form-rows">
        <TextArea
          name="text"
          label="Text"
          state={state}
          hint="Nothing is sent. Mentions and repeats are not tested."
        />
        <p class="actions">
          <button type="submit">Test</button>
        </p>
      </form>
      {tested !== undefined && !tested.error && (
        <div role="status">
          {tested.hits.length === 0 && <p>No rule applies.</p>}
          <ul>
            {tested.hits.map(({ name, matched }) => (
              <li>
                <b safe>{name}</b>: <bdi safe>{matched}</bdi>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  )
}

/** What a rule does, in a few words. */
function summaryOf({ actions }: AutomodRule): string[] {
  const words = { block: "blocks", alert: "alerts a channel", timeOut: "times out" }
  return actions.map(({ kind }) => words[kind])
}

interface RulePageProps {
  server: ServerName
  /** `undefined` for a new rule. */
  ruleId?: string
  form: RuleForm
  roles: Option[]
  channels: Option[]
}

/** The form of one rule. */
export function RuleSection({ server, ruleId, form, roles, channels }: RulePageProps) {
  const address = `/servers/${server.id}/settings/automod`
  const action = ruleId === undefined ? address : `${address}/${ruleId}`
  const { state, kind } = form
  return (
    <>
      <p class="hint" safe>{`${kinds[kind].about}.`}</p>
      <form method="post" action={escapeHtml(action)} class="form-rows">
        <FormErrors state={state} />
        <input type="hidden" name="kind" value={kind} />
        <Field name="name" label="Name" state={state} required maxlength={100} autocomplete="off" />
        <TriggerFields kind={kind} state={state} />
        <ActionFields form={form} channels={channels} />
        <Checks name="exemptRoleIds" legend="Exempt roles" options={roles} chosen={form.exemptRoleIds} />
        <Checks
          name="exemptChannelIds"
          legend="Exempt channels"
          options={channels}
          chosen={form.exemptChannelIds}
          hint="With their threads."
        />
        <Check name="isEnabled" label="The rule is on" isChecked={form.isEnabled} />
        <p class="actions">
          <button class="primary" type="submit">
            {ruleId === undefined ? "Create rule" : "Save"}
          </button>
          <a class="button" href={address}>
            All rules
          </a>
        </p>
      </form>
      {ruleId !== undefined && (
        <details class="danger-zone">
          <summary>Delete rule</summary>
          <form method="post" action={escapeHtml(`${action}/delete`)}>
            <button class="danger" type="submit">
              Delete this rule
            </button>
          </form>
        </details>
      )}
    </>
  )
}

function TriggerFields({ kind, state }: { kind: TriggerKind; state: FormState }) {
  if (kind === "words") {
    const hint = `One per line, at most ${maxWords} of up to ${maxWordLength} characters. Matches whole words and ignores case and accents. * matches the rest of a word: spam*, *spam, *spam*.`
    return <TextArea name="words" label="Words" state={state} hint={hint} required />
  }
  if (kind === "patterns") {
    const hint = `One per line, at most ${maxPatterns} of up to ${maxPatternLength} characters. Letters match both cases. Supported: . [a-z] \\d \\w \\s \\b ^ $ | ( ) * + ? {2,5}.`
    return <TextArea name="patterns" label="Patterns" state={state} hint={hint} required />
  }
  if (kind === "mentions") {
    const label = "Most people and roles that a message may mention"
    return (
      <Field name="limit" label={label} type="number" state={state} min={1} max={maxMentionLimit} required />
    )
  }
  if (kind === "links") return <LinkFields state={state} />
  if (kind === "invites") return <p>Finds invites to Discord and to any server but this one.</p>

  const label = "Stop the same text at this number within a minute"
  const { min, max } = repeatCounts
  return <Field name="count" label={label} type="number" state={state} min={min} max={max} required />
}

function LinkFields({ state }: { state: FormState }) {
  const hint = `One per line, such as example.org, which includes its subdomains. At most ${maxHosts}.`
  return (
    <>
      <Field
        name="limit"
        label="Most links in a message"
        type="number"
        state={state}
        min={0}
        max={maxLinkLimit}
        hint="Leave empty for no limit"
      />
      <TextArea name="deny" label="Sites that may not be linked" state={state} hint={hint} />
      <TextArea
        name="allow"
        label="Only these sites may be linked"
        state={state}
        hint="Leave empty to allow all others."
      />
    </>
  )
}

const timeouts: Option[] = [
  { value: "60", label: "1 minute" },
  { value: "300", label: "5 minutes" },
  { value: "3600", label: "1 hour" },
  { value: "86400", label: "1 day" },
  { value: "604800", label: "1 week" },
  { value: "2419200", label: "28 days" },
]

function ActionFields({ form, channels }: { form: RuleForm; channels: Option[] }) {
  const { state, actions } = form
  const seconds = state.values?.seconds ?? ""
  const isListed = seconds === "" || timeouts.some(({ value }) => value === seconds)
  const durations = isListed ? timeouts : [...timeouts, { value: seconds, label: `${seconds} seconds` }]
  return (
    <fieldset class="choice-with-fields">
      <legend>Actions</legend>
      <Check name="actions" value="block" label="Block the message" isChecked={actions.includes("block")} />
      <Field
        name="message"
        label="Message to the sender"
        state={state}
        maxlength={maxBlockMessageLength}
        hint={`Empty: “${defaultBlockMessage}”`}
        autocomplete="off"
      />
      <Check name="actions" value="alert" label="Alert a channel" isChecked={actions.includes("alert")} />
      <Select name="channelId" label="Channel of the alerts" state={state} options={channels} />
      <Check
        name="actions"
        value="timeOut"
        label="Time the author out"
        isChecked={actions.includes("timeOut")}
      />
      <Select name="seconds" label="For how long" state={state} options={durations} />
    </fieldset>
  )
}

/** The name of a kind, for titles. */
export function kindName(kind: TriggerKind): string {
  return kinds[kind].name
}
