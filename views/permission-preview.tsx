import { escapeHtml } from "@kitajs/html"
import type { PermissionPreview } from "../src/features/permission-checks/contract.ts"

interface Props {
  /** Where the form is sent again. */
  action: string
  /** The page that it came from. */
  back: string
  /** What was submitted, to submit it again. */
  fields: [name: string, value: string][]
  preview: PermissionPreview
  /** What pages call a permission. */
  titleOf(permission: PermissionPreview["changes"][number]["permission"]): string
}

/** Who would gain and lose what by a change of permissions, and whether to make it. */
export function PermissionPreviewForm({ action, back, fields, preview, titleOf }: Props) {
  return (
    <form method="post" action={escapeHtml(action)} class="permission-preview">
      {preview.isComplete ? (
        <p>This change is not saved yet. It changes what members may do:</p>
      ) : (
        <p>This change is not saved yet. It affects too many members and channels to list.</p>
      )}
      <ul>
        {preview.changes.flatMap(({ permission, gained, lost }) =>
          [
            { verb: "lose", difference: lost },
            { verb: "gain", difference: gained },
          ].flatMap(({ verb, difference }) =>
            difference.members === 0
              ? []
              : [<Line title={titleOf(permission)} verb={verb} {...difference} />],
          ),
        )}
      </ul>
      {fields.map(([name, value]) => (
        <input type="hidden" name={escapeHtml(name)} value={escapeHtml(value)} />
      ))}
      <p class="actions">
        <button type="submit" name="confirmed" value="yes">
          Save the change
        </button>
        <a class="button quiet" href={escapeHtml(back)}>
          Cancel
        </a>
      </p>
    </form>
  )
}

type Difference = PermissionPreview["changes"][number]["gained"]

function Line({ title, verb, ...difference }: Difference & { title: string; verb: string }) {
  const { members, names, channels, channelNames } = difference
  const [one] = channelNames
  const where = channels === 0 ? "" : channels === 1 && one ? ` in #${one}` : ` in ${channels} channels`
  const others = members > names.length ? ` and ${members - names.length} others` : ""
  const who = members === 1 ? "1 member" : `${members} members`
  return (
    <li>
      <b safe>{`${who} ${members === 1 ? `${verb}s` : verb} “${title}”${where}`}</b>
      <span class="hint" safe>{`: ${names.join(", ")}${others}`}</span>
    </li>
  )
}
