import type { Conversation } from "../src/features/conversations/contract.ts"
import { Icon } from "./icons.tsx"
import type { PageViewer } from "./layout.tsx"
import { PeoplePicker, type PickerProps } from "./people-picker.tsx"
import { type Count, Tally } from "./reading.tsx"
import { type Places, Shell } from "./shell.tsx"
import { Time } from "./times.tsx"
import { Avatar, DialogLink, Field, FormPanel, type FormState, PanelForm } from "./ui.tsx"

/** The viewer's conversations, beside the one they are in. */
export function ConversationNav({
  conversations,
  viewer,
  currentId,
}: {
  conversations: Conversation[]
  viewer: PageViewer
  currentId?: string
}) {
  return (
    <nav id="channels" class="channels conversations" aria-label="Direct messages">
      <h2>
        <a href="/conversations">Direct messages</a>
      </h2>
      <ul>
        {conversations.map((conversation) => (
          <li>
            <ConversationLink
              conversation={conversation}
              viewer={viewer}
              isCurrent={conversation.id === currentId}
            />
          </li>
        ))}
      </ul>
      <ul class="tools-list">
        <li>
          <DialogLink href="/conversations/new">
            <Icon name="plus" /> New message
          </DialogLink>
        </li>
      </ul>
    </nav>
  )
}

interface LinkProps {
  conversation: Conversation
  viewer: PageViewer
  isCurrent?: boolean
}

function ConversationLink({ conversation, viewer, isCurrent }: LinkProps) {
  const { id, channelId, name, isMuted } = conversation
  // Who is here reads here.
  const { unread, mentions }: Count = isCurrent ? {} : countOf(conversation)
  return (
    <a
      href={`/servers/${id}/channels/${channelId}`}
      data-channel={channelId}
      class={isMuted ? "muted" : undefined}
      aria-current={isCurrent ? "page" : undefined}
    >
      <ConversationFace conversation={conversation} viewer={viewer} />
      <bdi class="name" safe>
        {name}
      </bdi>
      <Tally unread={unread} mentions={mentions} />
    </a>
  )
}

/** Of a muted one, only what mentions the viewer. */
function countOf({ unread, mentions, isMuted }: Conversation): Count {
  return { unread: isMuted ? mentions : unread, mentions }
}

/** The picture of the other person; of a group, their number. */
function ConversationFace({ conversation, viewer }: { conversation: Conversation; viewer: PageViewer }) {
  const { isGroup, people, name, id } = conversation
  if (isGroup) {
    return (
      <span class="avatar group" aria-hidden="true">
        {people.length}
      </span>
    )
  }
  const other = people.find(({ userId }) => userId !== viewer.id)
  return <Avatar userId={other?.userId ?? id} name={name} picture={other?.avatarUrl} />
}

interface PageProps extends Places {
  viewer: PageViewer
  conversations: Conversation[]
}

/** All conversations of the viewer. */
export function ConversationsPage({ viewer, conversations, ...places }: PageProps) {
  return (
    <Shell title="Direct messages" viewer={viewer} {...places} currentServerId="direct" bodyClass="home">
      <main id="main" class="page">
        <header class="page-header">
          <h1>Direct messages</h1>
          <DialogLink href="/conversations/new" class="button primary">
            <Icon name="plus" /> New message
          </DialogLink>
        </header>
        {conversations.length === 0 && (
          <p class="empty">No direct messages yet. Start one with someone from one of your servers.</p>
        )}
        <ul class="cards talks">
          {conversations.map((conversation) => (
            <li>
              <a
                href={`/servers/${conversation.id}/channels/${conversation.channelId}`}
                data-channel={conversation.channelId}
              >
                <ConversationFace conversation={conversation} viewer={viewer} />
                <span class="talk">
                  <bdi class="name" safe>
                    {conversation.name}
                  </bdi>
                  <small class="hint">
                    {conversation.lastMessageAt ? (
                      <Time at={conversation.lastMessageAt} clock={viewer.clock} />
                    ) : (
                      "No messages yet."
                    )}
                  </small>
                </span>
                <Tally {...countOf(conversation)} />
              </a>
            </li>
          ))}
        </ul>
      </main>
    </Shell>
  )
}

/** Choosing people to write to. */
export function NewConversationPanel(props: PickerProps) {
  return (
    <FormPanel title="New message">
      <p class="hint">Choose one person, or several for a group.</p>
      <PeoplePicker
        {...props}
        action="/conversations"
        searchAction="/conversations/new"
        submit="Open conversation"
      />
    </FormPanel>
  )
}

/** Adding people to a group. */
export function AddPeoplePanel({ conversation, ...props }: PickerProps & { conversation: Conversation }) {
  const address = `/conversations/${conversation.id}/people`
  return (
    <FormPanel title="Add people">
      <p class="hint">They will see earlier messages.</p>
      <PeoplePicker {...props} action={address} searchAction={address} submit="Add people" />
    </FormPanel>
  )
}

/** What can be done with a group. */
export function ConversationPanel({ conversation, state }: { conversation: Conversation; state: FormState }) {
  const address = `/conversations/${conversation.id}`
  return (
    <FormPanel title="Group">
      <PanelForm action={address} state={state} submit="Rename">
        <Field
          name="name"
          label="Name"
          hint="Leave empty to use the names of its members"
          state={state}
          maxlength={100}
          autocomplete="off"
        />
      </PanelForm>
      <ul class="links">
        <li>
          <DialogLink href={`${address}/people`}>Add people</DialogLink>
        </li>
        <li>
          <DialogLink href={`${address}/leave`} class="danger-link">
            Leave group
          </DialogLink>
        </li>
      </ul>
    </FormPanel>
  )
}

/** Leaving a group. */
export function LeaveConversationPanel({
  conversation,
  state,
}: {
  conversation: Conversation
  state: FormState
}) {
  return (
    <FormPanel title="Leave group">
      <p>
        To return to <bdi safe>{conversation.name}</bdi>, someone in the group has to add you again.
      </p>
      <PanelForm
        action={`/conversations/${conversation.id}/leave`}
        state={state}
        submit="Leave group"
        danger
      />
    </FormPanel>
  )
}
