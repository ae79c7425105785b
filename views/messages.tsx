import { maxFilesPerMessage } from "../src/features/files/message-fields.ts"
import { type Message, maxContentLength } from "../src/features/messages/contract.ts"
import { summaryOf } from "../src/features/messages/render.ts"
import { PreviewButton } from "./draft-preview.tsx"
import { Tray } from "./files.tsx"
import { Icon } from "./icons.tsx"
import { Page, type PageViewer } from "./layout.tsx"
import { PollLink } from "./polls.tsx"
import { type Quoted, ReplyingTo } from "./replies.tsx"
import { type Slotted, slotted } from "./slotted.ts"
import { Avatar, FieldError, FormPanel, type FormState, PanelForm } from "./ui.tsx"

interface LogProps {
  older?: string
  newer?: string
  /** The last change the page shows: live goes on after it. */
  seq: number
  /** Does it show the end of the log, where new messages appear? */
  live: boolean
  /** How many messages its reader had read when they came, where that was not all. */
  read?: number
}

/** The log around the messages of one page of it, with links to the next pages. */
export function slottedLog({ older, newer, seq, live, read }: LogProps): Slotted {
  const log = slotted(
    <section id="log" class="log" tabindex="0" aria-label="Message history">
      {older !== undefined && <OlderLink href={older} />}
      <span id="messages-in" hidden>
        Messages in
      </span>
    </section>,
  )
  const messages = slotted(
    <div
      id="messages"
      role="log"
      aria-live="off"
      aria-labelledby="messages-in room-name"
      data-seq={String(seq)}
      data-live={live ? "" : undefined}
      data-read={read === undefined ? undefined : String(read)}
    />,
  )
  const rest = (
    <>
      <p class="empty">No messages yet. Say hello.</p>
      {newer !== undefined && <NewerLink href={newer} />}
    </>
  )
  return { before: log.before + messages.before, after: `${messages.after}${rest}${log.after}` }
}

/** To the page before. */
export function OlderLink({ href }: { href: string }) {
  return (
    <PagerLink id="older" href={href}>
      Older messages
    </PagerLink>
  )
}

/** To the page after. */
export function NewerLink({ href }: { href: string }) {
  return (
    <PagerLink id="newer" href={href}>
      Newer messages
    </PagerLink>
  )
}

/** To where a reader was before they missed more than can be replayed. */
export function MissedLink({ href, count }: { href: string; count: number }) {
  return (
    <a id="missed" class="pager missed" href={href}>
      You missed {count} messages. Read on from where you were
    </a>
  )
}

/** A plain link that loads by itself when it is scrolled to. */
function PagerLink({ id, href, children }: { id: string; href: string; children: string }) {
  return (
    <a id={id} class="pager" href={href} hx-get={href} hx-trigger="intersect, click" hx-swap="outerHTML">
      {children as "safe"}
    </a>
  )
}

interface ComposerProps {
  /** The room's address. */
  address: string
  /** In a frame of its own, where it answers to itself. */
  framed?: boolean
  quoted?: Quoted
  draft?: string
  error?: string
  /** Uploaded by a message that was refused: they go with the next one. */
  files?: { id: string; name: string }[]
  /** Said to the script, which need not send what is refused. */
  maxFileBytes?: number
}

/** Where one writes. It works as a plain form; `static/outbox.js` keeps what could not be sent. */
export function ComposerForm({
  address,
  framed,
  quoted,
  draft = "",
  error = "",
  files = [],
  maxFileBytes,
}: ComposerProps) {
  return (
    <form
      id="composer"
      class="composer"
      method="post"
      action={`${address}/messages${framed ? "?from=composer" : ""}`}
      enctype="multipart/form-data"
    >
      <ReplyingTo quoted={quoted} cancel={framed ? `${address}/composer` : address} />
      <p id="composer-error" class="error" role="alert" safe>
        {error}
      </p>
      <div id="preview" />
      <Tray files={files} />
      <label class="attach button quiet" title="Attach files">
        <Icon name="clip" />
        <span class="visually-hidden">Attach files</span>
        <input
          id="composer-files"
          type="file"
          name="files"
          multiple
          data-max-files={String(maxFilesPerMessage)}
          data-max-bytes={maxFileBytes === undefined ? undefined : String(maxFileBytes)}
        />
      </label>
      <label class="visually-hidden" for="composer-content">
        Message
      </label>
      <textarea
        id="composer-content"
        name="content"
        rows="1"
        data-max-length={String(maxContentLength)}
        placeholder="Write a message"
        aria-describedby="composer-reply-text composer-error composer-hint"
        dir="auto"
        safe
      >
        {/* A line break right after the tag is not part of the text (WHATWG HTML, 13.2.6.4.7). */}
        {`\n${draft}`}
      </textarea>
      <PollLink room={address} />
      <PreviewButton address={address} />
      <button class="primary send" type="submit">
        <Icon name="send" />
        <span>Send</span>
      </button>
      <LengthNote canAttach />
      <small id="composer-hint" class="hint">
        Enter sends, Shift+Enter breaks the line
      </small>
    </form>
  )
}

/**
 * For `static/character-count.js`: how much more may be written. Browsers would cut off what is too long, without a word
 * (`maxlength`): here it is kept, and the server says by how much it is too long.
 */
function LengthNote({ canAttach = false }: { canAttach?: boolean }) {
  return (
    <>
      <small class="length" hidden>
        <span aria-hidden="true" />
        {canAttach && <button type="button">Attach it as a file</button>}
      </small>
      <span class="visually-hidden" role="status" />
    </>
  )
}

/** The composer as a document of its own, for the frame beside the stream. */
export function ComposerPage({ viewer, ...composer }: ComposerProps & { viewer?: PageViewer }) {
  return (
    <Page title="Write a message" viewer={viewer} bodyClass="frame" script={false}>
      <main>
        <h1 class="visually-hidden">Write a message</h1>
        <ComposerForm {...composer} framed />
      </main>
    </Page>
  )
}

/** What a message becomes until it is stored: cloned and filled in by `static/pending-messages.js`. */
export function PendingTemplate({ viewer }: { viewer: PageViewer }) {
  return (
    <template id="pending-message">
      <article class="message pending" tabindex="-1">
        <p class="quote" />
        <Avatar userId={viewer.id} name={viewer.username} />
        <header>
          <b class="author">
            <bdi safe>{viewer.username}</bdi>
          </b>{" "}
          <time class="sending" />
        </header>
        <div class="content" dir="auto" />
        <p class="pending-files" />
        <p class="recovery">
          <span class="failure" />
          <button type="button" class="retry">
            Try again
          </button>
          <button type="button" class="copy">
            Copy
          </button>
          <button type="button" class="discard">
            Discard
          </button>
        </p>
      </article>
    </template>
  )
}

/** Changing one's own message. */
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
            Enter saves, Shift+Enter breaks the line
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
