import type { MessageActionEntry } from "../../../views/message-actions.tsx"
import type { Db } from "../../db/database.ts"
import { can } from "../permissions/can.ts"
import type { AuthoredStanding } from "../permissions/standing.ts"
import type { Message } from "./contract.ts"

/** What decides which actions a viewer is offered for a message. */
export interface AboutMessage {
  db: Db
  viewerId: string
  message: Message
  standing: AuthoredStanding
}

/** An entry in the menu of a message. A feature lists its actions in its hooks and serves the route of each. */
export interface MessageAction {
  label: string
  /** Below `/messages/:messageId`; empty for the message itself. */
  path: string
  /**
   * `panel`: a form or list in the dialog. `page`: a link. `do`: a button that submits the action immediately. `copyText`,
   * `copyLink`: copies the message's text or address.
   */
  kind: MessageActionEntry["kind"]
  /** Sort key, lowest first: 100 to respond, 200 to change, 300 to save or pin, 400 to inspect. Leave gaps. */
  order: number
  /** Whether to offer the action; its route checks the permission again. Default: always. */
  when?(about: AboutMessage): boolean | Promise<boolean>
  danger?: true
}

const coreActions: MessageAction[] = [
  {
    label: "Copy text",
    path: "",
    kind: "copyText",
    order: 340,
    when: ({ message }) => message.content !== "",
  },
  { label: "Copy link", path: "", kind: "copyLink", order: 350 },
  { label: "Edit", path: "edit", kind: "panel", order: 200, when: ({ standing }) => can(standing, "edit") },
  {
    label: "Delete",
    path: "delete",
    kind: "panel",
    order: 900,
    when: ({ standing }) => can(standing, "delete"),
    danger: true,
  },
]

/** The actions offered to a viewer of a message; none for a deleted one. */
export async function actionsFor(
  hooks: readonly { actions?: readonly MessageAction[] }[],
  about: AboutMessage,
): Promise<MessageActionEntry[]> {
  if (about.message.deletedAt) return []

  const url = `/messages/${about.message.id}`
  const actions = [...coreActions, ...hooks.flatMap((hook) => hook.actions ?? [])]
  const isOffered = await Promise.all(actions.map(async (action) => (await action.when?.(about)) ?? true))
  return actions
    .filter((_, index) => isOffered[index])
    .sort((a, b) => a.order - b.order)
    .map(({ label, path, kind, danger }) => ({ label, href: path ? `${url}/${path}` : url, kind, danger }))
}
