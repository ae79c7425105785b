import { allIn, enableDragging } from "./dragging.js"

const address = "/account/servers"

/** Orders the viewer's servers by dragging one: beside every page, and on the page of their order. */
export class ServerOrder {
  #list
  /** The order before the drag. */
  #before = ""

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#list = list
    list.addEventListener("dragstart", () => {
      this.#before = this.#order()
    })
    enableDragging(list, {
      over: (dragged, event) => this.#over(dragged, event),
      end: () => this.#send(),
    })
  }

  /**
   * @param {HTMLElement} dragged
   * @param {DragEvent} event
   */
  #over(dragged, event) {
    const [own, over] = [itemOf(dragged), itemOf(event.target)]
    if (!own || !over) return

    event.preventDefault()
    if (own === over) return
    // The list is a column, or on narrow screens a row.
    const isAfter = own.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING
    over[isAfter ? "after" : "before"](own)
  }

  #send() {
    const order = this.#order()
    if (order === this.#before) return

    const form = document.getElementById("server-order")
    const field = form instanceof HTMLFormElement ? form.elements.namedItem("order") : null
    if (form instanceof HTMLFormElement && field instanceof HTMLInputElement) {
      field.value = order
      form.submit()
      // Updates other pages, and the lists of this one.
    } else htmx.ajax("POST", address, { target: "#servers", swap: "none", values: { order } })
  }

  #order() {
    return allIn(this.#list, "[data-server]")
      .map(({ dataset: { server } }) => server)
      .join()
  }
}

/**
 * The item of a server that an element is in.
 * @param {EventTarget | null} element
 */
function itemOf(element) {
  const item = element instanceof Element ? element.closest("li") : null
  return item?.matches("[data-server], :has([data-server])") ? item : null
}
