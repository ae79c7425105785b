import type { Message } from "../src/features/messages/contract.ts"
import type { ThreadEntry } from "../src/features/threads/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { type ChannelName, roomTitle } from "./channels.tsx"
import { Icon } from "./icons.tsx"
import { Tally } from "./reading.tsx"
import { Time } from "./times.tsx"
import { DialogLink, FormPanel } from "./ui.tsx"

type Summary = NonNullable<NonNullable<Message["extras"]>["thread"]>

interface LinkProps {
  serverId: string
  thread: Summary
  /** The viewer's, or `undefined` in shared markup. */
  clock: Clock | undefined
}

/** Below a message: a link to its thread, with the number of messages. */
export function ThreadLink({ serverId, thread, clock }: LinkProps) {
  const { channelId, count, lastAt } = thread
  return (
    <a class="thread" href={`/servers/${serverId}/channels/${channelId}`}>
      <Icon name="thread" />
      <b safe>{sizeOf(count)}</b>
      <span class="visually-hidden"> in its thread{count > 0 && ","}</span>
      {count > 0 && (
        <>
          {" "}
          <span class="hint">last message</span> <Time at={new Date(lastAt)} clock={clock} />
        </>
      )}
    </a>
  )
}

function sizeOf(count: number): string {
  if (count === 0) return "No messages yet"
  return count === 1 ? "1 message" : `${count} messages`
}

/** The message that a thread hangs on. */
export interface ThreadParent {
  id: string
  username: string
  excerpt: string
  isDeleted: boolean
  channel: ChannelName
}

/** Above a thread's log: what it hangs on, and the way back. */
export function ThreadOf({ parent }: { parent: ThreadParent }) {
  const { id, username, excerpt, isDeleted, channel } = parent
  return (
    <p class="thread-of">
      <a class="back" href={`/servers/${channel.serverId}/channels/${channel.id}`}>
        <span aria-hidden="true">‹ </span>
        <span class="visually-hidden">Back to </span>
        <bdi safe>{roomTitle(channel)}</bdi>
      </a>
      <a class="thread-parent" href={`/messages/${id}`}>
        <b>
          <bdi safe>{username}</bdi>
        </b>{" "}
        {isDeleted ? (
          <i>Message deleted</i>
        ) : (
          <span dir="auto" safe>
            {excerpt}
          </span>
        )}
      </a>
    </p>
  )
}

interface PanelProps {
  channel: ChannelName
  threads: ThreadEntry[]
  clock: Clock
  /** How many to leave out for the next page, where there is one. */
  next?: number
}

/** A channel's threads. */
export function ThreadsPanel({ channel, threads, clock, next }: PanelProps) {
  return (
    <FormPanel title="Threads">
      {threads.length === 0 && (
        <p class="hint">No threads yet. To start one, open “More” beside a message.</p>
      )}
      <ul class="listed-messages">
        {threads.map((thread) => (
          <li class="listed thread-entry">
            <Icon name="thread" />
            <a href={`/servers/${thread.serverId}/channels/${thread.id}`}>
              <bdi class="name" safe>
                {thread.name}
              </bdi>
              <span class="hint">
                <span safe>{sizeOf(thread.count)}</span>, last message{" "}
                <Time at={thread.lastAt} clock={clock} />
              </span>
            </a>
            <Tally unread={thread.unread} mentions={thread.mentions} />
          </li>
        ))}
      </ul>
      {next !== undefined && (
        <DialogLink
          class="pager"
          href={`/servers/${channel.serverId}/channels/${channel.id}/threads?skip=${next}`}
        >
          Older
        </DialogLink>
      )}
    </FormPanel>
  )
}
