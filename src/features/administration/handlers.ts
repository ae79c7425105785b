import type { Viewer } from "../accounts/sessions.ts"
import { changesOf } from "../audit-log/store.ts"
import type { ChangeSet } from "../change-set.ts"
import { insertInvitation, listInvitations, revokeInvitation } from "../instance/invitations.ts"
import { recordInstanceAct } from "../instance/record-act.ts"
import { findInstance, updateInstance } from "../instance/store.ts"
import { resource } from "../permissions/resources.ts"
import type { Procedures } from "../services.ts"
import { listSessions } from "../sessions/store.ts"
import {
  approvePerson,
  createResetLink,
  deletePerson,
  endPersonSessions,
  refusePerson,
  removeSecondFactor,
  setAdministrator,
  suspendPerson,
  unsuspendPerson,
} from "./acts-on-people.ts"
import { administer, administerConfirmed, done, requireAdmin } from "./administer.ts"
import type { administrationContract } from "./contract.ts"
import { listInstanceActs } from "./instance-log.ts"
import { findPerson, listPeople } from "./people.ts"
import { purgeDuty } from "./purges.ts"
import { findOperations, findStorage } from "./reports.ts"
import { handOverServer, listAllServers, removeServer } from "./servers.ts"

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const people: Pick<
  Procedures<typeof administrationContract>,
  | "getAllPeople"
  | "getPerson"
  | "approvePerson"
  | "refusePerson"
  | "suspendPerson"
  | "unsuspendPerson"
  | "deletePerson"
  | "endPersonSessions"
  | "createResetLink"
  | "removeSecondFactor"
  | "getPersonSessions"
  | "setAdministrator"
> = {
  getAllPeople: {
    async procedure({ inputs, derived }) {
      await requireAdmin(derived)
      return listPeople(derived.db, inputs)
    },
  },
  getPerson: {
    async procedure({ inputs, derived, error }) {
      await requireAdmin(derived)
      return (await findPerson(derived.db, inputs.userId)) ?? error("There is no such person", 404)
    },
  },
  approvePerson: {
    async procedure({ inputs, derived }) {
      await administer(derived, (changes, actor) => approvePerson(changes, { ...inputs, actor }))
      // What they may do is cached with their session.
      derived.sessions.forget({ userId: inputs.userId })
      return null
    },
  },
  refusePerson: {
    procedure: ({ inputs, derived }) =>
      done(administer(derived, (changes, actor) => refusePerson(changes, { ...inputs, actor }))),
  },
  suspendPerson: {
    resources: ({ inputs }) => [resource.sessions(inputs.userId)],
    async procedure({ inputs, derived }) {
      const until = inputs.hours === undefined ? null : new Date(Date.now() + inputs.hours * hourMs)
      await administerConfirmed(derived, (changes, actor) =>
        suspendPerson(changes, { ...inputs, actor, until }),
      )
      if (inputs.deletesMessages) derived.workers.get(purgeDuty).ask()
      return null
    },
  },
  unsuspendPerson: {
    procedure: ({ inputs, derived }) =>
      done(administer(derived, (changes, actor) => unsuspendPerson(changes, { ...inputs, actor }))),
  },
  deletePerson: {
    procedure: ({ inputs, derived }) =>
      done(administerConfirmed(derived, (changes, actor) => deletePerson(changes, { ...inputs, actor }))),
  },
  endPersonSessions: {
    resources: ({ inputs }) => [resource.sessions(inputs.userId)],
    procedure: ({ inputs, derived }) =>
      done(
        administerConfirmed(derived, (changes, actor) => endPersonSessions(changes, { ...inputs, actor })),
      ),
  },
  createResetLink: {
    procedure: ({ inputs, derived }) =>
      administerConfirmed(derived, (changes, actor) => createResetLink(changes, { ...inputs, actor })),
  },
  removeSecondFactor: {
    resources: ({ inputs }) => [resource.sessions(inputs.userId)],
    procedure: ({ inputs, derived }) =>
      done(
        administerConfirmed(derived, (changes, actor) => removeSecondFactor(changes, { ...inputs, actor })),
      ),
  },
  getPersonSessions: {
    async procedure({ inputs, derived, error }) {
      await requireAdmin(derived)
      if (!(await findPerson(derived.db, inputs.userId))) error("There is no such person", 404)
      const sessions = await listSessions(derived.db, inputs.userId, new Date())
      return sessions.map((session) => ({
        ...session,
        userAgent: session.userAgent || null,
        ipAddress: session.ipAddress || null,
      }))
    },
  },
  setAdministrator: {
    async procedure({ inputs, derived }) {
      await administerConfirmed(derived, (changes, actor) => setAdministrator(changes, { ...inputs, actor }))
      derived.sessions.forget({ userId: inputs.userId })
      return null
    },
  },
}

export const administrationHandlers: Procedures<typeof administrationContract> = {
  ...people,

  getAllServers: {
    async procedure({ inputs, derived }) {
      await requireAdmin(derived)
      return listAllServers(derived.db, inputs)
    },
  },
  handOverServer: {
    resources: ({ inputs: { serverId } }) => [
      resource.server(serverId),
      resource.members(serverId),
      resource.auditLog(serverId),
    ],
    procedure: ({ inputs, derived }) =>
      done(administerConfirmed(derived, (changes, actor) => handOverServer(changes, { ...inputs, actor }))),
  },
  removeServer: {
    resources: ({ inputs: { serverId } }) => [resource.server(serverId), resource.channels(serverId)],
    procedure: ({ inputs, derived }) =>
      done(administerConfirmed(derived, (changes, actor) => removeServer(changes, { ...inputs, actor }))),
  },

  getInvitations: {
    async procedure({ derived }) {
      await requireAdmin(derived)
      return listInvitations(derived.db)
    },
  },
  createInvitation: {
    async procedure({ inputs, derived }) {
      const { note = "", maxUses = null, days } = inputs
      const expiresAt = days ? new Date(Date.now() + days * dayMs) : null
      return administer(derived, async ({ tx }, actor) => {
        const invitation = { note, maxUses, expiresAt, createdByName: actor.username }
        const made = await insertInvitation(tx, invitation)
        const target = { id: made.id, name: note }
        await recordInstanceAct(tx, { actor, action: "invitation.create", target })
        return made
      })
    },
  },
  revokeInvitation: {
    async procedure({ inputs, derived, error }) {
      const isRevoked = await administer(derived, async ({ tx }, actor) => {
        const revoked = await revokeInvitation(tx, inputs.id, new Date())
        const target = { id: inputs.id, name: revoked?.note ?? "" }
        if (revoked) await recordInstanceAct(tx, { actor, action: "invitation.revoke", target })
        return revoked !== undefined
      })
      return isRevoked ? null : error("There is no such invitation", 404)
    },
  },

  updateInstance: {
    async procedure({ inputs, derived }) {
      const update = async ({ tx }: ChangeSet, actor: Viewer) => {
        const { isSetUp, ...before } = await findInstance(tx, derived.config)
        await updateInstance(tx, inputs)
        // The answer is no secret, but the log is read by more people than the settings.
        const { signUpAnswer: _, ...told } = inputs
        const changes = changesOf<Record<string, unknown>>(before, told)
        await recordInstanceAct(tx, { actor, action: "instance.update", changes })
      }
      await administerConfirmed(derived, update)
      // Pages offer to create a server to those who may.
      await derived.look.changed()
      return null
    },
  },
  getStorage: {
    async procedure({ derived }) {
      await requireAdmin(derived)
      return findStorage(derived.db)
    },
  },
  getOperations: {
    async procedure({ derived }) {
      await requireAdmin(derived)
      const { db, config, failures, startedAt } = derived
      const { version } = config
      return { ...(await findOperations(db)), version, startedAt, failures: [...failures] }
    },
  },
  getConfiguration: {
    async procedure({ inputs, derived }) {
      await requireAdmin(derived)
      return derived.config.explained.filter(({ name }) => (inputs.name ?? name) === name)
    },
  },
  getInstanceLog: {
    async procedure({ inputs, derived }) {
      await requireAdmin(derived)
      return listInstanceActs(derived.db, inputs)
    },
  },
}
