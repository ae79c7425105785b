import { ActDonePanel, UndonePanel } from "../../../views/moderation.tsx"
import { Refusal } from "../../kernel/index.ts"
import { goTo, wantsFragment } from "../../web/reply.ts"
import { type AuditAction, auditActions } from "../audit-log/contract.ts"
import { panel } from "../forms.tsx"
import { requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { act, requireViewer, type Visit } from "../visit.ts"
import { findUndoable } from "./undo-store.ts"

type OfAct = Visit & { params: { serverId: string; undoId: string } }

/** After an act: its page with the button that undoes it; for htmx, in the dialog. */
export async function actDone(services: Services, visit: Visit, done: { serverId: string; undoId: string }) {
  if (!wantsFragment(visit.request))
    return goTo(visit.request, `/servers/${done.serverId}/acts/${done.undoId}`)

  return showAct(services, { ...visit, params: done })
}

/** An act of the viewer. Fails: 404. */
export async function showAct(services: Services, visit: OfAct): Promise<Response> {
  const { serverId, undoId } = visit.params
  const viewer = await requireViewer(services, visit)
  const { server } = await requireServer(services, viewer, serverId)
  const found = await findUndoable(services.db, undoId)
  if (found && (found.actorId !== viewer.id || found.serverId !== serverId))
    throw new Refusal("There is no such action", 404)

  const secondsLeft = found ? Math.max(0, Math.ceil((found.expiresAt.getTime() - Date.now()) / 1000)) : 0
  const done = found ? auditActions[found.action as AuditAction] : "It was done"
  const props = { server, undoId, done, secondsLeft }
  return panel(visit, viewer, { title: "Done", markup: <ActDonePanel {...props} /> })
}

/** Undoes an act, and says whether that worked. */
export async function undoFromPage(services: Services, visit: OfAct): Promise<Response> {
  const viewer = await requireViewer(services, visit)
  await requireServer(services, viewer, visit.params.serverId)
  const { error } = await act(services, visit, "undoAct", { undoId: visit.params.undoId })
  const markup = <UndonePanel error={error?.message} />
  return panel(visit, viewer, { title: error ? "Not undone" : "Undone", markup, error: error ?? undefined })
}
