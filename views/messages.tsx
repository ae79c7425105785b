import { type Message, maxContentLength } from "../src/features/messages/contract.ts"
import {
  isEmojiAlone,
  isLong,
  mentionedIds,
  type RenderedText,
  renderMessage,
  summaryOf,
} from "../src/features/messages/render.ts"
import type { Clock } from "../src/web/clock.ts"
import { Attachments } from "./files.tsx"
import { Icon } from "./icons.tsx"
import { type Localization, prefersStill } from "./localize.ts"
import { nameIn, shownName } from "./people.ts"
import { PollView } from "./polls.tsx"
import { Previews } from "./previews.tsx"
import { Reactions } from "./reactions.tsx"
import { Quote } from "./replies.tsx"
import { ExpiredFiles } from "./retention.tsx"
import { ThreadLink } from "./threads.tsx"
import { timeHtml } from "./times.tsx"
import {
  avatarHtml,
  BotBadge,
  DialogLink,
  FieldError,
  FormPanel,
  type FormState,
  LengthNote,
  PanelForm,
} from "./ui.tsx"

/**
 * A message as HTML. Without a viewer it is shared: rendered once for each version and sent to every reader of its
 * channel. What differs by viewer is styled by `/viewers/{id}.css`, and permissions are checked when an action is used.
 *
 * A template string: it is rendered most, and JSX takes several times as long. `xss-scan` does not see it, so every
 * text in it goes through `escapeHTML`, which `tests/unit/text/message-html.test.ts` checks.
 */
export function messageHtml(message: Message, viewer?: Localization): string {
  const { extras } = message
  const id = Bun.escapeHTML(message.id)
  const bot = extras?.bot
  // A webhook chooses its own name; the badge says that it is no person's.
  const name = bot?.name ?? shownName(message)
  const quote = extras?.replyTo
    ? String(<Quote quote={extras.replyTo} name={nameIn(message, extras.replyTo)} />)
    : ""
  const avatar = avatarHtml({ userId: message.userId, name, picture: bot?.avatarUrl ?? message.avatarUrl })
  const author = bot
    ? `<b class="author"><bdi>${Bun.escapeHTML(name)}</bdi>${badge}</b>`
    : authorHtml(message, name)
  const time = timeHtml(message.createdAt, "clock", viewer?.clock)
  const header = `<header>${author} <a href="${linkOf(message, id)}">${time}</a>${notes(message)}</header>`
  return `<article id="message-${id}" ${attributes(message)}>${quote}${avatar}${header}${content(message, viewer)}</article>`
}

const badge = String(<BotBadge />)

/** The author's name. `static/toolbar.js` makes it a link to their card. */
function authorHtml({ username }: Message, name: string): string {
  const title = name === username ? "" : ` title="${Bun.escapeHTML(`@${username}`)}"`
  return `<bdi class="author"${title}>${Bun.escapeHTML(name)}</bdi>`
}

/** What the time leads to: all that can be done with the message, which without a script is the only way there. */
function linkOf({ deletedAt }: Message, escapedId: string): string {
  return `/messages/${escapedId}${deletedAt ? "" : "/actions"}`
}

function attributes({ userId, position, seq, deletedAt, extras }: Message): string {
  const name = deletedAt ? "message deleted" : "message"
  const mentioned = extras ? mentionedIds(extras) : []
  const mentions = mentioned.length > 0 ? ` data-mentions="${Bun.escapeHTML(mentioned.join(" "))}"` : ""
  return `class="${name}" data-author="${Bun.escapeHTML(userId)}" data-position="${position}" data-seq="${seq}"${mentions}`
}

/** Beside the time. */
function notes({ id, editedAt, deletedAt, extras }: Message): string {
  const pinned = extras?.pinned ? String(<PinnedMark />) : ""
  return editedAt && !deletedAt ? `${pinned} ${<EditedLink messageId={id} />}` : pinned
}

function PinnedMark() {
  return (
    <span class="pinned">
      {" "}
      <Icon name="pin" /> pinned
    </span>
  )
}

function EditedLink({ messageId }: { messageId: string }) {
  return (
    <DialogLink href={`/messages/${messageId}/history`} class="edited">
      edited
    </DialogLink>
  )
}

/** What follows the header. */
function content(message: Message, viewer?: Localization): string {
  const { deletedAt, extras } = message
  const body = deletedAt
    ? `<p class="content">Message deleted</p>`
    : `${messageTextHtml(message, viewer?.clock)}${extras ? additions(message, viewer) : ""}`
  const { thread } = extras ?? {}
  return thread
    ? `${body}${<ThreadLink serverId={message.serverId} thread={thread} clock={viewer?.clock} />}`
    : body
}

function additions({ id, extras }: Message, viewer?: Localization): string {
  const { attachments, expiredFiles, poll, previews, reactions } = extras ?? {}
  const isStill = viewer !== undefined && prefersStill(viewer)
  return [
    attachments && <Attachments files={attachments} isStill={isStill} />,
    expiredFiles && <ExpiredFiles count={expiredFiles} />,
    poll && <PollView messageId={id} poll={poll} clock={viewer?.clock} />,
    previews && <Previews previews={previews} />,
    reactions && <Reactions messageId={id} reactions={reactions} />,
  ].join("")
}

/**
 * The most frequent actions; the rest are in the panel that "More" opens. Cloned by `static/toolbar.js` into the message
 * that is hovered or focused: in each message, it would be a third of the page.
 */
export function ToolsTemplate() {
  return (
    <template id="tools">
      <div class="tools">
        <a href="/react" data-dialog aria-label="React" title="Add reaction (+)">
          <Icon name="react" />
        </a>
        <a href="/reply" aria-label="Reply" title="Reply (R)">
          <Icon name="reply" />
        </a>
        <a href="/actions" data-dialog aria-label="More" title="More actions">
          <Icon name="more" />
        </a>
      </div>
    </template>
  )
}

/** A message's text. A long one is folded, and unfolded by a check box, without a script. */
export function messageTextHtml(message: RenderedText, clock?: Clock): string {
  const { content } = message
  const isFolded = isLong(content)
  const look = isFolded ? " folded" : isEmojiAlone(content) ? " large" : ""
  const rendered = renderMessage(message, clock)
  const direction = rightToLeft.test(rendered) ? ` dir="auto"` : ""
  const text = `<div class="content${look}"${direction}>${rendered}</div>`
  return isFolded ? text + unfold : text
}

/** Letters that are written from right to left. Without one, `dir="auto"` is what the page is anyway: from left to right. */
const rightToLeft = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\ud802\ud803\ud83a\ud83b]/

const unfold = String(
  <label class="unfold">
    <input type="checkbox" class="visually-hidden" autocomplete="off" />
    <span class="more">Show more</span>
    <span class="less">Show less</span>
  </label>,
)

/** Editing an own message. */
export function EditMessagePanel({
  messageId,
  isRequired,
  state,
}: {
  messageId: string
  /** False for a message that may have no text. */
  isRequired: boolean
  state: FormState
}) {
  const error = state.errors?.content
  return (
    <FormPanel title="Edit message">
      <PanelForm action={`/messages/${messageId}`} state={state} submit="Save">
        <p class="field">
          <label for="content">Message</label>
          <textarea
            id="content"
            name="content"
            rows="4"
            data-max-length={String(maxContentLength)}
            dir="auto"
            required={isRequired}
            autofocus
            aria-invalid={error ? "true" : undefined}
            aria-describedby={error ? "content-error content-hint" : "content-hint"}
            safe
          >
            {`\n${state.values?.content ?? ""}`}
          </textarea>
          <LengthNote />
          <small id="content-hint" class="hint keys-hint">
            Enter to save, Shift+Enter for a new line
          </small>
          <FieldError name="content" error={error} />
        </p>
      </PanelForm>
    </FormPanel>
  )
}

/** Deleting a message, which the panel quotes where it is given. */
export function DeleteMessagePanel({
  messageId,
  message,
  state,
}: {
  messageId: string
  message?: Message
  state: FormState
}) {
  return (
    <FormPanel title="Delete message">
      <p>This cannot be undone.</p>
      {message !== undefined && (
        <blockquote dir="auto" safe>
          {summaryOf(message)}
        </blockquote>
      )}
      <PanelForm action={`/messages/${messageId}/delete`} state={state} submit="Delete" danger />
    </FormPanel>
  )
}
