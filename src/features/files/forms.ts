import { Refusal } from "../../kernel/index.ts"
import { idsOf } from "../form-fields.ts"
import { requireChannel } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { requireViewer, type Visit } from "../visit.ts"
import type { UploadedFile } from "./contract.ts"
import { maxFilesPerMessage } from "./message-fields.ts"
import { listUnsent, toAttachment } from "./store.ts"

/** Read from anyone who is signed in: a message without files that comes from a page without JavaScript. */
const smallBytes = 64 * 1024

/** A form has to have come by then: 10 MB at 17 KB a second. */
const maxReceiveMs = 10 * 60_000

/** A form as it came: its texts, the files in it that were stored, and why others were not. */
export interface ReceivedForm {
  fields: Record<string, string>
  /** Ids of files that were uploaded before. */
  ids: string[]
  uploaded: UploadedFile[]
  refusals: Refusal[]
}

/**
 * For routes that take files: leaves their body unread until it is known who sends it, and where to. What Elysia
 * would read itself, it would read whoever asks.
 */
export const filesLater = [
  ({ contentType }: { contentType?: string }) => (contentType === "multipart/form-data" ? {} : undefined),
]

export function isMultipart(request: Request): boolean {
  return /^multipart\/form-data\b/i.test(request.headers.get("content-type") ?? "")
}

interface Sender {
  userId: string
  /** The channel, if they may send there; throws when not. Asked before much is read, or anything stored. */
  room: () => Promise<{ id: string }>
  /** The fields that files are taken from; without it that is `files`. */
  takesFrom?(field: string): boolean
}

/** Reads a form with files, of someone who may send to that channel. Fails: 400, 413, 429, 503. */
export async function receiveForm(
  services: Services,
  { request }: Visit,
  { userId, room, takesFrom = (field) => field === "files" }: Sender,
): Promise<ReceivedForm> {
  const bytes = Number(request.headers.get("content-length"))
  if (bytes > smallBytes) await room()
  const leave = admitted(() => services.uploads.admit(userId, bytes))
  try {
    const form = await formOf(request)
    const texts = [...form].filter((entry): entry is [string, string] => typeof entry[1] === "string")
    const given = [...form].flatMap(([field, entry]) =>
      entry instanceof File && takesFrom(field) ? [entry] : [],
    )
    // A browser sends an input that was left empty as a file without name and content; Bun then leaves out the name.
    const files = given.filter((file) => file.name || file.size > 0)
    const fields = Object.fromEntries(texts)
    const received: ReceivedForm = {
      fields,
      ids: idsOf({ files: form.getAll("files") }, "files"),
      uploaded: [],
      refusals: [],
    }
    if (files.length + received.ids.length > maxFilesPerMessage) {
      received.refusals.push(new Refusal(`A message has at most ${maxFilesPerMessage} files`, 400))
      return received
    }
    if (files.length === 0) return received

    const channel = await room()
    // One after another: all of them unpacked at once would be too much.
    for (const file of files) await receive(services, userId, channel.id, file, received)
    return received
  } finally {
    leave()
  }
}

/**
 * A message with files, as a page without JavaScript sends it: the form for the contract, with ids in place of
 * files; the files, for the page that shows it again when it is refused; and why a file was refused.
 */
export async function receiveMessage(
  services: Services,
  visit: Visit & { params: { serverId: string; channelId: string } },
) {
  const viewer = await requireViewer(services, visit)
  const { fields, ids, uploaded, refusals } = await receiveForm(services, visit, {
    userId: viewer.id,
    room: async () => (await requireChannel(services, viewer, visit.params)).channel,
  })
  const kept = ids.length > 0 ? listUnsent(services.db, viewer.id, visit.params.channelId, ids) : []
  const [refusal] = refusals
  const message = refusals.map((one) => one.message).join(". ")
  return {
    form: { ...fields, files: [...ids, ...uploaded.map(({ id }) => id)] },
    files: [...kept.map(toAttachment), ...uploaded],
    refusal: refusal && {
      code: refusal.status,
      message,
      retryAfterSeconds: refusal.options.retryAfterSeconds,
    },
  }
}

/** What is written in a form whose files nobody may send; nothing of one that is larger than what people write. */
export async function readTexts(request: Request): Promise<Record<string, unknown>> {
  if (Number(request.headers.get("content-length")) > smallBytes) return {}

  return Object.fromEntries(await formOf(request))
}

type Form = Awaited<ReturnType<Request["formData"]>>

/** All of a form; whoever sends it drop by drop does not hold a place among those who send for ever. */
async function formOf(request: Request): Promise<Form> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    const tooSlow = new Refusal("This took too long to arrive. Send fewer or smaller files at a time", 408)
    timer = setTimeout(() => reject(tooSlow), maxReceiveMs)
  })
  const read = request.formData().catch(() => {
    throw new Refusal("This form could not be read. Go back and send it again", 400)
  })
  return Promise.race([read, late]).finally(() => clearTimeout(timer))
}

async function receive(
  services: Services,
  userId: string,
  channelId: string,
  file: File,
  into: ReceivedForm,
) {
  try {
    into.uploaded.push(toAttachment(await services.uploads.receive(userId, channelId, file)))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    into.refusals.push(error)
  }
}

function admitted<T>(admit: () => T): T {
  try {
    return admit()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Refusal(error.message, error.status, {
      retryAfterSeconds: error.options.retryAfterSeconds,
    })
  }
}
