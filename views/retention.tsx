import { escapeHtml } from "@kitajs/html"
import type {
  ChannelRetention,
  RetentionPreview,
  ServerRetention,
} from "../src/features/retention/contract.ts"
import type { ChannelName } from "./channels.tsx"
import { DialogLink, Field, FormErrors, FormPanel, type FormState, PanelForm } from "./ui.tsx"

interface FormProps {
  state: FormState
  /** What the sent values would delete. */
  preview?: RetentionPreview
  /** The values of that preview. */
  confirming: string
}

interface SectionProps extends FormProps {
  serverId: string
  retention: ServerRetention
}

/** How long a server keeps messages and files, and the channels that differ. */
export function RetentionSection({ serverId, retention, state, preview, confirming }: SectionProps) {
  const action = `/servers/${serverId}/retention`
  return (
    <>
      <p>
        Older messages and files are permanently deleted for everyone. Pinned messages stay, with their files.
        Threads follow their channel.
      </p>
      <form method="post" action={action}>
        <FormErrors state={state} />
        <DaysFields state={state} hint="Leave empty to keep them forever" min={1} />
        <PreviewNote preview={preview} confirming={confirming} />
        <p class="actions">
          <button type="submit" class={preview ? "danger" : "primary"}>
            {preview ? "Delete and save" : "Save"}
          </button>
        </p>
      </form>
      <h2>Channels with their own retention</h2>
      {retention.channels.length === 0 ? (
        <p class="hint">None. To add one, open “Retention” in a channel's settings.</p>
      ) : (
        <ul class="links">
          {retention.channels.map((channel) => (
            <li>
              <DialogLink href={`/servers/${serverId}/channels/${channel.channelId}/retention`}>
                <bdi safe>{`#${channel.name}`}</bdi>
              </DialogLink>
              <span
                safe
              >{`: messages ${inWords(channel.messageDays)}, files ${inWords(channel.fileDays)}`}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

interface PanelProps extends FormProps {
  channel: ChannelName
  retention: ChannelRetention
}

/** How long a channel keeps messages and files. */
export function ChannelRetentionPanel({ channel, retention, state, preview, confirming }: PanelProps) {
  const { server } = retention
  return (
    <FormPanel title="Retention">
      <p>
        Everything older in <bdi safe>{`#${channel.name}`}</bdi> and its threads is permanently deleted for
        everyone. Pinned messages stay, with their files.
      </p>
      <p class="hint" safe>
        {`The server keeps messages ${serverInWords(server.messageDays)} and files ${serverInWords(server.fileDays)}.`}
      </p>
      <PanelForm
        action={`/servers/${channel.serverId}/channels/${channel.id}/retention`}
        state={state}
        submit={preview ? "Delete and save" : "Save"}
        danger={preview !== undefined}
      >
        <DaysFields
          state={state}
          hint="Leave empty to follow the server, or enter 0 to keep them forever"
          min={0}
        />
        <PreviewNote preview={preview} confirming={confirming} />
      </PanelForm>
    </FormPanel>
  )
}

function DaysFields({ state, hint, min }: { state: FormState; hint: string; min: number }) {
  const input = { state, hint, min, max: 3650, type: "number", autocomplete: "off" } as const
  return (
    <>
      <Field name="messageDays" label="Delete messages after (days)" {...input} />
      <Field name="fileDays" label="Delete files after (days)" {...input} />
    </>
  )
}

/** Says what goes; sending the form again with the same values confirms it. */
function PreviewNote({ preview, confirming }: Pick<FormProps, "preview" | "confirming">) {
  if (!preview) return ""

  const { messages, files, isAtLeast } = preview
  const more = isAtLeast ? "more than " : ""
  return (
    <div class="errors" role="alert">
      <p safe>
        {`This deletes ${more}${counted(messages.now, "message")} and ${counted(files.now, "file")} now, and ${more}${counted(messages.soon, "message")} and ${counted(files.soon, "file")} in the next 7 days. It cannot be undone.`}
      </p>
      <input type="hidden" name="confirmed" value={escapeHtml(confirming)} />
    </div>
  )
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`
}

function inWords(days: number | null): string {
  if (days === null) return "as the server"
  return days === 0 ? "kept forever" : `after ${counted(days, "day")}`
}

function serverInWords(days: number | null): string {
  return days === null ? "forever" : `for ${counted(days, "day")}`
}

/** In a message, in place of its files that were deleted because of their age. */
export function ExpiredFiles({ count }: { count: number }) {
  return <p class="hint expired-files" safe>{`${counted(count, "file")} deleted because of age`}</p>
}
