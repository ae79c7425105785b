import { escapeHtml } from "@kitajs/html"
import type { Message } from "../src/features/messages/contract.ts"
import { summaryOf } from "../src/features/messages/render.ts"
import type { Clock } from "../src/web/clock.ts"
import { cardPath } from "./people.ts"
import { QuickReactions } from "./reactions.tsx"
import { timeHtml } from "./times.tsx"
import { DialogLink, FormErrors, FormPanel } from "./ui.tsx"

/** One line of the panel: a link into the dialog or to a page, or a form of one button. */
export interface MessageActionEntry {
  label: string
  href: string
  kind: "panel" | "page" | "do" | "copyText" | "copyLink"
  danger?: true
}

interface PanelProps {
  message: Message
  actions: MessageActionEntry[]
  /** What the viewer is likely to react with. */
  emoji: string[]
  clock: Clock
}

/** What its viewer may do with a message. */
export function MessageActionsPanel({ message, actions, emoji, clock }: PanelProps) {
  return (
    <FormPanel title="Message">
      <blockquote class="about" dir="auto">
        <b>
          {message.extras?.bot ? (
            <bdi safe>{message.username}</bdi>
          ) : (
            <DialogLink href={cardPath(message.userId, message.serverId)}>
              <bdi safe>{message.username}</bdi>
            </DialogLink>
          )}
        </b>
        : <span safe>{message.deletedAt ? "Message deleted" : summaryOf(message)}</span>
      </blockquote>
      <p class="hint">
        <a href={`/messages/${message.id}`}>{timeHtml(message.createdAt, "F", clock) as "safe"}</a>
      </p>
      {actions.length > 0 && <QuickReactions messageId={message.id} emoji={emoji} />}
      {actions.length === 0 ? (
        <p class="hint">No actions available.</p>
      ) : (
        <ul class="message-actions">
          {actions.map((action) => (
            <li>
              <Action {...action} content={message.content} />
            </li>
          ))}
        </ul>
      )}
    </FormPanel>
  )
}

/** What could not be done, and why. */
export function ActionFailedPanel({ title, error }: { title: string; error: string }) {
  return (
    <FormPanel title={title}>
      <FormErrors state={{ error }} />
    </FormPanel>
  )
}

function Action({ label, href, kind, danger, content }: MessageActionEntry & { content: string }) {
  const looks = danger ? "danger-link" : undefined
  if (kind === "panel") {
    return (
      <DialogLink href={href} class={looks}>
        <span safe>{label}</span>
      </DialogLink>
    )
  }
  if (kind === "page") {
    return (
      <a href={href} class={looks} safe>
        {label}
      </a>
    )
  }
  // Neither is shown without a script.
  if (kind === "copyLink") {
    return (
      <a href={href} class="copy-link" safe>
        {label}
      </a>
    )
  }
  if (kind === "copyText") {
    return (
      <button type="button" class="copy-link" data-text={escapeHtml(content)} safe>
        {label}
      </button>
    )
  }
  return (
    <form method="post" action={href} hx-post={href} hx-target="#dialog-body" hx-swap="innerHTML">
      <button type="submit" class={looks} safe>
        {label}
      </button>
    </form>
  )
}
