import { Elysia } from "elysia"
import { BulkBanForm, BulkBanPreview, BulkBanResult } from "../../../views/bulk-bans.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { listUsersByName } from "../accounts/store.ts"
import { field, fields, formState } from "../form-fields.ts"
import { findTarget } from "../moderation/decide-on-member.ts"
import { requireServer } from "../permissions/require.ts"
import type { ServerAccess } from "../permissions/store.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, requireViewer, type SignedInViewer, type Visit } from "../visit.ts"
import { maxBulkBans } from "./contract.ts"
import { takeBanNames } from "./limits.ts"

type OfServer = Visit & { params: { serverId: string }; body?: unknown }

/** Banning many people by their names: a form, who is found, and what came of it. */
export function bulkBanRoutes(services: Services) {
  return new Elysia()
    .get("/servers/:serverId/settings/bans/bulk", async (visit) => {
      const opened = await open(services, visit)
      return show(services, visit, opened, <BulkBanForm server={opened.server} state={{}} />)
    })
    .post("/servers/:serverId/settings/bans/bulk", async (visit) => {
      const opened = await open(services, visit)
      return field(visit.body, "confirmed") === "yes"
        ? ban(services, visit, opened)
        : preview(services, visit, opened)
    })
}

type Opened = ServerAccess & { viewer: SignedInViewer }

async function open(services: Services, visit: OfServer): Promise<Opened> {
  const viewer = await requireViewer(services, visit)
  return { viewer, ...(await requireServer(services, viewer, visit.params.serverId, "banMembers")) }
}

function show(
  services: Services,
  visit: OfServer,
  opened: Opened,
  markup: JSX.Element,
  error?: ProcedureError,
): Promise<Response> {
  return settingsPage(services, visit, {
    ...opened,
    section: "bans",
    title: "Ban many people",
    markup,
    error,
  })
}

/** The names of a text, each once: one on a line, or with commas or spaces between them. */
export function namesIn(text: string): string[] {
  const names = text.split(/[\s,;]+/).map((name) => name.replace(/^@/, "").toLowerCase())
  return [...new Set(names.filter((name) => name !== ""))]
}

async function preview(services: Services, visit: OfServer, opened: Opened): Promise<Response> {
  const { db } = services
  const { server, standing, viewer } = opened
  const values = submitted(visit)
  const names = namesIn(values.names ?? "")
  const problem =
    names.length === 0
      ? "Enter at least one name"
      : names.length > maxBulkBans
        ? `These are ${names.length} names: at most ${maxBulkBans} people are banned at once`
        : undefined
  const error = problem
    ? { code: 400, message: problem, issues: [{ path: "names", message: problem }] }
    : await takeBanNames(services.limits, viewer.id)
  if (error) {
    const form = <BulkBanForm server={server} state={formState(error, values)} />
    return show(services, visit, opened, form, error)
  }

  const users = await listUsersByName(db, names)
  const found = new Set(users.map(({ username }) => username))
  const unknown = names.filter((name) => !found.has(name))
  const banned: typeof users = []
  const refused: { username: string; why: string }[] = []
  for (const user of users) {
    const asked = { serverId: server.id, userId: user.id, action: "banMembers", outsidersToo: true } as const
    const target =
      user.id === viewer.id ? { message: "You cannot ban yourself" } : await findTarget(db, standing, asked)
    if ("message" in target) refused.push({ username: user.username, why: target.message })
    else banned.push(user)
  }
  return show(services, visit, opened, <BulkBanPreview {...{ server, banned, refused, unknown, values }} />)
}

async function ban(services: Services, visit: OfServer, opened: Opened): Promise<Response> {
  const { server } = opened
  const { reason, expiresInSeconds, deleteMessageSeconds, ...values } = submitted(visit)
  const numberIn = (text = "") => (text === "" ? undefined : Number(text))
  const { data, error } = await act(services, visit, "banMembers", {
    serverId: server.id,
    userIds: fields(visit.body, "userIds"),
    reason: reason || undefined,
    expiresInSeconds: numberIn(expiresInSeconds),
    deleteMessageSeconds: numberIn(deleteMessageSeconds),
  })
  if (error) {
    const form = <BulkBanForm server={server} state={formState(error, values)} />
    return show(services, visit, opened, form, error)
  }
  const count = data.bannedIds.length
  return show(services, visit, opened, <BulkBanResult server={server} count={count} undoId={data.undoId} />)
}

function submitted({ body }: OfServer): Record<string, string> {
  const names = ["names", "reason", "expiresInSeconds", "deleteMessageSeconds"]
  return Object.fromEntries(names.map((name) => [name, field(body, name)]))
}
