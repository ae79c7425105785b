import { deviceName } from "../../../views/devices.ts"
import { BackupCodesPage } from "../../../views/new-authenticator.tsx"
import { SecondFactorPage } from "../../../views/second-factor.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html, retryHeaders } from "../../web/reply.ts"
import { formState } from "../form-fields.ts"
import { listServers } from "../servers/store.ts"
import type { Services } from "../services.ts"
import { act, findConfirmationWays, orThrow, requireViewer, type Visit } from "../visit.ts"

const doneBy: Record<string, string> = {
  authenticator: "The authenticator app is set up.",
  removed: "The authenticator app is removed.",
  device: "This device is no longer trusted.",
  passkey: "The passkey is added.",
  "passkey-renamed": "The passkey has a new name.",
  "passkey-removed": "The passkey is removed.",
}

/** What is set up, and forms to change it. */
export async function overview(services: Services, visit: Visit, error?: ProcedureError): Promise<Response> {
  const around = await surroundings(services, visit)
  const factor = orThrow(await act(services, visit, "getSecondFactor", null))
  const passkeys = orThrow(await act(services, visit, "getPasskeys", null))
  const { password } = await findConfirmationWays(services.db, around.viewer.id)
  const page = (
    <SecondFactorPage
      {...around}
      factor={factor}
      hasPassword={password}
      done={doneBy[queryField(visit, "done")]}
      isNeeded={queryField(visit, "needed") !== ""}
      passkeys={passkeys}
      device={deviceName(visit.request.headers.get("user-agent"))}
      state={error ? formState(error, { password: "", code: "" }) : {}}
    />
  )
  return html(visit.request, String(page), {
    status: error?.code ?? 200,
    headers: retryHeaders(error ?? {}),
  })
}

/** New backup codes, which are shown once; without any, what was done. */
export async function newCodes(
  services: Services,
  visit: Visit,
  { codes, done }: { codes: string[]; done: string },
): Promise<Response> {
  if (codes.length === 0) return goTo(visit.request, `/account/second-factor?done=${done}`)

  const page = <BackupCodesPage {...(await surroundings(services, visit))} codes={codes} />
  return html(visit.request, String(page))
}

/** What every page of an account needs. */
export async function surroundings(services: Services, visit: Visit) {
  const viewer = await requireViewer(services, visit)
  return { viewer, servers: await listServers(services.db, viewer.id) }
}

/** A field of the query; empty when it is not there. */
export function queryField({ request }: Visit, name: string): string {
  return new URL(request.url).searchParams.get(name) ?? ""
}
