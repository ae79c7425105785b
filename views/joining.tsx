import { escapeHtml } from "@kitajs/html"
import {
  type Joining,
  type JoinQuestion,
  type JoinSettings,
  maxDefaultChannels,
  maxJoinAnswerLength,
  maxJoinAnswers,
  maxJoinQuestionLength,
  maxQuestions,
  maxRaidJoins,
  maxRulesLength,
  maxWelcomeLength,
  raidLockMinutes,
} from "../src/features/joining/contract.ts"
import { renderContent } from "../src/features/messages/render.ts"
import type { Clock } from "../src/web/clock.ts"
import { Check, Checks, type Option, Select, TextArea } from "./fields.tsx"
import type { ServerName } from "./shell.tsx"
import { Time } from "./times.tsx"
import { Field, FieldError, FormErrors, type FormState } from "./ui.tsx"

const hour = 60
const day = 24 * hour

const accountAges: Option[] = minutesOf([0, 5, hour, day, 7 * day, 30 * day])
const memberAges: Option[] = minutesOf([0, 5, 10, hour, day, 7 * day])
const lockTimes: Option[] = minutesOf([30, hour, 3 * hour, 12 * hour, day])

/** Options for times in minutes; 0 is “No wait”. */
function minutesOf(times: number[]): Option[] {
  return times.map((minutes) => ({ value: `${minutes}`, label: inWords(minutes) }))
}

function inWords(minutes: number): string {
  if (minutes === 0) return "No wait"
  const [count, unit] =
    minutes % day === 0
      ? [minutes / day, "day"]
      : minutes % hour === 0
        ? [minutes / hour, "hour"]
        : [minutes, "minute"]
  return `${count} ${unit}${count === 1 ? "" : "s"}`
}

/** With the stored value, which need not be one that pages offer. */
function including(options: Option[], value = "0"): Option[] {
  const isListed = options.some((option) => option.value === value)
  return isListed ? options : [...options, { value, label: inWords(Number(value)) }]
}

interface SectionProps {
  server: ServerName
  settings: JoinSettings
  isLocked: boolean
  /** Where messages of welcome go. */
  hasSystemChannel: boolean
  roles: Option[]
  channels: Option[]
  clock: Clock
  state: FormState
}

/** How people join a server, for those who manage it. */
export function JoiningSection(props: SectionProps) {
  return (
    <>
      <SettingsForm {...props} />
      <RaidLock {...props} />
      <QuestionList {...props} />
    </>
  )
}

function SettingsForm({ server, settings, channels, hasSystemChannel, state }: SectionProps) {
  const where = hasSystemChannel ? "" : " This server has no system channel yet."
  return (
    <form method="post" action={`/servers/${server.id}/settings/joining`} class="form-rows">
      <FormErrors state={state} />
      <TextArea
        name="rules"
        label="Rules"
        state={state}
        maxlength={maxRulesLength}
        hint="New members accept them before their first message. Leave empty for none."
      />
      {settings.rules !== "" && (
        <Check name="asksAgain" label="Ask all members to accept the rules again" isChecked={false} />
      )}
      <TextArea
        name="welcome"
        label="Welcome message"
        state={state}
        maxlength={maxWelcomeLength}
        hint={`Sent to the system channel when someone joins, instead of a plain note. {user} and {server} are replaced.${where}`}
      />
      <Checks
        name="defaultChannelIds"
        legend="Channels that new members are shown first"
        options={channels}
        chosen={settings.defaultChannelIds}
        hint={`At most ${maxDefaultChannels}`}
      />
      <Select
        name="minAccountMinutes"
        label="Minimum age of an account to write"
        state={state}
        options={including(accountAges, state.values?.minAccountMinutes)}
      />
      <Select
        name="minMemberMinutes"
        label="Wait after joining before writing"
        state={state}
        options={including(memberAges, state.values?.minMemberMinutes)}
      />
      <Field
        name="raidJoinsPerMinute"
        label="Joins per minute that lock the server"
        type="number"
        state={state}
        min={0}
        max={maxRaidJoins}
        hint={`The server then takes no new members for ${raidLockMinutes} minutes. Enter 0 to turn this off.`}
      />
      <p class="actions">
        <button class="primary" type="submit">
          Save
        </button>
      </p>
    </form>
  )
}

function QuestionList({ server, settings, roles }: SectionProps) {
  const address = `/servers/${server.id}/settings/joining`
  return (
    <>
      <h2>Questions</h2>
      <p class="hint">Members answer them after joining, and get the roles of their answers.</p>
      {settings.questions.length === 0 && <p class="empty">No questions.</p>}
      <ul class="automod-rules">
        {settings.questions.map(({ id, title, answers }) => (
          <li>
            <a href={`${address}/questions/${id}`}>
              <b dir="auto" safe>
                {title}
              </b>{" "}
              <small class="hint" safe>
                {answers.map(({ label }) => label).join(", ")}
              </small>
            </a>
          </li>
        ))}
      </ul>
      {settings.questions.length < maxQuestions && (
        <p class="actions">
          <a class="button" href={`${address}/questions/new`}>
            Add question
          </a>
        </p>
      )}
      {roles.length === 0 && <p class="hint">You have no roles to give for an answer.</p>}
    </>
  )
}

function RaidLock({ server, settings, isLocked, clock }: SectionProps) {
  const address = `/servers/${server.id}/settings/joining`
  return (
    <>
      <h2>Raid lock</h2>
      <p class="hint">
        While the server is locked, invites do not work, and members wait 30 s between messages.
      </p>
      {isLocked && settings.raidLockedUntil ? (
        <form method="post" action={`${address}/unlock`} class="form-rows">
          <p role="status">
            Locked until <Time at={settings.raidLockedUntil} clock={clock} />
          </p>
          <p class="actions">
            <button type="submit">Unlock</button>
          </p>
        </form>
      ) : (
        <form method="post" action={`${address}/lock`} class="form-rows">
          <Select name="minutes" label="Lock for" state={{ values: { minutes: "60" } }} options={lockTimes} />
          <p class="actions">
            <button class="danger" type="submit">
              Lock the server
            </button>
          </p>
        </form>
      )}
    </>
  )
}

/** A question as a form has it. */
export interface QuestionForm {
  title: string
  isMultiple: boolean
  answers: { id: string; label: string; roleId: string }[]
}

interface QuestionProps {
  server: ServerName
  /** `undefined` for a new one. */
  questionId?: string
  form: QuestionForm
  roles: Option[]
  state: FormState
}

/** The form of one question: as many answers as there may be, of which those without text do not count. */
export function QuestionSection({ server, questionId, form, roles, state }: QuestionProps) {
  const settings = `/servers/${server.id}/settings/joining`
  const action = `${settings}/questions/${questionId ?? "new"}`
  const rows = Array.from(
    { length: maxJoinAnswers },
    (_, index) => form.answers[index] ?? { id: "", label: "", roleId: "" },
  )
  return (
    <>
      <form method="post" action={escapeHtml(action)} class="form-rows">
        <FormErrors state={state} />
        <Field
          name="title"
          label="Question"
          state={{ ...state, values: { title: form.title } }}
          maxlength={maxJoinQuestionLength}
          required
          autocomplete="off"
        />
        <Check name="isMultiple" label="Several answers may be chosen" isChecked={form.isMultiple} />
        <fieldset class="choice-with-fields">
          <legend>Answers</legend>
          {rows.map((row, index) => (
            <AnswerRow row={row} index={index} roles={roles} />
          ))}
          <FieldError name="answers" error={state.errors?.answers} />
        </fieldset>
        <p class="actions">
          <button class="primary" type="submit">
            Save
          </button>
          <a class="button" href={settings}>
            Back
          </a>
        </p>
      </form>
      {questionId !== undefined && (
        <details class="danger-zone">
          <summary>Delete question</summary>
          <form method="post" action={escapeHtml(`${action}/delete`)}>
            <button class="danger" type="submit">
              Delete this question
            </button>
          </form>
        </details>
      )}
    </>
  )
}

function AnswerRow({
  row,
  index,
  roles,
}: {
  row: QuestionForm["answers"][number]
  index: number
  roles: Option[]
}) {
  const number = index + 1
  return (
    <div class="answer-row">
      <input type="hidden" name={`answer${index}Id`} value={escapeHtml(row.id)} />
      <input
        name={`answer${index}`}
        aria-label={`Answer ${number}`}
        value={escapeHtml(row.label)}
        maxlength={maxJoinAnswerLength}
        dir="auto"
        autocomplete="off"
      />
      <select name={`answer${index}Role`} aria-label={`Role of answer ${number}`}>
        {[{ value: "", label: "No role" }, ...roles].map(({ value, label }) => (
          <option value={escapeHtml(value)} selected={value === row.roleId} safe>
            {label}
          </option>
        ))}
      </select>
    </div>
  )
}

interface MemberProps {
  server: ServerName
  joining: Joining
  clock: Clock
  error?: string
}

/** What a new member sees first: the rules, and questions. */
export function JoiningPanel(props: MemberProps) {
  const { server, joining } = props
  const isEmpty = joining.rules === "" && joining.questions.length === 0 && joining.channels.length === 0
  return (
    <>
      <Rules {...props} />
      {joining.questions.length > 0 && <Questions {...props} />}
      {joining.channels.length > 0 && (
        <section aria-labelledby="start">
          <h2 id="start">Start here</h2>
          <ul>
            {joining.channels.map(({ id, name }) => (
              <li>
                <a href={`/servers/${server.id}/channels/${id}`} safe>{`#${name}`}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {isEmpty && <p>This server has no rules and no questions.</p>}
      <p>
        <a class="button" href={`/servers/${server.id}`}>
          <span>
            Go to <bdi safe>{server.name}</bdi>
          </span>
        </a>
      </p>
    </>
  )
}

function Rules({ server, joining, clock }: MemberProps) {
  if (joining.rules === "") return ""

  return (
    <section aria-labelledby="rules">
      <h2 id="rules">Rules</h2>
      <div class="text rules-text" dir="auto">
        {renderContent(joining.rules) as "safe"}
      </div>
      {joining.acceptedRulesAt ? (
        <p class="hint">
          You accepted them <Time at={joining.acceptedRulesAt} clock={clock} />
        </p>
      ) : (
        <form method="post" action={`/servers/${server.id}/rules/accept`}>
          <p class="hint">Accept them to write here.</p>
          <p class="actions">
            <button class="primary" type="submit">
              Accept the rules
            </button>
          </p>
        </form>
      )}
    </section>
  )
}

/** Choosing roles. Members come back to it to choose others. */
export function Questions({ server, joining, error, from }: MemberProps & { from?: "settings" }) {
  return (
    <form method="post" action={`/servers/${server.id}/questions`} class="form-rows">
      <FormErrors state={{ error }} />
      {from !== undefined && <input type="hidden" name="from" value={from} />}
      {joining.questions.map(({ id, title, isMultiple, answers }) => {
        const isAnswered = answers.some(({ isChosen }) => isChosen)
        return (
          <fieldset class="choice-with-fields">
            <legend dir="auto" safe>
              {title}
            </legend>
            {answers.map((answer) => (
              <Check
                name={id}
                value={answer.id}
                label={answer.label}
                isChecked={answer.isChosen}
                type={isMultiple ? "checkbox" : "radio"}
              />
            ))}
            {!isMultiple && (
              <Check name={id} value="" label="None of these" isChecked={!isAnswered} type="radio" />
            )}
          </fieldset>
        )
      })}
      <p class="actions">
        <button class="primary" type="submit">
          Save answers
        </button>
      </p>
    </form>
  )
}

/** The form of a stored question. */
export function formOfQuestion(question?: JoinQuestion): QuestionForm {
  return {
    title: question?.title ?? "",
    isMultiple: question?.isMultiple ?? false,
    answers: (question?.answers ?? []).map(({ id, label, roleId }) => ({ id, label, roleId: roleId ?? "" })),
  }
}
