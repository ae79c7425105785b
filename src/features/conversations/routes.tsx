import { Elysia } from "elysia"
import {
  AddPeoplePanel,
  ConversationPanel,
  ConversationsPage,
  LeaveConversationPanel,
  NewConversationPanel,
} from "../../../views/conversations.tsx"
import { cardPath, shownName } from "../../../views/people.ts"
import { type ProcedureError, Refusal } from "../../kernel/index.ts"
import { goTo, html } from "../../web/reply.ts"
import type { Viewer } from "../accounts/sessions.ts"
import { field, fields, formState } from "../form-fields.ts"
import { panel } from "../forms.tsx"
import { mayKnow } from "../permissions/known.ts"
import { findPlaces } from "../rooms/store.ts"
import type { Services } from "../services.ts"
import { act, requireViewer, type Visit } from "../visit.ts"
import { maxPeople } from "./contract.ts"
import { requireGroup } from "./require-group.ts"
import { findKnownPerson, listConversations, searchPeople } from "./store.ts"

type OfConversation = Visit & { params: { serverId: string } }

/** The viewer's conversations, opening one, and managing groups. Messages are in `rooms`. */
export function conversationsRoutes(services: Services) {
  const { db } = services

  return new Elysia()
    .get("/conversations", async (visit) => {
      const viewer = await requireViewer(services, visit)
      const places = await findPlaces(db, viewer.id)
      const conversations = await listConversations(db, viewer.id)
      const page = <ConversationsPage viewer={viewer} {...places} conversations={conversations} />
      return html(visit.request, String(page))
    })
    .get("/conversations/new", (visit) => {
      const { searchParams } = new URL(visit.request.url)
      return choose(visit, searchParams.get("search") ?? "", searchParams.getAll("with"))
    })
    .post("/conversations", async (visit) => {
      await requireViewer(services, visit)
      const userIds = fields(visit.body, "with")
      const { success, data, error } = await act(services, visit, "openConversation", { userIds })
      if (success) return goTo(visit.request, `/servers/${data.id}/channels/${data.channelId}`)

      return choose(visit, field(visit.body, "search"), userIds, error)
    })
    .get("/conversations/:serverId", (visit) => settings(visit))
    .post("/conversations/:serverId", async (visit) => {
      const { conversation } = await groupOf(visit)
      const name = field(visit.body, "name")
      const inputs = { conversationId: conversation.id, name }
      const { success, error } = await act(services, visit, "renameConversation", inputs)
      if (success) return goTo(visit.request, addressOf(conversation))

      return settings(visit, { ...formState(error, { name }) }, error)
    })
    .get("/conversations/:serverId/people", (visit) => {
      const { searchParams } = new URL(visit.request.url)
      return add(visit, searchParams.get("search") ?? "", searchParams.getAll("with"))
    })
    .post("/conversations/:serverId/people", async (visit) => {
      const { conversation } = await groupOf(visit)
      const userIds = fields(visit.body, "with")
      const inputs = { conversationId: conversation.id, userIds }
      const { success, error } = await act(services, visit, "addToConversation", inputs)
      if (success) return goTo(visit.request, addressOf(conversation))

      return add(visit, field(visit.body, "search"), userIds, error)
    })
    .get("/conversations/:serverId/leave", async (visit) => {
      const { viewer, conversation } = await groupOf(visit)
      const markup = <LeaveConversationPanel conversation={conversation} state={{}} />
      return panel(visit, viewer, { title: "Leave group", markup })
    })
    .post("/conversations/:serverId/leave", async (visit) => {
      const { viewer, conversation } = await groupOf(visit)
      const inputs = { conversationId: conversation.id }
      const { success, error } = await act(services, visit, "leaveConversation", inputs)
      if (success) return goTo(visit.request, "/conversations")

      const markup = <LeaveConversationPanel conversation={conversation} state={formState(error, {})} />
      return panel(visit, viewer, { title: "Leave group", markup, error })
    })
    .get("/people/:userId", async (visit) => {
      const viewer = await requireViewer(services, visit)
      if (!(await mayKnow(db, viewer.id, visit.params.userId)))
        throw new Refusal("There is no such person", 404)
      return goTo(visit.request, cardPath(visit.params.userId))
    })

  async function groupOf(visit: OfConversation) {
    const viewer = await requireViewer(services, visit)
    return { viewer, conversation: await requireGroup(services, viewer, visit.params.serverId) }
  }

  async function settings(
    visit: OfConversation,
    state?: Parameters<typeof ConversationPanel>[0]["state"],
    error?: ProcedureError,
  ) {
    const { viewer, conversation } = await groupOf(visit)
    // What it is called by its people is not its name.
    const names = conversation.people.filter(({ userId }) => userId !== viewer.id).map(shownName)
    const name = conversation.name === names.join(", ") ? "" : conversation.name
    const markup = <ConversationPanel conversation={conversation} state={state ?? { values: { name } }} />
    return panel(visit, viewer, { title: "Group", markup, error })
  }

  async function choose(visit: Visit, search: string, ids: string[], error?: ProcedureError) {
    const viewer = await requireViewer(services, visit)
    const props = await pick(viewer, search, ids, error)
    return panel(visit, viewer, { title: "New message", markup: <NewConversationPanel {...props} />, error })
  }

  async function add(visit: OfConversation, search: string, ids: string[], error?: ProcedureError) {
    const { viewer, conversation } = await groupOf(visit)
    const { found, ...props } = await pick(viewer, search, ids, error)
    const inIt = new Set(conversation.people.map(({ userId }) => userId))
    const others = found.filter(({ userId }) => !inIt.has(userId))
    const markup = <AddPeoplePanel conversation={conversation} found={others} {...props} />
    return panel(visit, viewer, { title: "Add people", markup, error })
  }

  /** Whom a search finds, beside those who are chosen already. */
  async function pick(viewer: Viewer, asked: string, ids: string[], error?: ProcedureError) {
    const search = asked.slice(0, 100)
    const known = await Promise.all(ids.slice(0, maxPeople).map((id) => findKnownPerson(db, viewer.id, id)))
    return {
      search,
      found: await searchPeople(db, viewer.id, search),
      chosen: known.filter((person) => person !== undefined),
      state: error ? formState(error, { search }) : {},
    }
  }
}

function addressOf({ id, channelId }: { id: string; channelId: string }): string {
  return `/servers/${id}/channels/${channelId}`
}
