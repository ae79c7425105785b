import { escapeHtml } from "@kitajs/html"
import type { Message } from "../src/features/messages/contract.ts"
import { EmojiPicker } from "./emoji.tsx"
import { type Named, shownName } from "./people.ts"
import { DialogLink, FormPanel } from "./ui.tsx"

type Reaction = NonNullable<NonNullable<Message["extras"]>["reactions"]>[number]

/** People named in a button; the rest is a number. */
const maxNames = 3

/** What people chose under a message. A button adds the viewer's own or takes it back; `data-by` says whose it is. */
export function Reactions({ messageId, reactions }: { messageId: string; reactions: Reaction[] }) {
  const address = `/messages/${messageId}/reactions`
  return (
    <form class="reactions" method="post" action={address} data-dialog>
      {reactions.map((reaction) => (
        <ReactionButton {...reaction} />
      ))}
      <a href={address} data-dialog class="who" aria-label="Who reacted">
        …
      </a>
    </form>
  )
}

function ReactionButton({ emoji, count, by }: Reaction) {
  return (
    <button
      type="submit"
      name="emoji"
      value={escapeHtml(emoji)}
      class="reaction"
      data-by={by.map(({ userId }) => userId).join(" ")}
      aria-label={escapeHtml(`${emoji} ${count}, by ${namesOf(by, count)}`)}
    >
      <span class="emoji" safe>
        {emoji}
      </span>{" "}
      {count}
    </button>
  )
}

function namesOf(by: Reaction["by"], count: number): string {
  const names = by.slice(0, maxNames).map(({ username, name }) => name ?? username)
  const more = count - names.length
  const all = more > 0 ? [...names, `${more} more`] : names
  const last = all.pop() ?? ""
  return all.length > 0 ? `${all.join(", ")} and ${last}` : last
}

interface PickerProps
  extends Pick<Parameters<typeof EmojiPicker>[0], "query" | "found" | "categories" | "error"> {
  messageId: string
  /** What the viewer chooses most. */
  frequent: string[]
}

/** Choosing an emoji to react with. */
export function ReactionPickerPanel({ messageId, frequent, ...picker }: PickerProps) {
  const action = `/messages/${messageId}/reactions`
  return (
    <EmojiPicker
      title="Add reaction"
      action={`/messages/${messageId}/react`}
      form={{ action, "hx-post": action, "hx-target": "#dialog-body", "hx-swap": "innerHTML" }}
      {...picker}
    >
      {frequent.length > 0 && <FrequentEmoji emoji={frequent} />}
    </EmojiPicker>
  )
}

function FrequentEmoji({ emoji }: { emoji: string[] }) {
  return (
    <div id="emoji-frequent">
      <p class="hint">Frequently used</p>
      <QuickEmoji emoji={emoji} />
    </div>
  )
}

/** A row of buttons for emoji; for any form around them. */
function QuickEmoji({ emoji }: { emoji: string[] }) {
  return (
    <div class="emoji-found">
      {emoji.map((one) => (
        <button type="submit" name="emoji" value={escapeHtml(one)} class="quiet" safe>
          {one}
        </button>
      ))}
    </div>
  )
}

/** The quickest way to react: a few emoji, and the way to all of them. */
export function QuickReactions({ messageId, emoji }: { messageId: string; emoji: string[] }) {
  const address = `/messages/${messageId}/reactions`
  return (
    <form
      class="quick-reactions"
      method="post"
      action={address}
      hx-post={address}
      hx-target="#dialog-body"
      hx-swap="innerHTML"
      aria-label="React"
    >
      <QuickEmoji emoji={emoji} />
    </form>
  )
}

interface Listed {
  emoji: string
  count: number
  people: (Named & { userId: string })[]
  hasMore: boolean
}

/** Who chose which emoji. */
export function ReactionsPanel({ messageId, reactions }: { messageId: string; reactions: Listed[] }) {
  return (
    <FormPanel title="Reactions">
      {reactions.length === 0 && <p class="hint">No reactions.</p>}
      {reactions.map(({ emoji, count, people, hasMore }) => (
        <section class="reactors">
          <h2>
            <span class="emoji" safe>
              {emoji}
            </span>{" "}
            <span class="count">{count}</span>
          </h2>
          <ul>
            {people.map((person) => (
              <li>
                <bdi safe>{shownName(person)}</bdi>
              </li>
            ))}
          </ul>
          {hasMore && (
            <DialogLink
              href={`/messages/${messageId}/reactions?emoji=${encodeURIComponent(emoji)}&after=${people.at(-1)?.userId}`}
            >
              More
            </DialogLink>
          )}
        </section>
      ))}
    </FormPanel>
  )
}
