/** The channels and categories of a server in their order, as far as they are to be moved. */
export interface Order {
  categories: { id: string }[]
  channels: { id: string; categoryId: string | null }[]
}

/** All positions, as `moveChannels` takes them. */
export interface Positions {
  categories: { id: string; position: number }[]
  channels: { id: string; position: number; categoryId: string | null }[]
}

/**
 * The order after one step of a channel or category. A channel at the end of its category goes on into the next one; what is
 * first or last already stays.
 */
export function moved(order: Order, id: string, step: -1 | 1): Order {
  const at = order.categories.findIndex((category) => category.id === id)
  if (at >= 0) return { ...order, categories: swapped(order.categories, at, at + step) }

  const channel = order.channels.find((one) => one.id === id)
  if (!channel) return order

  const among = order.channels.filter(({ categoryId }) => categoryId === channel.categoryId)
  const place = among.indexOf(channel)
  const neighbour = among[place + step]
  if (neighbour) {
    const { channels } = order
    return { ...order, channels: swapped(channels, channels.indexOf(channel), channels.indexOf(neighbour)) }
  }
  const groups = [null, ...order.categories.map((category) => category.id)]
  const categoryId = groups[groups.indexOf(channel.categoryId) + step]
  if (categoryId === undefined) return order

  const others = order.channels.filter((one) => one !== channel)
  const arrived = { ...channel, categoryId }
  return { ...order, channels: step === 1 ? [arrived, ...others] : [...others, arrived] }
}

/** Numbers the order from 1: the channels of each category by themselves. */
export function positionsOf({ categories, channels }: Order): Positions {
  const groups = Map.groupBy(channels, ({ categoryId }) => categoryId)
  return {
    categories: categories.map(({ id }, index) => ({ id, position: index + 1 })),
    channels: [...groups.values()].flatMap((group) =>
      group.map(({ id, categoryId }, index) => ({ id, categoryId, position: index + 1 })),
    ),
  }
}

function swapped<Item>(list: Item[], a: number, b: number): Item[] {
  const [first, second] = [list[a], list[b]]
  if (first === undefined || second === undefined) return list

  return list.with(a, second).with(b, first)
}
