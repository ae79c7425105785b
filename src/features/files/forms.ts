import { Refusal } from "../../kernel/index.ts"
import { idsOf } from "../form-fields.ts"
import { requireChannel } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { requireViewer, type Visit } from "../visit.ts"
import type { UploadedFile } from "./contract.ts"
import { maxFilesPerMessage } from "./message-fields.ts"
import { listUnsentFiles, toAttachment } from "./store.ts"

/** Read before the permission is checked: a message without files from a page without JavaScript. */
const smallBytes = 64 * 1024

/** Longest time to receive a form: enough for 10 MB at 17 KB a second. */
const maxReceiveMs = 10 * 60_000

/** Most parts of a form: several times as many as any page sends. Making a form of 300,000 files takes seconds. */
const maxParts = 200

/** A form's text fields, its stored files, and the refusals of the others. */
export interface ReceivedForm {
  fields: Record<string, string>
  /** Ids of files that were uploaded earlier. */
  ids: string[]
  uploaded: UploadedFile[]
  refusals: Refusal[]
}

/**
 * A body parser for routes with files: leaves a multipart body unread, so that the handler can first check who sends it
 * and where to. Elysia would read the body of any client.
 */
export const unreadMultipart = [
  ({ contentType }: { contentType?: string }) => (contentType === "multipart/form-data" ? {} : undefined),
]

export function isMultipart(request: Request): boolean {
  return /^multipart\/form-data\b/i.test(request.headers.get("content-type") ?? "")
}

interface Sender {
  userId: string
  /** The channel; throws when the user may not send there. Called before a large body is read or a file stored. */
  room: () => Promise<{ id: string }>
  /** Whether a field's files are stored. Default: the field `files`. */
  isFileField?(field: string): boolean
}

/** Reads a form and stores its files for a message to the channel. Fails: 400, 408, 413, 429, 503. */
export async function receiveForm(
  services: Services,
  { request }: Visit,
  { userId, room, isFileField = (field) => field === "files" }: Sender,
): Promise<ReceivedForm> {
  const bytes = Number(request.headers.get("content-length"))
  if (bytes > smallBytes) await room()
  const release = services.uploads.admit(userId, bytes)
  try {
    const form = await readForm(request)
    const texts = [...form].filter((entry): entry is [string, string] => typeof entry[1] === "string")
    const candidates = [...form].flatMap(([field, entry]) =>
      entry instanceof File && isFileField(field) ? [entry] : [],
    )
    // A browser sends an empty file input as a file without name and content; Bun then omits the name.
    const files = candidates.filter((file) => file.name || file.size > 0)
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
    // Sequentially: decoding all pictures at once would need too much memory.
    for (const file of files) await storeFile(services, userId, channel.id, file, received)
    return received
  } finally {
    release()
  }
}

/**
 * Reads a message with files from a page without JavaScript. Returns the form with ids in place of files, the stored
 * files (shown again when the message is refused), and the refusal of the files that were not stored.
 */
export async function receiveMessage(
  services: Services,
  visit: Visit & { params: { serverId: string; channelId: string } },
) {
  const viewer = await requireViewer(services, visit)
  const { fields, ids, uploaded, refusals } = await receiveForm(services, visit, {
    userId: viewer.id,
    room: async () => (await requireChannel(services, viewer, visit.params, "attachFiles")).channel,
  })
  const earlier =
    ids.length > 0 ? await listUnsentFiles(services.db, viewer.id, visit.params.channelId, ids) : []
  const [refusal] = refusals
  const message = refusals.map(({ message }) => message).join(". ")
  return {
    form: { ...fields, files: [...ids, ...uploaded.map(({ id }) => id)] },
    files: [...earlier.map(toAttachment), ...uploaded],
    refusal: refusal && {
      code: refusal.status,
      message,
      retryAfterSeconds: refusal.options.retryAfterSeconds,
    },
  }
}

/** The text fields of a form whose files are ignored; empty for a form that is larger than any text. */
export async function readTextFields(request: Request): Promise<Record<string, unknown>> {
  if (Number(request.headers.get("content-length")) > smallBytes) return {}

  return Object.fromEntries(await readForm(request))
}

type Form = Awaited<ReturnType<Request["formData"]>>

/** Reads a whole form. The timeout stops an attacker from occupying an upload slot with a slow request. */
export async function readForm(request: Request): Promise<Form> {
  const [, quoted, plain] = request.headers.get("content-type")?.match(boundaryPattern) ?? []
  const boundary = quoted ?? plain
  if (boundary === undefined) throw unreadable()

  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<never>((_, reject) => {
    const tooSlow = new Refusal("The upload took too long. Send fewer or smaller files at a time", 408)
    timer = setTimeout(() => reject(tooSlow), maxReceiveMs)
  })
  const read = request.arrayBuffer().catch(() => {
    throw unreadable()
  })
  const body = Buffer.from(await Promise.race([read, timeout]).finally(() => clearTimeout(timer)))
  if (hasTooManyParts(body, boundary))
    throw new Refusal(`A form has at most ${maxParts} fields and files`, 400)

  // Named again, so that the form is taken apart by the boundary that was counted.
  const headers = { "content-type": `multipart/form-data; boundary="${boundary}"` }
  return new Response(body, { headers }).formData().catch(() => {
    throw unreadable()
  })
}

const unreadable = () => new Refusal("This form could not be read. Go back and send it again", 400)

/** Source: RFC 2046, section 5.1.1. */
const boundaryPattern = /;\s*boundary=(?:"([^"]{1,100})"|([^;\s"]{1,100}))/i

/** Counts the boundaries, without making anything of what is between them. */
function hasTooManyParts(body: Buffer, boundary: string): boolean {
  const separator = `--${boundary}`
  let [at, parts] = [body.indexOf(separator), 0]
  while (at >= 0 && parts <= maxParts) {
    parts++
    at = body.indexOf(separator, at + separator.length)
  }
  return parts > maxParts
}

async function storeFile(
  services: Services,
  userId: string,
  channelId: string,
  file: File,
  received: ReceivedForm,
) {
  try {
    received.uploaded.push(toAttachment(await services.uploads.receive(userId, channelId, file)))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    received.refusals.push(error)
  }
}
