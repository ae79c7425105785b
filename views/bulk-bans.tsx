import { escapeHtml } from "@kitajs/html"
import { maxBulkBans } from "../src/features/bans/contract.ts"
import { BanTerms } from "./bans.tsx"
import { TextArea } from "./fields.tsx"
import { settingsAddress } from "./server-settings.tsx"
import type { ServerName } from "./shell.tsx"
import { FormErrors, type FormState } from "./ui.tsx"

interface FormProps {
  server: ServerName
  state: FormState
}

const addressOf = (server: ServerName) => settingsAddress(server, "bans/bulk")

/** Longest text with the names: each has at most 32 characters. */
const maxNamesLength = maxBulkBans * 34

/** Asks for the names of many people. */
export function BulkBanForm({ server, state }: FormProps) {
  return (
    <form method="post" action={addressOf(server)} class="form-rows">
      <FormErrors state={state} />
      <TextArea
        name="names"
        label="Usernames"
        state={state}
        maxlength={maxNamesLength}
        hint={`At most ${maxBulkBans}, each on a line or with commas between them. They do not have to be members.`}
        required
      />
      <BanTerms state={state} />
      <p class="actions">
        <button class="primary" type="submit">
          Look up
        </button>
        <a class="button quiet" href={settingsAddress(server, "bans")}>
          Cancel
        </a>
      </p>
    </form>
  )
}

interface PreviewProps {
  server: ServerName
  banned: { id: string; username: string }[]
  refused: { username: string; why: string }[]
  /** Names that nobody has. */
  unknown: string[]
  /** What was submitted. */
  values: Record<string, string>
}

/** Who would be banned, and who would not. */
export function BulkBanPreview({ server, banned, refused, unknown, values }: PreviewProps) {
  const { names = "", ...terms } = values
  return (
    <form method="post" action={addressOf(server)} class="form-rows">
      <p>Nobody is banned yet.</p>
      <h2 safe>{banned.length === 0 ? "Nobody can be banned" : `To be banned: ${banned.length}`}</h2>
      <p>
        <bdi safe>{banned.map(({ username }) => username).join(", ")}</bdi>
      </p>
      {refused.length > 0 && (
        <>
          <h2>Not banned</h2>
          <ul>
            {refused.map(({ username, why }) => (
              <li>
                <bdi safe>{username}</bdi>: <span safe>{why}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {unknown.length > 0 && (
        <>
          <h2>Not found</h2>
          <p>
            <bdi safe>{unknown.join(", ")}</bdi>
          </p>
        </>
      )}
      {banned.map(({ id }) => (
        <input type="hidden" name="userIds" value={escapeHtml(id)} />
      ))}
      {Object.entries({ ...terms, names }).map(([name, value]) => (
        <input type="hidden" name={name as "safe"} value={escapeHtml(value)} />
      ))}
      <p class="actions">
        {banned.length > 0 && (
          <button class="danger" type="submit" name="confirmed" value="yes" safe>
            {banned.length === 1 ? "Ban 1 person" : `Ban ${banned.length} people`}
          </button>
        )}
        <a class="button quiet" href={addressOf(server)}>
          Back
        </a>
      </p>
    </form>
  )
}

interface ResultProps {
  server: ServerName
  count: number
  undoId: string
}

/** What came of it. */
export function BulkBanResult({ server, count, undoId }: ResultProps) {
  return (
    <>
      <p role="status" safe>
        {count === 1 ? "1 person was banned." : `${count} people were banned.`}
      </p>
      <p class="actions">
        <a class="button" href={`/servers/${server.id}/acts/${undoId}`}>
          Undo
        </a>
        <a class="button quiet" href={settingsAddress(server, "bans")}>
          All bans
        </a>
      </p>
    </>
  )
}
