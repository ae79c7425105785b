import type { MessageActionEntry } from "../../../views/actions.tsx"
import { can } from "../permissions/can.ts"
import type { AuthoredStanding } from "../permissions/standing.ts"
import type { Message } from "./contract.ts"

/** A message, and what the viewer is to it. */
interface AboutMessage {
  message: Message
  standing: AuthoredStanding
  isInThread: boolean
  /** Has the viewer saved it? */
  isSaved: boolean
}

interface MessageAction {
  label: string
  /** Below `/messages/:messageId/`. */
  path: string
  /** A form or list for the dialog, a page to go to, or something done at once by a form of one button. */
  kind: "panel" | "page" | "do"
  /** Whether it is offered; whether it is allowed is decided where it is done. */
  when(about: AboutMessage): boolean
  danger?: true
}

/**
 * Everything that can be done with a message, in the order of its panel. A feature that adds something adds a line
 * here and the route it leads to.
 */
const messageActions: MessageAction[] = [
  { label: "Add reaction", path: "react", kind: "panel", when: () => true },
  { label: "Reply", path: "reply", kind: "page", when: () => true },
  { label: "Reply in thread", path: "thread", kind: "do", when: ({ isInThread }) => !isInThread },
  { label: "Edit", path: "edit", kind: "panel", when: ({ standing }) => can(standing, "edit") },
  { label: "Save", path: "save", kind: "do", when: ({ isSaved }) => !isSaved },
  { label: "Remove from saved", path: "unsave", kind: "do", when: ({ isSaved }) => isSaved },
  {
    label: "Pin",
    path: "pin",
    kind: "do",
    when: ({ message, standing }) => can(standing, "pin") && !message.extras?.pinned,
  },
  {
    label: "Unpin",
    path: "unpin",
    kind: "do",
    when: ({ message, standing }) => can(standing, "pin") && message.extras?.pinned === true,
  },
  {
    label: "Reactions",
    path: "reactions",
    kind: "panel",
    when: ({ message }) => message.extras?.reactions !== undefined,
  },
  {
    label: "Remove previews",
    path: "previews",
    kind: "panel",
    when: ({ message, standing }) =>
      can(standing, "removePreviews") && message.extras?.previews !== undefined,
  },
  {
    label: "Edit history",
    path: "history",
    kind: "panel",
    when: ({ message }) => message.editedAt !== null,
  },
  { label: "Mark as unread from here", path: "unread", kind: "do", when: () => true },
  {
    label: "Delete",
    path: "delete",
    kind: "panel",
    when: ({ standing }) => can(standing, "delete"),
    danger: true,
  },
]

/** What this viewer may do with this message; nothing with a deleted one. */
export function actionsFor(about: AboutMessage): MessageActionEntry[] {
  if (about.message.deletedAt) return []

  const address = `/messages/${about.message.id}`
  return messageActions
    .filter(({ when }) => when(about))
    .map(({ label, path, kind, danger }) => ({ label, href: `${address}/${path}`, kind, danger }))
}
