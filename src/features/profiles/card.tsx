import { shownName } from "../../../views/people.ts"
import { ProfileCard } from "../../../views/profile-card.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { isBlocked } from "../blocks/store.ts"
import { formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { findMember } from "../members/store.ts"
import { canActOn } from "../permissions/can.ts"
import { findServerAccess } from "../permissions/store.ts"
import { listRoles } from "../roles/store.ts"
import type { Services } from "../services.ts"
import type { SignedInViewer, Visit } from "../visit.ts"
import { requireProfile } from "./require-profile.ts"
import { findNote } from "./store.ts"

interface Card {
  userId: string
  /** From where it was opened; ignored where the two are not members of it. */
  serverId?: string
  /** A note that was refused, as it was typed. */
  note?: string
  noteSaved?: boolean
  error?: ProcedureError
}

/** Responds with the card of somebody whom the viewer may know: in the dialog, or as a page. Fails: 404. */
export async function cardPanel(
  services: Services,
  visit: Visit,
  viewer: SignedInViewer,
  { userId, serverId, note, noteSaved, error }: Card,
): Promise<Response> {
  const { db } = services
  const profile = await requireProfile(services, viewer.id, { userId, serverId })
  const server = profile.member ? profile.mutualServers.find(({ id }) => id === serverId) : undefined
  const ids = new Set(profile.member?.roleIds)
  const roles = server ? (await listRoles(db, server.id)).filter(({ id }) => ids.has(id)) : []
  const stored = userId === viewer.id ? "" : await findNote(db, viewer.id, userId)
  const markup = (
    <ProfileCard
      profile={profile}
      server={server}
      roles={roles}
      isViewer={userId === viewer.id}
      isBlocked={await isBlocked(db, { userId: viewer.id, blockedId: userId })}
      mayModerate={server !== undefined && (await mayModerate(services, viewer, server.id, userId))}
      note={error ? formState(error, { note: note ?? "" }) : { values: { note: stored } }}
      noteSaved={noteSaved}
      clock={viewer.clock}
    />
  )
  return panel(visit, viewer, { title: shownName(profile), markup, error })
}

/** May the viewer do anything about a member? The menu says what. */
async function mayModerate(
  { db }: Services,
  viewer: SignedInViewer,
  serverId: string,
  userId: string,
): Promise<boolean> {
  if (viewer.id === userId) return false
  const [access, member] = [
    await findServerAccess(db, viewer, serverId),
    await findMember(db, serverId, userId),
  ]
  if (!access || !member) return false

  const acts = ["kickMembers", "banMembers", "timeOutMembers", "manageNicknames"] as const
  return acts.some((action) => canActOn(access.standing, action, member))
}
