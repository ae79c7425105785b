import { PermissionPreviewForm } from "../../../views/permission-preview.tsx"
import { field } from "../form-fields.ts"
import { permissionTitle } from "../permissions/permission-texts.ts"
import { requireServer } from "../permissions/require.ts"
import type { Services } from "../services.ts"
import { settingsPage } from "../settings-page.tsx"
import { act, requireViewer, type Visit } from "../visit.ts"
import type { PermissionChange } from "./contract.ts"

interface Asked {
  change: PermissionChange
  /** The section of the settings that the form is in. */
  section: string
  /** The page that the form is on. */
  back: string
}

/**
 * The page that says who would gain and lose what by a submitted change, with a button to make it. `undefined`: make it now,
 * since it was confirmed there, or nobody gains or loses anything, or it would be refused anyway.
 */
export async function askFirst(
  services: Services,
  visit: Visit & { params: { serverId: string }; body?: unknown },
  { change, section, back }: Asked,
): Promise<Response | undefined> {
  if (field(visit.body, "confirmed") === "yes") return undefined

  const { serverId } = visit.params
  const { data } = await act(services, visit, "previewPermissionChange", { serverId, change })
  if (!data || (data.isComplete && data.changes.length === 0)) return undefined

  const viewer = await requireViewer(services, visit)
  const access = await requireServer(services, viewer, serverId)
  const action = new URL(visit.request.url).pathname
  const markup = (
    <PermissionPreviewForm
      action={action}
      back={back}
      fields={submittedFields(visit.body)}
      preview={data}
      titleOf={permissionTitle}
    />
  )
  return settingsPage(services, visit, { ...access, viewer, section, title: "Save this change?", markup })
}

function submittedFields(body: unknown): [string, string][] {
  return Object.entries(body ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((each): [string, string][] =>
      typeof each === "string" ? [[name, each]] : [],
    ),
  )
}
