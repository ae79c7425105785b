import { escapeHtml } from "@kitajs/html"
import type { Message } from "../src/features/messages/contract.ts"
import type { Clock } from "../src/web/clock.ts"
import { FormPage } from "./form-page.tsx"
import { Icon } from "./icons.tsx"
import type { PageViewer } from "./layout.tsx"
import { messageTextHtml } from "./messages.tsx"

export interface PreviewProps {
  /** The room's address. */
  address: string
  /** As much of a message as is known before it is sent. */
  message: Pick<Message, "content" | "extras" | "serverId" | "names">
  /** Why it could not be sent as it is. */
  error?: string
  clock: Clock
}

/** Shows what is being written as it will be shown. */
export function PreviewButton({ address }: { address: string }) {
  const to = `${address}/preview`
  return (
    <button
      type="submit"
      class="quiet to-preview"
      formaction={to}
      formtarget="_top"
      formenctype="application/x-www-form-urlencoded"
      formnovalidate
      hx-post={to}
      hx-target="#preview"
      hx-swap="innerHTML"
    >
      Preview
    </button>
  )
}

/**
 * In the composer: what is being written as it will be shown, kept up with while one goes on writing. An answer leaves this
 * element in place, so that it does not forget an input that it has yet to ask for.
 */
export function PreviewPane({ address, ...preview }: PreviewProps) {
  return (
    <section
      class="preview"
      aria-label="Preview"
      hx-post={`${address}/preview`}
      hx-trigger="input from:#composer-content delay:300ms"
      hx-sync="replace"
      hx-include="#composer"
      hx-target="#preview"
      hx-swap="innerMorph"
    >
      <button type="button" class="quiet end-preview" aria-label="Close preview" title="Close preview">
        <Icon name="close" />
      </button>
      <Previewed {...preview} />
    </section>
  )
}

interface PageProps extends PreviewProps {
  viewer: PageViewer
  draft: string
  replyTo: string
}

/** The same without JavaScript: a page to look at it, and to send it or to go on. */
export function PreviewPage({ viewer, address, draft, replyTo, ...preview }: PageProps) {
  return (
    <FormPage title="Preview" viewer={viewer}>
      <section class="panel">
        <h1>Preview</h1>
        <Previewed {...preview} />
        <form method="post" action={`${address}/messages`} enctype="multipart/form-data">
          <input type="hidden" name="replyTo" value={escapeHtml(replyTo)} />
          <p class="field">
            <label for="content">Message</label>
            <textarea id="content" name="content" rows="4" dir="auto" required safe>{`\n${draft}`}</textarea>
          </p>
          <p class="field">
            <label for="files">Files</label>
            <input id="files" type="file" name="files" multiple aria-describedby="files-hint" />
            <small id="files-hint" class="hint">
              Choose your files again: the selection was not kept.
            </small>
          </p>
          <p class="actions">
            <button type="submit" class="primary">
              Send
            </button>
            <button
              type="submit"
              formaction={`${address}/preview`}
              formenctype="application/x-www-form-urlencoded"
              formnovalidate
            >
              Preview again
            </button>
            <a class="button quiet" href={address}>
              Back to channel
            </a>
          </p>
        </form>
      </section>
    </FormPage>
  )
}

function Previewed({ message, error, clock }: Omit<PreviewProps, "address">) {
  if (error !== undefined) {
    return (
      <p class="error" safe>
        {error}
      </p>
    )
  }
  return <div class="previewed">{messageTextHtml(message, clock) as "safe"}</div>
}
