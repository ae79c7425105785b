import { escapeHtml } from "@kitajs/html"
import { maxFilesPerMessage } from "../src/features/files/message-fields.ts"
import { maxContentLength } from "../src/features/messages/contract.ts"
import { ComposerState, type ComposerStateProps } from "./composer-state.tsx"
import { PreviewButton } from "./drafts.tsx"
import { Tray } from "./files.tsx"
import { Icon } from "./icons.tsx"
import { Page, type PageViewer } from "./layout.tsx"
import { shownName } from "./people.ts"
import { PollLink } from "./polls.tsx"
import { type Quoted, ReplyingTo } from "./replies.tsx"
import { SendLaterButton } from "./scheduled-messages.tsx"
import { Avatar, DialogLink, LengthNote } from "./ui.tsx"

interface ComposerProps {
  /** The room's address. */
  address: string
  /** Of this page alone, so that what is submitted twice is stored once. A script gives each message its id. */
  formId?: string
  /** Where the message goes, such as "#general". Missing where only its URL is known. */
  place?: string
  /** In a frame of its own, where it answers to itself. */
  framed?: boolean
  quoted?: Quoted
  draft?: string
  error?: string
  /** Nothing can be written here now: `ComposerState` says why. */
  isClosed?: boolean
  /** Uploaded by a message that was refused: they go with the next one. */
  files?: { id: string; name: string }[]
  /** Said to the script, which need not send what is refused. */
  maxFileBytes?: number
}

/** Where one writes. It works as a plain form; `static/outbox.js` keeps what could not be sent. */
export function ComposerForm({
  address,
  formId,
  place,
  framed,
  quoted,
  draft = "",
  error = "",
  isClosed = false,
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
      {/* Firefox would keep the value when the page is reloaded. */}
      {formId !== undefined && <input type="hidden" name="formId" value={formId} autocomplete="off" />}
      <ReplyingTo quoted={quoted} cancel={framed ? `${address}/composer` : address} />
      <p id="composer-error" class="error" role="alert" safe>
        {error}
      </p>
      <div id="preview" />
      <Tray files={files} />
      <div class="composer-box">
        <label class="attach button quiet" title="Attach files">
          <Icon name="clip" />
          <span class="visually-hidden">Attach files</span>
          <input
            id="composer-files"
            type="file"
            name="files"
            multiple
            disabled={isClosed}
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
          placeholder={place === undefined ? "Write a message" : escapeHtml(`Message ${place}`)}
          readonly={isClosed}
          aria-describedby="composer-state composer-reply-text composer-error composer-hint"
          dir="auto"
          safe
        >
          {/* A line break right after the tag is not part of the text (WHATWG HTML, 13.2.6.4.7). */}
          {`\n${draft}`}
        </textarea>
        <PollLink room={address} />
        {/* Without JavaScript nothing could be written by it; names in colons work. */}
        {!framed && (
          <DialogLink class="button quiet with-script" href="/emoji/picker" label="Emoji">
            <Icon name="smile" />
          </DialogLink>
        )}
        <SendLaterButton address={address} />
        <button class="quiet send" type="submit" disabled={isClosed} aria-label="Send" title="Send">
          <Icon name="send" />
        </button>
      </div>
      <LengthNote canAttach />
      <div class="composer-foot">
        <small id="composer-hint" class="hint">
          Enter to send, Shift+Enter for a new line
        </small>
        <PreviewButton address={address} />
      </div>
    </form>
  )
}

/** The composer as a document of its own, for the frame beside the stream. */
export function ComposerPage({
  viewer,
  state,
  ...composer
}: ComposerProps & { viewer?: PageViewer; state?: ComposerStateProps }) {
  // Why it is closed is said above it.
  const error = state?.closed?.text === composer.error ? "" : composer.error
  return (
    <Page title="Write a message" viewer={viewer} bodyClass="frame" script={false}>
      <main>
        <h1 class="visually-hidden">Write a message</h1>
        {state !== undefined && <ComposerState {...state} />}
        {state?.closed !== undefined && (
          <p class="hold">
            <a href={`${composer.address}/composer`}>Reload</a>
          </p>
        )}
        <ComposerForm {...composer} error={error} isClosed={state?.closed !== undefined} framed />
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
        <Avatar userId={viewer.id} name={shownName(viewer)} picture={viewer.avatarUrl} />
        <header>
          <bdi class="author" safe>
            {shownName(viewer)}
          </bdi>{" "}
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
