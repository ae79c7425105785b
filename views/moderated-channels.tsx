import type { Timeout } from "../src/features/moderation/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { Check, type Option, Select } from "./fields.tsx"
import { hour, minute, ReasonField } from "./moderation.tsx"
import type { ServerName } from "./shell.tsx"
import { Time } from "./times.tsx"
import { FormPanel, type FormState, PanelForm } from "./ui.tsx"

export const slowModeOptions: Option[] = [
  { value: "0", label: "Off" },
  ...[5, 10, 30].map((seconds) => ({ value: String(seconds), label: `${seconds} seconds` })),
  ...[1, 5, 15].map((count) => ({ value: String(count * minute), label: `${count} min` })),
  ...[1, 6].map((count) => ({ value: String(count * hour), label: `${count} h` })),
]

export interface ModeratedChannel {
  id: string
  name: string
  slowModeSeconds: number
  isLocked: boolean
}

interface SectionProps {
  server: ServerName
  clock: Clock
  /** `undefined`: the viewer may not see them. */
  timeouts?: Timeout[]
  channels: ModeratedChannel[]
}

/** The running timeouts, and the channels with what limits writing there. */
export function ModerationSection({ server, clock, timeouts, channels }: SectionProps) {
  return (
    <>
      {timeouts !== undefined && (
        <>
          <h2>Timeouts</h2>
          {timeouts.length === 0 && <p class="empty">Nobody is timed out.</p>}
          <ul class="moderated-list">
            {timeouts.map(({ userId, username, until }) => (
              <li>
                <span>
                  <bdi safe>{username}</bdi>{" "}
                  <small class="hint">
                    until <Time at={until} clock={clock} />
                  </small>
                </span>
                <a href={`/servers/${server.id}/members/${userId}/timeout/end`}>End timeout</a>
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>Channels</h2>
      {channels.length === 0 && <p class="empty">No channels that you moderate.</p>}
      <ul class="moderated-list">
        {channels.map((channel) => (
          <li>
            <span>
              <a href={`/servers/${server.id}/channels/${channel.id}/moderate`}>
                #<bdi safe>{channel.name}</bdi>
              </a>{" "}
              {channel.isLocked && <span class="badge">locked</span>}{" "}
              {channel.slowModeSeconds > 0 && <span class="badge">slow mode</span>}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}

interface ChannelProps {
  server: ServerName
  channel: ModeratedChannel
  may: { manage: boolean; delete: boolean }
  messages: { id: string; username: string; text: string }[]
  state: FormState
}

/** Moderating one channel: its slow mode and lock, and deleting messages. */
export function ModerateChannelPanel({ server, channel, may, messages, state }: ChannelProps) {
  const address = `/servers/${server.id}/channels/${channel.id}`
  return (
    <FormPanel title={`Moderate #${channel.name}`}>
      {may.manage && (
        <>
          <PanelForm action={`${address}/slow-mode`} state={{}} submit="Set slow mode">
            <Select
              name="seconds"
              label="Time between two messages of a member"
              options={withCurrent(channel.slowModeSeconds)}
              state={{ values: { seconds: String(channel.slowModeSeconds) } }}
            />
          </PanelForm>
          <PanelForm
            action={`${address}/${channel.isLocked ? "unlock" : "lock"}`}
            state={{}}
            submit={channel.isLocked ? "Unlock" : "Lock"}
          >
            <p>
              {channel.isLocked
                ? "Locked: only moderators write here."
                : "Locking lets only moderators write here."}
            </p>
          </PanelForm>
        </>
      )}
      {may.delete && (
        <PanelForm action={`${address}/delete-messages`} state={state} submit="Delete chosen messages" danger>
          <fieldset>
            <legend>Newest messages</legend>
            {messages.length === 0 && <p class="empty">No messages.</p>}
            <ul class="chosen-messages">
              {messages.map(({ id, username, text }) => (
                <li>
                  <Check name="messageIds" value={id} label={`${username}: ${text}`} isChecked={false} />
                </li>
              ))}
            </ul>
          </fieldset>
          <ReasonField state={state} />
        </PanelForm>
      )}
    </FormPanel>
  )
}

/** With a time that was set by a program, too. */
function withCurrent(seconds: number): Option[] {
  const value = String(seconds)
  return slowModeOptions.some((option) => option.value === value)
    ? slowModeOptions
    : [...slowModeOptions, { value, label: `${seconds} seconds` }]
}
