import { escapeHtml } from "@kitajs/html"
import type { InboxItem } from "../src/features/inbox/contract.ts"
import { maxContentLength } from "../src/features/messages/contract.ts"
import { summaryOf } from "../src/features/messages/render.ts"
import type { Clock } from "../src/web/clock.ts"
import { Icon } from "./icons.tsx"
import { type InboxFilter, inboxQuery, reasons } from "./inbox-filter.ts"
import { messageTextHtml } from "./messages.tsx"
import { nameIn, shownName } from "./people.ts"
import { Quote } from "./replies.tsx"
import { Time } from "./times.tsx"
import { Avatar } from "./ui.tsx"

/** The last action, and the form that undoes it. */
export interface InboxNotice {
  text: string
  undo?: { action: "done" | "undone" | "read/undo"; fields: Record<string, string> }
}

/** An answer that could not be sent. */
export interface UnsentReply {
  /** Of the item. */
  key: string
  content: string
  error: string
}

export interface FoundProps {
  filter: InboxFilter
  items: InboxItem[]
  older: string | null
  notice?: InboxNotice
  unsent?: UnsentReply
  clock: Clock
}

/** The id of an item in the page. */
export function itemKey({ message, reason }: Pick<InboxItem, "message" | "reason">): string {
  return `item-${message.id}-${reason}`
}

/** The list, and what was done last: what `static/inbox.js` keeps up to date. */
export function InboxFound({ filter, items, older, notice, unsent, clock }: FoundProps) {
  return (
    <section id="inbox-found" aria-label="Messages">
      <InboxStatus notice={notice} filter={filter} />
      {items.length === 0 && (
        <p class="empty">
          <span safe>{emptyText(filter)}</span>
          {(filter.reason ?? filter.serverId) !== undefined && (
            <>
              {" "}
              <a href={escapeHtml(`/inbox${inboxQuery({ state: filter.state })}`)}>Show all</a>
            </>
          )}
        </p>
      )}
      <ul id="inbox-list" class="inbox-list">
        {items.map((item) => (
          <Item item={item} filter={filter} unsent={unsent} clock={clock} />
        ))}
      </ul>
      {(older !== null || filter.before !== undefined) && (
        <nav id="inbox-pages" class="search-pages" aria-label="Pages">
          {filter.before !== undefined && (
            <a href={escapeHtml(`/inbox${inboxQuery({ ...filter, before: undefined })}`)}>Newest</a>
          )}
          {older !== null && (
            <a rel="next" href={escapeHtml(`/inbox${inboxQuery({ ...filter, before: older })}`)}>
              Older
            </a>
          )}
        </nav>
      )}
    </section>
  )
}

/** The last action, with "Undo". Always present, so that screen readers announce it. */
function InboxStatus({ notice, filter }: { notice?: InboxNotice; filter: InboxFilter }) {
  const { action = "", fields = {} } = notice?.undo ?? {}
  return (
    <div id="inbox-status" class="inbox-status" role="status">
      {notice !== undefined && <span safe>{notice.text}</span>}
      {notice?.undo !== undefined && (
        <form method="post" action={escapeHtml(`/inbox/${action}${inboxQuery(filter)}`)}>
          {Object.entries(fields).map(([name, value]) => (
            <input type="hidden" name={name} value={escapeHtml(value)} />
          ))}
          <button type="submit" class="quiet" data-undo title="Undo (z)">
            Undo
          </button>
        </form>
      )}
    </div>
  )
}

function emptyText({ state, reason, serverId, before }: InboxFilter): string {
  if (before) return "No older messages."
  if (reason || serverId) return "Nothing with these filters."
  if (state === "done") return "Nothing done yet. Messages that you mark as done appear here."
  return "Your inbox is empty. Mentions of you, replies to you, followed threads, keywords and reminders appear here."
}

interface ItemProps {
  item: InboxItem
  filter: InboxFilter
  unsent?: UnsentReply
  clock: Clock
}

/** One item: why it is here, whose it is and what it says, and what can be done with it. */
function Item({ item, filter, unsent, clock }: ItemProps) {
  const { message, reason, at, isUnread, doneAt, note } = item
  const { id, userId, extras } = message
  const name = extras?.bot?.name ?? shownName(message)
  const key = itemKey(item)
  const content = (
    <>
      <Avatar userId={userId} name={name} picture={extras?.bot ? undefined : message.avatarUrl} />
      <div class="inbox-body">
        <a class="inbox-head" href={`/messages/${id}`}>
          {isUnread && <span class="visually-hidden">Unread: </span>}
          <span class="inbox-why" safe>
            {reasons[reason]}
          </span>{" "}
          <b>
            <bdi safe>{name}</bdi>
          </b>{" "}
          <span class="hint">
            in <bdi safe>{placeOf(item)}</bdi>
          </span>{" "}
          <Time at={at} clock={clock} />
        </a>
        {note !== null && note !== "" && (
          <p class="inbox-note" dir="auto" safe>
            {note}
          </p>
        )}
        {extras?.replyTo !== undefined && (
          <Quote quote={extras.replyTo} name={nameIn(message, extras.replyTo)} />
        )}
        <Said item={item} clock={clock} />
        <div class="inbox-tools">
          <DoneButton item={item} isDone={doneAt !== null} filter={filter} />
          {!isUnread && <UnreadButton item={item} filter={filter} />}
          <Reply item={item} name={name} filter={filter} unsent={unsent?.key === key ? unsent : undefined} />
        </div>
      </div>
    </>
  )
  return <Entry id={key} isUnread={isUnread} authorId={userId} content={String(content)} />
}

interface EntryProps {
  id: string
  isUnread: boolean
  authorId?: string
  /** Markup. */
  content: string
}

/** An entry of a list. By its version `static/inbox.js` skips unchanged entries. */
export function Entry({ id, isUnread, authorId, content }: EntryProps) {
  return (
    <li
      id={id}
      class={isUnread ? "inbox-item unread" : "inbox-item"}
      data-author={authorId}
      data-version={Bun.hash(content).toString(36)}
    >
      {content as "safe"}
    </li>
  )
}

function Said({ item: { message }, clock }: { item: InboxItem; clock: Clock }) {
  // Of a message with files or a poll: what it has besides its text.
  const more = summaryOf({ content: "", extras: message.extras })
  return (
    <>
      {message.content !== "" && (messageTextHtml(message, clock) as "safe")}
      {more !== "" && (
        <p class="hint" dir="auto" safe>
          {more}
        </p>
      )}
    </>
  )
}

function placeOf({ channelName, serverName, isThread, isConversation }: InboxItem): string {
  if (isConversation) return isThread ? `${channelName}, direct messages` : "direct messages"
  return `${isThread ? channelName : `#${channelName}`}, ${serverName}`
}

function DoneButton({ item, isDone, filter }: { item: InboxItem; isDone: boolean; filter: InboxFilter }) {
  const action = escapeHtml(`/inbox/${isDone ? "undone" : "done"}${inboxQuery(filter)}`)
  return (
    <form method="post" action={action}>
      <ItemFields item={item} />
      <button type="submit" class="quiet" data-done title={isDone ? undefined : "Done (e)"}>
        <Icon name={isDone ? "up" : "check"} /> {isDone ? "Move back to inbox" : "Done"}
      </button>
    </form>
  )
}

/** Also returns an item that is done. */
function UnreadButton({ item, filter }: { item: InboxItem; filter: InboxFilter }) {
  return (
    <form method="post" action={escapeHtml(`/inbox/unread${inboxQuery(filter)}`)}>
      <ItemFields item={item} />
      <button type="submit" class="quiet" data-unread title="Mark as unread (u)">
        Mark as unread
      </button>
    </form>
  )
}

function ItemFields({ item: { message, reason } }: { item: InboxItem }) {
  return (
    <>
      <input type="hidden" name="messageId" value={message.id} />
      <input type="hidden" name="reason" value={reason} />
    </>
  )
}

interface ReplyProps {
  item: InboxItem
  name: string
  filter: InboxFilter
  unsent?: UnsentReply
}

/** Answers in place. */
function Reply({ item, name, filter, unsent }: ReplyProps) {
  const id = `reply-${itemKey(item)}`
  return (
    <details class="inbox-reply" open={unsent !== undefined}>
      <summary class="button quiet" title="Reply (r)">
        Reply
      </summary>
      <form method="post" action={escapeHtml(`/inbox/reply${inboxQuery(filter)}`)}>
        <ItemFields item={item} />
        <p class="field">
          <label class="visually-hidden" for={id} safe>
            {`Reply to ${name}`}
          </label>
          <textarea
            id={id}
            name="content"
            rows="2"
            dir="auto"
            required
            maxlength={maxContentLength}
            aria-invalid={unsent ? "true" : undefined}
            aria-describedby={unsent ? `${id}-error` : undefined}
            safe
          >
            {`\n${unsent?.content ?? ""}`}
          </textarea>
        </p>
        {unsent !== undefined && (
          <p id={`${id}-error`} class="error" role="alert" safe>
            {unsent.error}
          </p>
        )}
        <p class="actions">
          <button type="submit" class="primary">
            Send and mark as done
          </button>
        </p>
      </form>
    </details>
  )
}
