import { escapeHtml } from "@kitajs/html"
import { ChannelSign } from "./channel-nav.tsx"
import { Icon } from "./icons.tsx"
import { DialogLink, FormErrors } from "./ui.tsx"

/** A channel in the order of a server. */
interface OrderedChannel {
  id: string
  serverId: string
  name: string
  categoryId: string | null
  isPrivate: boolean
  isReadOnly: boolean
}

interface OrderedCategory {
  id: string
  name: string
}

interface Props {
  /** Of the server. */
  address: string
  channels: OrderedChannel[]
  categories: OrderedCategory[]
  archived: OrderedChannel[]
  error?: string
}

/**
 * A server's channels by category, to order by buttons; with a mouse also by dragging (`static/channel-order.js`), which
 * sends the same form.
 */
export function ChannelOrderForm({ address, channels, categories, archived, error }: Props) {
  const action = `${address}/settings/channels/move`
  const byCategory = Map.groupBy(channels, ({ categoryId }) => categoryId ?? "")
  const groups = [{ id: "", name: "" }, ...categories]
  return (
    <>
      <FormErrors state={{ error }} />
      <p class="actions">
        <DialogLink class="button" href={`${address}/channels/new`}>
          <Icon name="plus" /> Create channel
        </DialogLink>
        <DialogLink class="button" href={`${address}/categories/new`}>
          <Icon name="folder" /> Create category
        </DialogLink>
      </p>
      <form method="post" action={action} id="channel-order" class="channel-order">
        {/* Pressing Enter or a drag submits no move by a button. */}
        <input type="hidden" name="order" value="" />
        {groups.map(({ id, name }) => (
          <section data-category={escapeHtml(id)} draggable={id === "" ? undefined : "true"}>
            {id !== "" && <CategoryRow id={id} name={name} address={address} />}
            <ul aria-label={escapeHtml(name || "Without a category")}>
              {(byCategory.get(id) ?? []).map((channel) => (
                <ChannelRow channel={channel} />
              ))}
            </ul>
          </section>
        ))}
      </form>
      {archived.length > 0 && (
        <details class="archived">
          <summary safe>{`Archived channels (${archived.length})`}</summary>
          <ul>
            {archived.map((channel) => (
              <li>
                <a href={`${address}/channels/${channel.id}`}>
                  <Icon name="archive" />
                  <bdi class="name" safe>
                    {channel.name}
                  </bdi>
                </a>
                <DialogLink class="button quiet" href={`${address}/channels/${channel.id}/archive`}>
                  Unarchive
                </DialogLink>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function CategoryRow({ id, name, address }: OrderedCategory & { address: string }) {
  return (
    <div class="order-row" id={`category-${id}`}>
      <h2>
        <bdi class="name" safe>
          {name}
        </bdi>
      </h2>
      <DialogLink
        class="button quiet"
        href={`${address}/categories/${id}/settings`}
        label={`Settings of ${name}`}
      >
        <Icon name="sliders" />
      </DialogLink>
      <MoveButtons id={id} kind="category" name={name} />
    </div>
  )
}

function ChannelRow({ channel }: { channel: OrderedChannel }) {
  const { id, serverId, name } = channel
  return (
    <li class="order-row" id={`channel-${id}`} data-channel={id} draggable="true">
      <ChannelSign channel={channel} />
      <bdi class="name" safe>
        {name}
      </bdi>
      <DialogLink
        class="button quiet"
        href={`/servers/${serverId}/channels/${id}/settings`}
        label={`Settings of ${name}`}
      >
        <Icon name="sliders" />
      </DialogLink>
      <MoveButtons id={id} kind="channel" name={name} />
    </li>
  )
}

interface MoveProps {
  id: string
  kind: "channel" | "category" | "server"
  name: string
}

/** Moves one by a step. A channel at the end of its category moves on into the next one. */
export function MoveButtons({ id, kind, name }: MoveProps) {
  const button = (direction: "up" | "down") => (
    <button
      type="submit"
      class="quiet"
      name="move"
      value={`${kind} ${direction} ${id}`}
      aria-label={escapeHtml(`Move ${name} ${direction}`)}
      title={`Move ${direction}`}
    >
      <Icon name={direction} />
    </button>
  )
  return (
    <>
      {button("up") as "safe"}
      {button("down") as "safe"}
    </>
  )
}
