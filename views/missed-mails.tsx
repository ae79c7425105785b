import { escapeHtml } from "@kitajs/html"
import { CardPage } from "./layout.tsx"
import { DialogLink, FormErrors, FormPanel, type FormState, PanelForm } from "./ui.tsx"

interface PanelProps {
  mails: "never" | "missed"
  /** `null` without one that is verified. */
  address: string | null
  /** Whether this chat sends e-mail. */
  isOffered: boolean
  isSaved: boolean
  state: FormState
}

/** Whether somebody wants mails. */
export function MissedMailsPanel({ mails, address, isOffered, isSaved, state }: PanelProps) {
  return (
    <FormPanel title="E-mail for what you missed">
      {isSaved && <p role="status">Saved.</p>}
      {!isOffered && <p>This chat sends no e-mail.</p>}
      {isOffered && address === null && (
        <>
          <FormErrors state={state} />
          <p>
            You have no confirmed address: <DialogLink href="/account/email">add one first</DialogLink>.
          </p>
        </>
      )}
      {isOffered && address !== null && (
        <PanelForm action="/account/mails" submit="Save" state={state}>
          <label class="check">
            <input type="checkbox" name="mails" value="missed" checked={mails === "missed"} />
            <span>
              Write to <bdi safe>{address}</bdi>
            </span>
          </label>
          <p class="hint">
            Unread items of your inbox and unread direct messages are sent in one e-mail after 15 minutes,
            further e-mails at most once a day. Every e-mail has a link that stops them.
          </p>
        </PanelForm>
      )}
    </FormPanel>
  )
}

/** The page of the link in an e-mail; works without logging in. */
export function UnsubscribePage({ token, isDone }: { token: string; isDone: boolean }) {
  return (
    <CardPage title="E-mail for what you missed">
      <section class="panel">
        <h1>E-mail for what you missed</h1>
        {isDone ? (
          <p role="status">These e-mails are turned off. You can turn them on again in your account.</p>
        ) : (
          <form method="post" action={`/unsubscribe/${escapeHtml(encodeURIComponent(token))}`}>
            <p>Stop e-mail about what you missed?</p>
            <p class="actions">
              <button class="primary" type="submit">
                Stop them
              </button>
            </p>
          </form>
        )}
      </section>
    </CardPage>
  )
}
