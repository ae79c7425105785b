import type { MessageActionEntry } from "../../../views/actions.tsx"
import type { Db } from "../../db/open.ts"
import { can } from "../permissions/can.ts"
import type { AuthoredStanding } from "../permissions/standing.ts"
import type { Message } from "./contract.ts"

/** A message for which a viewer opens the list of actions. */
export interface AboutMessage {
  db: Db
  viewerId: string
  message: Message
  standing: AuthoredStanding
}

/** One thing that can be done with a message. A feature lists its own in its hooks, beside the route it leads to. */
export interface MessageAction {
  label: string
  /** Below `/messages/:messageId/`. */
  path: string
  /** A form or list for the dialog, a page to go to, or a form of one button that does it at once. */
  kind: "panel" | "page" | "do"
  /** Actions are shown by this number, lowest first: 100 answers, 200 changes, 300 keeps, 400 inspects. Leave gaps. */
  order: number
  /** Whether it is offered; its route decides whether it is allowed. Default: always. */
  when?(about: AboutMessage): boolean | Promise<boolean>
  danger?: true
}

const ownActions: MessageAction[] = [
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
  const all = [...ownActions, ...hooks.flatMap(({ actions = [] }) => actions)]
  const offered = await Promise.all(all.map(async (action) => (await action.when?.(about)) ?? true))
  return all
    .filter((_, index) => offered[index])
    .sort((a, b) => a.order - b.order)
    .map(({ label, path, kind, danger }) => ({ label, href: `${url}/${path}`, kind, danger }))
}
