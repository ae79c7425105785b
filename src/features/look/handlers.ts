import type { Viewer } from "../accounts/sessions.ts"
import { administerConfirmed, requireAdmin } from "../administration/administer.ts"
import { changesOf } from "../audit-log/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { recordInstanceAct } from "../instance/record-act.ts"
import { findInstance, updateInstance } from "../instance/store.ts"
import type { Procedures } from "../services.ts"
import { requireRecentConfirmation } from "../sessions/confirmation.ts"
import type { lookContract } from "./contract.ts"
import { setIcon } from "./icon.ts"

export const lookHandlers: Procedures<typeof lookContract> = {
  updateLook: {
    async procedure({ inputs, derived }) {
      await administerConfirmed(derived, async ({ tx }: ChangeSet, actor: Viewer) => {
        const before = await findInstance(tx, derived.config)
        await updateInstance(tx, { registration: before.registration, ...inputs })
        const changes = changesOf<Record<string, unknown>>({ ...before }, inputs)
        await recordInstanceAct(tx, { actor, action: "instance.update", changes })
      })
      await derived.look.changed()
      return null
    },
  },
  removeInstanceIcon: {
    async procedure({ derived }) {
      const viewer = await requireAdmin(derived)
      await requireRecentConfirmation(derived, viewer)
      await setIcon(derived, viewer, null)
      return null
    },
  },
}
