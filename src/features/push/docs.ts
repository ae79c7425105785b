import type { ProcedureDocs } from "../api/doc.ts"
import { sample } from "../api/sample.ts"
import type { pushContract } from "./contract.ts"

/** In the example's world: a device of bob. */
export const samplePushDeviceId = "6f1d2c3b-4a59-4876-8b9c-0d1e2f3a4b5c"

export const samplePushKey =
  "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"

const fails = { 404: "you have no such device" }

export const pushDocs: ProcedureDocs<typeof pushContract> = {
  getPushSettings: {
    summary: "Returns what a browser subscribes with, and what your notifications show",
    description:
      "`publicKey` is the `applicationServerKey` of `PushManager.subscribe`, as base64url. With `isTextShown` notifications show author, channel and text; without it only that there is a message.",
    examples: [{ by: "bob", input: null, output: { publicKey: samplePushKey, isTextShown: true } }],
  },
  updatePushSettings: {
    summary: "Changes what your notifications show",
    examples: [{ by: "bob", input: { isTextShown: false }, output: null }],
  },
  getPushDevices: {
    summary: "Lists your devices that get push notifications, oldest first",
    description: "A device belongs to the session that added it, and ends with it.",
    examples: [
      {
        by: "bob",
        input: null,
        output: [
          {
            ...{ id: samplePushDeviceId, name: "Phone", service: "push.example.org", createdAt: sample.at },
            ...{ lastSentAt: null, lastStatus: null, isCurrent: true },
          },
        ],
      },
    ],
  },
  addPushDevice: {
    summary: "Adds a device that gets push notifications",
    description:
      "The values are those of a `PushSubscription`. Notices are encrypted for its keys (RFC 8291), as JSON in the form of declarative Web Push. A known endpoint is replaced.",
    fails: { 429: "you have added many devices in a short time" },
    fields: {
      endpoint: "A URL with https:// at a public address",
      p256dh: "Its public key, as base64url",
      auth: "Its secret, as base64url",
      name: "By which you know it again",
    },
    examples: [
      {
        by: "bob",
        input: {
          endpoint: "https://push.example.org/send/laptop",
          p256dh: samplePushKey,
          auth: "BTBZMqHH6r4Tts7J_aSIgg",
          name: "Laptop",
        },
        output: {
          ...{ id: sample.newId, name: "Laptop", service: "push.example.org", createdAt: sample.at },
          ...{ lastSentAt: null, lastStatus: null, isCurrent: true },
        },
      },
      {
        summary: "Of the server's own network",
        by: "bob",
        input: { endpoint: "https://127.0.0.1/", p256dh: samplePushKey, auth: "BTBZMqHH6r4Tts7J_aSIgg" },
        error: { code: 400, message: "A push service has a public address with https://" },
      },
    ],
  },
  renamePushDevice: {
    summary: "Renames a device",
    fails,
    examples: [{ by: "bob", input: { id: samplePushDeviceId, name: "Old phone" }, output: null }],
  },
  testPushDevice: {
    summary: "Sends a notification to a device now",
    fails: { ...fails, 429: "you have tested devices often" },
    description: "`isGone`: the device does not exist any more, and was removed.",
    examples: [
      {
        by: "bob",
        input: { id: samplePushDeviceId },
        output: { isAccepted: false, status: "The host has no public IP address", isGone: false },
      },
    ],
  },
  removePushDevice: {
    summary: "Removes a device",
    fails,
    examples: [{ by: "bob", input: { id: samplePushDeviceId }, output: null }],
  },
}
