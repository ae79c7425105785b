import { z } from "zod"
import { mutation, query } from "../../kernel/index.ts"

/** Devices of one person, and the length of a name, in characters. */
export const maxPushDevices = 20
export const maxDeviceNameLength = 50

const DeviceName = z
  .string()
  .trim()
  .min(1, "Enter a name")
  .max(maxDeviceNameLength, `A name has at most ${maxDeviceNameLength} characters`)

const maxEndpointLength = 1000
const notFromBrowser = "This is not a push subscription of a browser. Reload the page, then try again"

/** A browser or an installed app that accepts push notices. */
export const PushDevice = z.object({
  id: z.string(),
  name: z.string(),
  /** The host of its push service. */
  service: z.string(),
  createdAt: z.date(),
  /** When a notice was last accepted for it; `null` for never. */
  lastSentAt: z.date().nullable(),
  /** How the last attempt ended: a status such as `201`, or why there was none; `null` before the first. */
  lastStatus: z.string().nullable(),
  /** Whether it is the browser of this call. */
  isCurrent: z.boolean(),
})
export type PushDevice = z.infer<typeof PushDevice>

// Each procedure fails with 401.
export const pushContract = {
  /** Returns what a browser needs to subscribe, and what notifications show. */
  getPushSettings: query({
    input: z.null(),
    output: z.object({
      /** The `applicationServerKey`, as base64url. */
      publicKey: z.string(),
      /** Whether notices show who wrote what, and where; otherwise only that something was written. */
      isTextShown: z.boolean(),
    }),
  }),
  updatePushSettings: mutation({ input: z.object({ isTextShown: z.boolean() }), output: z.null() }),
  /** Lists the viewer's devices, oldest first, without those whose session has ended. */
  getPushDevices: query({ input: z.null(), output: z.array(PushDevice) }),
  /**
   * Adds a browser's `PushSubscription`, bound to the session of this call. An endpoint that is known already is
   * replaced, even if it was another user's. Fails: 400 (wrong keys, no public address, too many devices), 429.
   */
  addPushDevice: mutation({
    input: z.object({
      endpoint: z
        .string()
        .max(maxEndpointLength, notFromBrowser)
        .refine((url) => URL.canParse(url) && /^https?:/.test(url), notFromBrowser),
      /** Its public key and secret, as base64url. */
      p256dh: z.string().regex(/^[\w-]{87}=?$/, notFromBrowser),
      auth: z.string().regex(/^[\w-]{22}(==)?$/, notFromBrowser),
      name: DeviceName.optional(),
    }),
    output: PushDevice,
  }),
  /** Fails: 400, 404. */
  renamePushDevice: mutation({ input: z.object({ id: z.string(), name: DeviceName }), output: z.null() }),
  /** Sends a notice to a device at once and returns how that ended. One that is gone is removed. Fails: 404, 429. */
  testPushDevice: mutation({
    input: z.object({ id: z.string() }),
    output: z.object({
      isAccepted: z.boolean(),
      /** A status such as `201`, or why there was none. */
      status: z.string(),
      /** Whether the device does not exist any more, and was removed. */
      isGone: z.boolean(),
    }),
  }),
  /** Fails: 404. */
  removePushDevice: mutation({ input: z.object({ id: z.string() }), output: z.null() }),
}
