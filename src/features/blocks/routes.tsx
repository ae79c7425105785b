import { Elysia } from "elysia"
import { BlockedPanel } from "../../../views/blocks.tsx"
import { cardPath } from "../../../views/people.ts"
import { goTo, wantsFragment } from "../../web/reply.ts"
import { panel } from "../forms.tsx"
import { mayKnow } from "../permissions/known.ts"
import { cardPanel } from "../profiles/card.tsx"
import type { Services } from "../services.ts"
import { act, orThrow, requireViewer, type Visit } from "../visit.ts"
import { listBlocked } from "./store.ts"
import { blockedStyles } from "./styles.ts"

type UserVisit = Visit & { params: { userId: string } }

/** Blocking and unblocking users, and the stylesheet that collapses their messages. */
export function blocksRoutes(services: Services) {
  return new Elysia()
    .get("/account/blocked.css", async (visit) => {
      const viewer = await requireViewer(services, visit)
      return blockedStyles(services.db, viewer.id, new URL(visit.request.url).searchParams.get("v"))
    })
    .get("/account/blocked", (visit) => list(visit))
    .post("/people/:userId/block", (visit) => change(visit, "blockUser"))
    .post("/people/:userId/unblock", async (visit) => {
      const isFromList = new URL(visit.request.url).searchParams.get("from") === "list"
      if (!isFromList) return change(visit, "unblockUser")

      orThrow(await act(services, visit, "unblockUser", visit.params))
      return wantsFragment(visit.request) ? list(visit) : goTo(visit.request, "/account/blocked")
    })

  async function list(visit: Visit) {
    const viewer = await requireViewer(services, visit)
    const markup = <BlockedPanel people={await listBlocked(services.db, viewer.id)} />
    return panel(visit, viewer, { title: "Blocked people", markup })
  }

  async function change(visit: UserVisit, procedure: "blockUser" | "unblockUser") {
    const viewer = await requireViewer(services, visit)
    const { userId } = visit.params
    orThrow(await act(services, visit, procedure, { userId }))
    const isKnown = await mayKnow(services.db, viewer.id, userId)
    if (!isKnown || !wantsFragment(visit.request)) {
      return goTo(visit.request, isKnown ? cardPath(userId) : "/account/blocked")
    }
    return cardPanel(services, visit, viewer, { userId })
  }
}
