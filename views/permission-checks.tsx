import { escapeHtml } from "@kitajs/html"
import type {
  ExplainedPermission,
  PermissionCheck,
  PermissionSubject,
  ServerView,
} from "../src/features/permission-checks/contract.ts"
import { settingsAddress } from "./server-settings.tsx"
import type { ServerName } from "./shell.tsx"
import { Field, FormErrors, type FormState } from "./ui.tsx"

export interface CheckChoices {
  server: ServerName
  /** `undefined`: the viewer may ask only about themselves. */
  roles: { id: string; name: string }[] | undefined
  channels: { id: string; name: string }[]
  state: FormState
}

/** What pages call a permission. */
type TitleOf = (permission: ExplainedPermission["permission"]) => string

/** Why someone may or may not do something here: a row for each permission. */
export function PermissionCheckPage({
  check,
  titleOf,
  ...choices
}: CheckChoices & { check?: PermissionCheck; titleOf: TitleOf }) {
  return (
    <>
      <p class="hint">Shows which role, overwrite or rule decides each permission.</p>
      <ChooseForm {...choices} section="permissions/check" submit="Check" check={check} />
      {check !== undefined && <CheckTable check={check} titleOf={titleOf} />}
      {check !== undefined && choices.roles !== undefined && (
        <p>
          <a
            href={escapeHtml(
              addressOf(choices.server, "permissions/view-as", check.subject, check.channel?.id),
            )}
          >
            View as <SubjectName subject={check.subject} />
          </a>
        </p>
      )}
    </>
  )
}

function CheckTable({ check, titleOf }: { check: PermissionCheck; titleOf: TitleOf }) {
  return (
    <table class="checked-permissions">
      <caption>
        <SubjectName subject={check.subject} /> in{" "}
        {check.channel ? <bdi safe>{`#${check.channel.name}`}</bdi> : "the whole server"}
      </caption>
      <thead>
        <tr>
          <th scope="col">Permission</th>
          <th scope="col">Allowed</th>
          <th scope="col">Why</th>
        </tr>
      </thead>
      <tbody>
        {check.permissions.map((explained) => (
          <tr id={`permission-${explained.permission}`}>
            <th scope="row" safe>
              {titleOf(explained.permission)}
            </th>
            <td class={explained.isGranted ? "allowed" : "denied"}>{explained.isGranted ? "Yes" : "No"}</td>
            <td>
              <Why explained={explained} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** What decides, and below it what would have decided otherwise. */
function Why({ explained: { steps } }: { explained: ExplainedPermission }) {
  const deciding = steps.at(-1)
  const earlier = steps.slice(0, -1)
  return (
    <>
      <span>{deciding ? sentenceOf(deciding) : ""}</span>
      {earlier.length > 0 && (
        <details>
          <summary>All steps</summary>
          <ol>
            {steps.map((step) => (
              <li safe>{sentenceOf(step)}</li>
            ))}
          </ol>
        </details>
      )}
    </>
  )
}

type Step = ExplainedPermission["steps"][number]

export function sentenceOf({ kind, grants, name = "" }: Step): string {
  const verb = grants ? "Allowed" : "Denied"
  switch (kind) {
    case "notMember":
      return "Not a member of the server"
    case "owner":
      return "The owner may do everything"
    case "administrator":
      return `The role “${name}” makes an administrator`
    case "role":
      return `Allowed by the role “${name}”`
    case "noRole":
      return "No role allows it"
    case "everyoneOverwrite":
      return `${verb} in this channel for everyone`
    case "roleOverwrite":
      return `${verb} in this channel for the role “${name}”`
    case "memberOverwrite":
      return `${verb} in this channel for ${name}`
    case "timeout":
      return "Denied during the timeout"
    case "rules":
      return "Denied until they accept the server's rules"
    case "tooNew":
      return "Denied while the account or the membership is too new"
    case "raidLock":
      return "Allowed, but limited by the raid lock: invites do not work, and slow mode is on"
    case "cannotView":
      return "Denied without viewing this channel"
    case "cannotSend":
      return "Denied without sending messages here"
    case "locked":
      return "Denied while this channel is locked"
    case "archived":
      return "Denied because this channel is archived"
  }
}

interface ChooseProps extends CheckChoices {
  section: string
  submit: string
  check?: PermissionCheck
  seen?: ServerView
}

/** Chooses a member by name or a role, and a channel. */
export function ChooseForm({ server, roles, channels, state, section, submit, check, seen }: ChooseProps) {
  const subject = check?.subject ?? seen?.subject
  const username = subject?.kind === "member" ? subject.name : (state.values?.username ?? "")
  const roleId = subject?.kind === "role" ? subject.id : ""
  const channelId = check?.channel?.id ?? state.values?.channelId
  return (
    <form method="get" action={escapeHtml(settingsAddress(server, section))}>
      <FormErrors state={state} />
      {roles !== undefined && (
        <>
          <Field
            name="username"
            label="Member"
            hint="A username. Leave it empty to choose a role."
            state={{ ...state, values: { username } }}
            autocomplete="off"
            maxlength={32}
          />
          <p class="field">
            <label for="roleId">Role</label>
            <select id="roleId" name="roleId">
              <option value="">No role</option>
              {roles.map(({ id, name }) => (
                <option value={escapeHtml(id)} selected={id === roleId} safe>
                  {name}
                </option>
              ))}
            </select>
          </p>
        </>
      )}
      <p class="field">
        <label for="channelId">Channel</label>
        <select id="channelId" name="channelId">
          <option value="">The whole server</option>
          {channels.map(({ id, name }) => (
            <option value={escapeHtml(id)} selected={id === channelId} safe>
              {`#${name}`}
            </option>
          ))}
        </select>
      </p>
      <p class="actions">
        <button type="submit" class="primary" safe>
          {submit}
        </button>
      </p>
    </form>
  )
}

export function SubjectName({ subject }: { subject: PermissionSubject }) {
  return <bdi safe>{subject.kind === "role" ? `the role “${subject.name}”` : subject.name}</bdi>
}

/** The address of one of these pages about someone, in a channel or in the whole server. */
export function addressOf(
  server: ServerName,
  section: string,
  { kind, id }: PermissionSubject,
  channelId?: string,
) {
  const query = new URLSearchParams({ [kind === "role" ? "roleId" : "userId"]: id })
  if (channelId !== undefined) query.set("channelId", channelId)
  return `${settingsAddress(server, section)}?${query}`
}
