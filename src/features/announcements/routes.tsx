import { Elysia } from "elysia"
import { AnnouncementSection } from "../../../views/announcements.tsx"
import type { ProcedureError } from "../../kernel/index.ts"
import { goTo, html, wantsFragment } from "../../web/reply.ts"
import { adminPage, asked, requireAdminViewer } from "../administration/page.tsx"
import { field, formState } from "../form-fields.ts"
import type { Services } from "../services.ts"
import { act, orThrow, type Visit } from "../visit.ts"

const address = "/admin/announcement"

/** Announcing, ending an announcement, and dismissing it. */
export function announcementsRoutes(services: Services) {
  return new Elysia()
    .get(address, (visit) => page(services, visit))
    .post(address, async (visit) => {
      const text = field(visit.body, "text")
      const { success, error } = await act(services, visit, "announce", { text })
      return success
        ? goTo(visit.request, `${address}?done=announce`)
        : page(services, visit, { error, text })
    })
    .post(`${address}/clear`, async (visit) => {
      orThrow(await act(services, visit, "clearAnnouncement", null))
      return goTo(visit.request, `${address}?done=clear`)
    })
    .post("/announcements/:announcementId/dismiss", async (visit) => {
      const { announcementId: id } = visit.params
      const { success, error } = await act(services, visit, "dismissAnnouncement", { id })
      // An ended one is gone as well.
      if (!success && error.code !== 404) orThrow({ success, error, data: null, resources: null })
      return wantsFragment(visit.request) ? html(visit.request, "") : goTo(visit.request, cameFrom(visit))
    })
}

async function page(
  services: Services,
  visit: Visit,
  failure?: { error: ProcedureError; text: string },
): Promise<Response> {
  const viewer = await requireAdminViewer(services, visit)
  const { announcement } = services.look.current
  const text = failure?.text ?? announcement?.text ?? ""
  const done = { announce: "The announcement is posted.", clear: "The announcement has ended." }
  const markup = (
    <AnnouncementSection
      isAnnounced={announcement !== null}
      done={done[asked(visit, "done") as keyof typeof done]}
      state={failure ? formState(failure.error, { text }) : { values: { text } }}
    />
  )
  return adminPage(services, visit, viewer, { section: "announcement", markup, error: failure?.error })
}

/** The page that a form was sent from: any of them shows the announcement. */
function cameFrom({ request }: Visit): string {
  const referrer = request.headers.get("referer") ?? ""
  if (!URL.canParse(referrer)) return "/"

  const { origin, pathname, search } = new URL(referrer)
  return origin === request.headers.get("origin") ? pathname + search : "/"
}
