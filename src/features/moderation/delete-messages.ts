import { Refusal } from "../../kernel/index.ts"
import type { ChangeSet } from "../change-set.ts"
import type { Services } from "../services.ts"
import { deleteKept, type KeptMessages } from "./kept-messages.ts"
import { extendUndoable, findUndoable, insertUndoable, type NewUndoable, partId } from "./undo-store.ts"

/** Messages that one commit deletes. */
const batchSize = 100

/**
 * Deletes messages, by channel, as parts of an act that was stored already: some in each commit, so that others write in
 * between. Stops when the act is undone meanwhile. Returns how many were deleted.
 */
export async function deleteForAct(
  { publisher, messageHooks, commits }: Pick<Services, "publisher" | "messageHooks" | "commits">,
  act: NewUndoable,
  byChannel: ReadonlyMap<string, string[]>,
): Promise<number> {
  let [count, part] = [0, 0]
  for (const [channelId, ids] of byChannel) {
    for (let from = 0; from < ids.length; from += batchSize) {
      const batch = { hooks: messageHooks, channelId, ids: ids.slice(from, from + batchSize) }
      const id = partId(act.id, part++)
      const deleted = await publisher.append(channelId, async (changes) => {
        if (!(await findUndoable(changes.tx, act.id))) return undefined
        return deletePart(changes, { ...act, id }, batch)
      })
      if (deleted === undefined) return count
      count += deleted
    }
  }
  if (count > 0) await commits.note("unread", (tx) => extendUndoable(tx, act.id))
  return count
}

/** Deletes messages of one channel as a part of an act. Returns how many. */
export async function deletePart(
  changes: ChangeSet,
  part: NewUndoable,
  batch: Parameters<typeof deleteKept>[1],
): Promise<number> {
  const kept: KeptMessages = await deleteKept(changes, batch)
  if (kept.messages.length > 0) await insertUndoable(changes.tx, { ...part, data: { kept } })
  return kept.messages.length
}

/** Throws a refusal that a commit returned. */
export function unlessRefused<Result>(outcome: Result | Refusal): Result {
  if (outcome instanceof Refusal) throw outcome

  return outcome
}
