import type { Viewer } from "../accounts/sessions.ts"
import type { ChangeSet } from "../change-set.ts"
import { requireAdministrator } from "../permissions/administrators.ts"
import type { Derived } from "../services.ts"
import { requireRecentConfirmation } from "../sessions/confirmation.ts"

/** The viewer, who is an administrator. Fails: 401, 403. */
export async function requireAdmin(derived: Derived): Promise<Viewer> {
  const viewer = derived.requireAuth()
  await requireAdministrator(derived, viewer)
  return viewer
}

/** Runs an act of an administrator; the commit checks again that they still are one. */
export async function administer<Result>(
  derived: Derived,
  write: (changes: ChangeSet, actor: Viewer) => Promise<Result>,
): Promise<Result> {
  const viewer = await requireAdmin(derived)
  return derived.publisher.decide(async (changes) => {
    await requireAdministrator({ db: changes.tx }, viewer)
    return write(changes, viewer)
  })
}

/** Like `administer`, for acts that an open browser alone must not allow. Fails: 403 (confirm first). */
export async function administerConfirmed<Result>(
  derived: Derived,
  write: (changes: ChangeSet, actor: Viewer) => Promise<Result>,
): Promise<Result> {
  await requireRecentConfirmation(derived, await requireAdmin(derived))
  return administer(derived, write)
}

/** The answer of a procedure that returns nothing. */
export const done = async (act: Promise<unknown>): Promise<null> => {
  await act
  return null
}
