import { isIP } from "node:net"
import { Refusal } from "../../kernel/index.ts"
import { isNamedHost } from "../../web/named-hosts.ts"
import { isPublicIp } from "../../web/public-ip.ts"
import { resource } from "../permissions/resources.ts"
import type { Derived, Procedures } from "../services.ts"
import { maxPushDevices, type PushDevice, type pushContract } from "./contract.ts"
import { importDeviceKey } from "./encryption.ts"
import { pushDeviceLimit } from "./limits.ts"
import { pushSender } from "./sender.ts"
import {
  countDevices,
  type DeviceRow,
  deleteDevice,
  findDevice,
  findIsTextShown,
  insertDevice,
  listDevices,
  renameDevice,
  updateIsTextShown,
} from "./store.ts"

const noSuchDevice = "You have no such device"

export const pushHandlers: Procedures<typeof pushContract> = {
  getPushSettings: {
    resources: ({ ctx }) => [resource.account(ctx.viewer?.id)],
    async procedure({ derived }) {
      const { id } = derived.requireAuth()
      const publicKey = await derived.workers.get(pushSender).publicKey()
      return { publicKey, isTextShown: await findIsTextShown(derived.db, id) }
    },
  },

  updatePushSettings: {
    resources: ({ ctx }) => [resource.account(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const { id } = derived.requireAuth()
      await derived.commits.note("nothing", (tx) => updateIsTextShown(tx, id, inputs.isTextShown))
      return null
    },
  },

  getPushDevices: {
    resources: ({ ctx }) => [resource.account(ctx.viewer?.id)],
    async procedure({ derived }) {
      const viewer = derived.requireAuth()
      const devices = await listDevices(derived.db, viewer.id, new Date())
      return devices.map((device) => shownDevice(device, viewer.sessionId))
    },
  },

  addPushDevice: {
    resources: ({ ctx }) => [resource.account(ctx.viewer?.id)],
    async procedure({ inputs, derived }) {
      const { id: userId, sessionId } = derived.requireAuth()
      await takeTurn(derived, userId)
      requirePublicHost(derived, inputs.endpoint)
      await importDeviceKey(inputs.p256dh).catch(() => {
        throw new Refusal("These are not the keys of a device. Reload the page, then try again", 400)
      })

      const { name = "Device", ...keys } = inputs
      const device = { id: crypto.randomUUID(), sessionId, createdAt: new Date(), name, ...keys }
      await derived.commits.decide(async (tx) => {
        await insertDevice(tx, { ...device, userId })
        if ((await countDevices(tx, userId)) > maxPushDevices)
          throw new Refusal(`You have ${maxPushDevices} devices already. Remove one first`, 400)
      })
      return shownDevice({ ...device, lastSentAt: null, lastStatus: null }, sessionId)
    },
  },

  renamePushDevice: {
    resources: ({ ctx }) => [resource.account(ctx.viewer?.id)],
    async procedure({ inputs: { id, name }, derived, error }) {
      const viewer = derived.requireAuth()
      const isRenamed = await derived.commits.note("nothing", (tx) => renameDevice(tx, viewer.id, id, name))
      return isRenamed ? null : error(noSuchDevice, 404)
    },
  },

  testPushDevice: {
    resources: ({ ctx }) => [resource.account(ctx.viewer?.id)],
    async procedure({ inputs: { id }, derived, error }) {
      const viewer = derived.requireAuth()
      await takeTurn(derived, viewer.id)
      const device = await findDevice(derived.db, viewer.id, id, new Date())
      const outcome = device && (await derived.workers.get(pushSender).test(id))
      if (!outcome) return error(noSuchDevice, 404)

      const { isAccepted, status, isGone } = outcome
      return { isAccepted, status, isGone }
    },
  },

  removePushDevice: {
    resources: ({ ctx }) => [resource.account(ctx.viewer?.id)],
    async procedure({ inputs, derived, error }) {
      const { id } = derived.requireAuth()
      const isRemoved = await derived.commits.note("nothing", (tx) => deleteDevice(tx, id, inputs.id))
      return isRemoved ? null : error(noSuchDevice, 404)
    },
  },
}

function shownDevice(
  { sessionId, endpoint, p256dh: _, auth: _auth, ...device }: DeviceRow,
  current: string,
): PushDevice {
  return { ...device, service: new URL(endpoint).host, isCurrent: sessionId === current }
}

async function takeTurn({ limits }: Derived, userId: string): Promise<void> {
  const retryAfterSeconds = await limits.get(pushDeviceLimit).take(userId)
  if (retryAfterSeconds > 0)
    throw new Refusal("You tested push too often. Wait a moment, then try again", 429, { retryAfterSeconds })
}

/** The IP of a host is checked at each delivery. */
function requirePublicHost({ config }: Derived, endpoint: string): void {
  if (isNamedHost(config.privatePushHosts, endpoint)) return
  const { protocol, hostname } = new URL(endpoint)
  const host = hostname.replace(/^\[|\]$/g, "")
  if (protocol !== "https:" || (isIP(host) > 0 && !isPublicIp(host)))
    throw new Refusal("A push service has a public address with https://", 400)
}
