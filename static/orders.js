import { ChannelOrder } from "./channel-order.js"
import { RoleOrder } from "./role-order.js"
import { ServerOrder } from "./server-order.js"

/** Ordering by dragging, for the pages that have it. It imports nothing that every page loads too. */
export function startOrders() {
  const order = document.getElementById("channel-order")
  if (order instanceof HTMLFormElement) new ChannelOrder(order)
  const [roles, roleOrder] = [document.getElementById("roles"), document.getElementById("role-order")]
  if (roles && roleOrder instanceof HTMLFormElement) new RoleOrder(roles, roleOrder)
}

/**
 * Ordering the viewer's servers, once the pointer is over them.
 * @param {HTMLElement} list
 */
export function startServerOrder(list) {
  new ServerOrder(list)
}
