import { Elysia } from "elysia"
import { deviceName } from "../../../views/devices.ts"
import { PushPage } from "../../../views/push.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html, retryHeaders } from "../../web/reply.ts"
import { field, formState } from "../form-fields.ts"
import { listServers } from "../servers/store.ts"
import type { Services } from "../services.ts"
import { act, orThrow, refusalOf, requireViewer, type Visit } from "../visit.ts"

const address = "/account/devices-for-push"

const doneBy: Record<string, string> = {
  added: "Push is on. Test it below.",
  saved: "Saved.",
  renamed: "The device has a new name.",
  tested: "A notification is on its way to the device.",
  removed: "The device is removed.",
  gone: "The device no longer accepts notifications, so it was removed. Turn on push there again.",
}

/** The devices that get push notices, and their forms. `static/push.js` adds the browser of the page. */
export function pushRoutes(services: Services) {
  const done = ({ request }: Visit, what: string) => goTo(request, `${address}?done=${what}`)
  return new Elysia()
    .get(address, (visit) => page(services, visit))
    .post(address, async (visit) => {
      const [endpoint, p256dh, auth] = ["endpoint", "p256dh", "auth"].map((name) => field(visit.body, name))
      const name = field(visit.body, "name") || undefined
      if (!endpoint || !p256dh || !auth) return page(services, visit, needsScript)
      const { success, error } = await act(services, visit, "addPushDevice", { endpoint, p256dh, auth, name })
      return success ? done(visit, "added") : page(services, visit, error)
    })
    .post(`${address}/text`, async (visit) => {
      const isTextShown = field(visit.body, "text") !== "hidden"
      orThrow(await act(services, visit, "updatePushSettings", { isTextShown }))
      return done(visit, "saved")
    })
    .post(`${address}/:deviceId/rename`, async (visit) => {
      const inputs = { id: visit.params.deviceId, name: field(visit.body, "name") }
      const { success, error } = await act(services, visit, "renamePushDevice", inputs)
      return success ? done(visit, "renamed") : page(services, visit, error)
    })
    .post(`${address}/:deviceId/test`, async (visit) => {
      const { success, data, error } = await act(services, visit, "testPushDevice", {
        id: visit.params.deviceId,
      })
      if (!success) return page(services, visit, error)
      if (data.isGone) return done(visit, "gone")
      return data.isAccepted ? done(visit, "tested") : page(services, visit, notTaken(data.status))
    })
    .post(`${address}/:deviceId/remove`, async (visit) => {
      orThrow(await act(services, visit, "removePushDevice", { id: visit.params.deviceId }))
      return done(visit, "removed")
    })
}

async function page(services: Services, visit: Visit, error?: ProcedureError): Promise<Response> {
  const { request } = visit
  const viewer = await requireViewer(services, visit)
  if (error?.code === 404) throw refusalOf(error)

  const { publicKey, isTextShown } = orThrow(await act(services, visit, "getPushSettings", null))
  const devices = orThrow(await act(services, visit, "getPushDevices", null))
  const servers = await listServers(services.db, viewer.id)
  const markup = (
    <PushPage
      viewer={viewer}
      servers={servers}
      done={doneBy[new URL(request.url).searchParams.get("done") ?? ""]}
      state={error ? formState(error, {}) : {}}
      devices={devices}
      publicKey={publicKey}
      isTextShown={isTextShown}
      device={deviceName(request.headers.get("user-agent"))}
      clock={viewer.clock}
    />
  )
  return html(request, String(markup), { status: error?.code ?? 200, headers: retryHeaders(error ?? {}) })
}

const needsScript: ProcedureError = {
  code: 400,
  message: "Turning on push needs JavaScript, and a browser that supports push",
}

const notTaken = (status: string): ProcedureError => ({
  code: 502,
  message: `The push service of this device did not accept the notification: ${status}. Try again later, or turn on push there again`,
})
