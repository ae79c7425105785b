import {
  type JoinSettings,
  maxDefaultChannels,
  maxQuestions,
  maxRaidJoins,
  maxRulesLength,
  maxWelcomeLength,
  raidLockMinutes,
} from "../src/features/joining/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { Check, Checks, type Option, Select, TextArea } from "./fields.tsx"
import type { ServerName } from "./shell.tsx"
import { Time } from "./times.tsx"
import { Field, FormErrors, type FormState } from "./ui.tsx"

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
